"""Sealed ballots: keys held by k of n officers, sheets, casting, opening, counting (M24-7.3d).

``docs/ballots.md`` says what this protects against and what it does not.
"""
