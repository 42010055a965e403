"""The area of recommending offices."""

from dashboard.area import Area

area = Area("/recommend")
