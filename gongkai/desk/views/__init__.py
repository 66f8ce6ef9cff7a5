"""One module per screen or step; each view parses, names the actor, reads the clock and makes one call down."""
