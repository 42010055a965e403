"""The rules of a selection programme: pure, with no clock, no I/O and no database."""
