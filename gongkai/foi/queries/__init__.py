"""Named reads over requests."""
