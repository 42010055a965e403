"""When the office is open, and when it opens next, on the Shanghai clock and the State Council's calendar."""

from dataclasses import dataclass
from datetime import datetime, time

from states.calendar import SHANGHAI, Calendar, at_time, day_of


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """From ``opens`` up to but not including ``closes``, on working days."""

    opens: time
    closes: time
    calendar: Calendar

    def is_open(self, as_of: datetime) -> bool:
        """Whether the office is open at that instant."""
        now = as_of.astimezone(SHANGHAI).time()
        return self.calendar.is_working_day(day_of(as_of)) and self.opens <= now < self.closes

    def next_opening(self, as_of: datetime) -> datetime:
        """The instant (UTC) at which the office opens next; the one still to come today counts."""
        day = day_of(as_of)
        if not self.calendar.is_working_day(day) or as_of.astimezone(SHANGHAI).time() >= self.opens:
            day = self.calendar.working_days_after(day, 1).day
        return at_time(day, self.opens.hour, self.opens.minute)
