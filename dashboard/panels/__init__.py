"""Experts, panels, draws, ballots and the recheck, for those who organise them."""
