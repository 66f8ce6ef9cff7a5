"""The only writers of calendars and of the batches of moved due dates."""
