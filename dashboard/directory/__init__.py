"""The directory of any day: search, one entry, its history and fees, signed extracts."""
