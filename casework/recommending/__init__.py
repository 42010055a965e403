"""What a recommending office does: its board, its letters in bulk, its papers on the way, its files."""
