"""Experts who come in by a personal link: they answer, read, mark and vote, without an account."""
