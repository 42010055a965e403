"""Supervision after listing: failings told and answered, fraud referred, random inspections (M24-15 to M24-21)."""
