"""Calls: planned, approved, opened, closed, put off; on the calendar; and what the clock will do."""
