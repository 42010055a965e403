"""The table of cases, one case, and the moves made from its page."""
