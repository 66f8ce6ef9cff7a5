"""What a figure was measured on: processor, cores, memory, system, Python. No names of hosts and no paths."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import subprocess
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ROOT.parent / "shared" / "data" / "documents"


def describe() -> str:
    """A Markdown list of facts of this machine and of the load it had when asked."""
    facts = {
        "Processor": f"{processor()}, {os.cpu_count()} cores",
        "Memory": f"{memory_gib():.0f} GiB",
        "System": f"{system()}, {platform.system()} {platform.release()}, {platform.machine()}",
        "Python": f"{platform.python_implementation()} {platform.python_version()}, Django {django.get_version()}",
        "Databases": f"SQLite {sqlite3.sqlite_version}, {postgres()}",
        "Load when begun": f"{os.getloadavg()[0]:.1f} (1 minute), {os.getloadavg()[2]:.1f} (15 minutes)",
    }
    return "\n".join(f"- {name}: {value}" for name, value in facts.items())


def processor() -> str:
    """The model as the kernel names it; elsewhere what Python knows."""
    known = _first_value(Path("/proc/cpuinfo"), "model name")
    return known or platform.processor() or platform.machine()


def memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def system() -> str:
    name = _first_value(Path("/etc/os-release"), "PRETTY_NAME", "=")
    return name.strip('"') or platform.platform(terse=True)


def postgres() -> str:
    psql = shutil.which("psql")
    if psql is None:
        return "no PostgreSQL"
    said = subprocess.run([psql, "--version"], capture_output=True, text=True, check=False).stdout.split()
    return f"PostgreSQL {said[2]}" if len(said) > 2 else "PostgreSQL of unknown version"


def _first_value(file: Path, key: str, separator: str = ":") -> str:
    if not file.exists():
        return ""
    for line in file.read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(separator)
        if name.strip() == key:
            return value.strip()
    return ""
