"""Every page of recommending offices, by what it is about."""

from dashboard.recommend import afterwards, board, importing, one
from dashboard.recommend.site import area

__all__ = ["afterwards", "area", "board", "importing", "one"]
