"""Letters: their templates, their rendering and the channels they leave by."""
