"""Every page of experts and panels, by what it is about."""

from dashboard.panels import ballots, ceremony, panel, pool, recheck
from dashboard.panels.site import area

__all__ = ["area", "ballots", "ceremony", "panel", "pool", "recheck"]
