"""What the screens of requests show."""
