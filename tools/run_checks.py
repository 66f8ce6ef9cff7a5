"""`make check`: style, layers, types, repository checks, documentation. Runs in under a minute."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from tools import private_words, repository_rules

COMMANDS = (
    ("代码风格", ["ruff", "check", "."]),
    ("代码格式", ["ruff", "format", "--check", "."]),
    ("分层", ["lint-imports", "--no-cache"]),
    ("类型", ["mypy"]),
    ("迁移", ["python", "-m", "django", "makemigrations", "--check", "--dry-run", "--verbosity", "0"]),
    ("文档", ["python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/docs"]),
)


def main() -> int:
    failed = []
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "gongkai.config.settings.test"}
    for title, command in COMMANDS:
        begun = time.monotonic()
        done = subprocess.run([f"{sys.prefix}/bin/{command[0]}", *command[1:]], check=False, env=environment)
        print(f"{'通过' if done.returncode == 0 else '未过'}  {title}  {time.monotonic() - begun:.1f} 秒", flush=True)
        if done.returncode:
            failed.append(title)
    for title, faults in (("仓库规则", repository_rules.faults()), ("用词", private_words.faults())):
        found = list(faults)
        for fault in found:
            print(fault)
        print(f"{'未过' if found else '通过'}  {title}", flush=True)
        if found:
            failed.append(title)
    if failed:
        print(f"检查未过：{'、'.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
