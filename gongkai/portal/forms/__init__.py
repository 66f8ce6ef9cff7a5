"""The shape of what visitors type. Whether it is lawful is for the actions to say."""
