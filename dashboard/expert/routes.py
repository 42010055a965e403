"""Every page of experts, by what it is about."""

from dashboard.expert import answering, entering, reading, voting
from dashboard.expert.site import area

__all__ = ["answering", "area", "entering", "reading", "voting"]
