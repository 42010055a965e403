"""Every page of listed institutions, by what it is about."""

from dashboard.after import changing, duties, renewing
from dashboard.after.site import area

__all__ = ["area", "changing", "duties", "renewing"]
