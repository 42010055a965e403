"""The outbox: letters by state, one letter, holding, rewording, sending again, and what every letter says to whom."""
