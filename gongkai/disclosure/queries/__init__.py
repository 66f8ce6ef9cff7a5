"""Named reads. `public` serves what anybody may see; the others serve staff."""
