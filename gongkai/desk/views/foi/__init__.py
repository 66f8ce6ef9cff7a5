"""Screens of requests for disclosure: one module per matter."""
