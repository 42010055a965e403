"""Batches made on the pages: chosen, previewed and frozen, run apart, and accounted for line by line (law 7)."""
