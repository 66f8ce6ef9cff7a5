"""Back office: one screen per step of the work."""
