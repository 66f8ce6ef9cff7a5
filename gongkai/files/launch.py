"""Start a program of the system under limits: `python -m gongkai.files.launch MEMORY SECONDS FILE PROGRAM …`.

It gets no network where the kernel allows to take it away, and none of the server's environment.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000


def main() -> None:
    memory, seconds, file = (int(number) for number in sys.argv[1:4])
    ctypes.CDLL(None, use_errno=True).unshare(_NEW_USER | _NEW_NETWORK)  # refused in some containers
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file, file))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.execv(sys.argv[4], sys.argv[4:])  # noqa: S606


if __name__ == "__main__":
    main()
