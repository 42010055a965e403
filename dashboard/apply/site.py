"""The area of applicants."""

from dashboard.area import Area

area = Area("/apply")
