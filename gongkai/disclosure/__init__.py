"""主动公开: columns, catalogue, items, versions, negative list, releases, lifecycle."""
