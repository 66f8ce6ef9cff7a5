"""Nothing in the repository names a machine's folders, a download address or a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tools.repository_rules import tracked

PATTERNS = (
    (re.compile(r"(?<![\w.-])/(work|home|root|Users)/[\w.-]+"), "写了某台机器的路径"),
    (re.compile(r"https?://[\w.-]*(pypi|pythonhosted|npmjs|debian)\.[a-z]+"), "写了软件源的地址"),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"), "写了私钥"),
    (re.compile(r"--(extra-)?index-url|--find-links"), "写了软件源的参数"),
)
SELF = Path("tools/private_words.py")


def faults() -> Iterator[str]:
    """A sentence for each place."""
    for path in tracked(
        ".py", ".md", ".txt", ".in", ".toml", ".html", ".css", ".js", ".yml", ".cfg", ".sh", "Makefile", "run"
    ):
        if path == SELF:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            for pattern, fault in PATTERNS:
                if pattern.search(line):
                    yield f"{path}:{number}：{fault}，换一台机器就不对了。"
