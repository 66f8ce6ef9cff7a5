"""The shape of what people type. Whether it is lawful is for the actions to say."""
