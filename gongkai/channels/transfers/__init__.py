"""条例25: lists of what is handed over to archives, libraries and service halls, as lines, as a sheet and on paper."""
