"""Values of the screens, assembled from the queries of the capabilities. Plain functions without state."""
