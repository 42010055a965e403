"""Publicity as an object: what was posted, to the byte; how long it still runs; the notice to stamp (M24-7.4)."""
