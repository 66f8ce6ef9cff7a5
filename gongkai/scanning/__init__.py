"""Findings in text and files: what must not go out, where it stands, and the article that protects it."""
