"""Coming in: sign-in, one-time codes, signing out, acting for another."""
