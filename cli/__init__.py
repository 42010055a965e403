"""What people type: the `linxuan` command."""
