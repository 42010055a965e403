"""The stuck board."""
