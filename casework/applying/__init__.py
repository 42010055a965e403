"""Applying on the web: what an institution may apply for, the form it writes, checks, files and mends."""
