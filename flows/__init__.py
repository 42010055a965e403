"""When things run: the timetable, the Prefect flows and the embedded runner."""
