"""What statute requires, as pure functions under their articles: no framework, no clock, no files, no network."""
