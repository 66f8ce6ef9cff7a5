"""Say clearly when Python is too old, before anything is installed with it. Runs on any Python 3."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 -- this file is the check itself
    sys.exit(
        "需要 Python 3.11 或更高版本，现在是 {}.{}。请安装后再试，例如：PYTHON=python3.11 make run".format(
            *sys.version_info[:2]
        )
    )
try:
    import venv  # noqa: F401
except ImportError:
    sys.exit("缺少 Python 的 venv 模块。在 Debian、Ubuntu 上请安装：apt-get install python3-venv")
