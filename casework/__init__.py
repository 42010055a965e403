"""The only way a case changes: load, decide, save with audit, timers and letters, in one transaction."""
