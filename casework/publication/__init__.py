"""Publication over HTTP: what is published, to whom, and what came of every attempt (I21-4.5, M24-7.5)."""
