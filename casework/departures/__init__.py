"""Leaving by one's own will: for one occupation or all, at once or after an announced last day (M24-20c)."""
