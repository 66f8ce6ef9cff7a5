"""First thing in a process that helps with a build: without any model imported before."""

from __future__ import annotations

import multiprocessing
import os
import threading
from multiprocessing import connection

import django


def start() -> None:
    """Django in a process of its own; the environment says which installation. It ends with the one that began it, which
    may be killed without a word: a helper left behind would write on and hold its locks."""
    django.setup()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if (parent := multiprocessing.parent_process()) is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
