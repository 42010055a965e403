"""Draws of expert panels: what was published of each, and the page that checks it in the reader's own browser."""
