"""The audit log: search, proof of its chain, export, sign-ins."""
