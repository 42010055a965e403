"""Every page of applicants, by what it is about."""

from dashboard.apply import filed, filling, home, papers
from dashboard.apply.site import area

__all__ = ["area", "filed", "filling", "home", "papers"]
