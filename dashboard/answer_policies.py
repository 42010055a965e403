"""Policies of answers that need more than the usual one, or should have less."""

DRAWING = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'"
    " data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The diagram viewer writes styles into its elements."""
SEALED = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
)
"""Somebody's upload, looked at: nothing in it runs or reaches anything."""
