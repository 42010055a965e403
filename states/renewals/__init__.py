"""Renewal as an application: window, report, what is checked of both, how activity is averaged (M24-9.1 to M24-9.5)."""
