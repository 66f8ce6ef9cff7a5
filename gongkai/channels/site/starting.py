"""First thing in a process that helps with a build: without any model imported before."""

from __future__ import annotations

import django


def start() -> None:
    """Django in a process of its own; the environment says which installation."""
    django.setup()
