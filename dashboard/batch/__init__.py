"""Batches: choose, preview, run, and what became of each case."""
