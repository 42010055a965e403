"""Publicity as everybody reads it, and objections from anybody."""
