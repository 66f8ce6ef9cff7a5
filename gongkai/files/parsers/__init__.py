"""Parsers of foreign files. They run only in the child of `sandbox`; nothing else imports them."""
