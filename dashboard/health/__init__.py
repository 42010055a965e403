"""How the installation stands: clock, post, runner, checks; in words for staff, as JSON for programs."""
