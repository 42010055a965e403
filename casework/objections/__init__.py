"""Objections raised during publicity: received, acknowledged, investigated within a limit, decided, answered (D-2)."""
