"""The verifiable draw: a frozen pool, a committed secret, public digits, tickets, seats, and a certificate."""
