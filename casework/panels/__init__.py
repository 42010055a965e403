"""Panels of experts: planned, drawn in public, invited, sworn to secrecy, and led by timers to the vote (M24-7.3b to d)."""
