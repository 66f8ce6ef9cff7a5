"""Append-only facts: audit trail, timeline and outbox in one."""
