"""Where departments and provinces recommend: what waits, letters in bulk, returns, papers, imports, the listed."""
