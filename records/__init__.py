"""What is kept: tables, engine, session and migrations."""
