"""Papers to print and sign, as Word files: the draw record, the declaration, the count, the report, the submission."""
