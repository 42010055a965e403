"""The area of cases: importing its modules puts their routes on the router."""

from dashboard.cases import case, moving, papers, table
from dashboard.cases.area import area

__all__ = ["area", "case", "moving", "papers", "table"]
