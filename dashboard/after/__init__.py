"""After listing, for the institution itself: renewal, yearly duties, changes of particulars, leaving."""
