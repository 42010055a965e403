"""Who comes in, and what each may do: the policy, accounts' sessions, second factors, acting for another."""
