"""Repository checks and the test runner. Each check says why it exists in the message it prints."""
