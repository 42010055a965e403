"""Where an institution applies: the form online, papers, checking, filing, progress, correction, letters."""
