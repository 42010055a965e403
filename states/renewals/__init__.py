"""Renewal as an application: its window, its report, what is checked of both, and how activity is averaged (M24-9.1 to M24-9.5)."""
