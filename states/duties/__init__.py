"""Duties after listing: what is owed, when, and how the figures that are reported fit together."""
