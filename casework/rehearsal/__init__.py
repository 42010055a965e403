"""A call's whole life in simulated time: what the clock will do, whom it will write to, what will be refused."""
