"""What waits for me, and my account."""
