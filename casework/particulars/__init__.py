"""What an institution is called and how it is reached: asked to be changed, decided, and known for any past day (M24-20c)."""
