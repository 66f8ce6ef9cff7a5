"""Organs, sections, posts, people; who may do what."""
