"""The pull API: what is public, as JSON, for platforms and readers that follow it. Versioned; one shape of errors."""
