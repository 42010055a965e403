"""The public front page, and the clauses everything is decided by."""
