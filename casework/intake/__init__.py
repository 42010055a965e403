"""How applications come in: reading forms and sheets, walking folders, writing blank and sample forms."""
