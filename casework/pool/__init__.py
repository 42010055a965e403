"""The pool of experts: imported, listed, suspended and retired (M24-7.3c)."""
