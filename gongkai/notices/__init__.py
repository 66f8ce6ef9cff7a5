"""Mail and SMS to one applicant at a time about the steps of their request; queued, retried, seen."""
