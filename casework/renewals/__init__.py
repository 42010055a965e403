"""Renewal applications: prefilled, filled in, filed, returned, corrected, reviewed and decided (M24-9.1 to M24-9.5)."""
