"""The router of the area of cases; its routes stand in the modules named for what they show."""

from dashboard.area import Area

area = Area()
