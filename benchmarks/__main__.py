"""All measurements, one part after another, as Markdown.

    python -m benchmarks [part …] [--quick] [--write] [option of the part …]

Without a part all run. --quick asks each for its smallest run, to see that it works; its figures mean nothing.
--write puts the results, with the machine and the day, into benchmarks/README.md; without it nothing is written.
Other options go to the part, of which one must be named then: python -m benchmarks web --profile
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import DOCUMENTS, ROOT, describe

README = Path(__file__).with_name("README.md")


@dataclass(frozen=True)
class Part:
    """A module of this folder. `quick` are its arguments for the smallest run, None where there is no small one."""

    quick: tuple[str, ...] | None
    real: bool = False  # measures on real documents only


PARTS = {
    "dates": Part(("--quick",)),
    "scan": Part(("--rounds", "1", "--megabytes", "0.1", "--part", "speed")),
    "search": Part(("300",)),
    "retrieval": Part(None, real=True),
    "imports": Part(("--quick",)),
    "recompute": Part(("--quick",)),
    "foi": Part(("--quick",)),
    "web": Part(("--quick",)),
    "static_site": Part(("--quick",)),
}


def main(arguments: list[str]) -> int:
    if {"-h", "--help"} & set(arguments):
        print(f"{__doc__}\nParts: {' '.join(PARTS)}")
        return 0
    chosen = [a for a in arguments if a in PARTS]
    quick, write = "--quick" in arguments, "--write" in arguments
    further = [a for a in arguments if a not in PARTS and a not in ("--quick", "--write")]
    if further and len(chosen) != 1:
        print(f"{' '.join(further)}: no part of that name. Parts: {' '.join(PARTS)}", file=sys.stderr)
        return 2
    if write and (quick or further):
        print("--write keeps whole runs only: leave out --quick and options of a part.", file=sys.stderr)
        return 2
    about = describe()
    if write and chosen and not _same_machine(about):
        print("README.md holds results of another machine: run all parts with --write.", file=sys.stderr)
        return 2
    print(f"# Measurements\n\n{about}\n", flush=True)
    failed = [name for name in chosen or PARTS if not _measure(name, quick, further, write)]
    if write:
        _insert("machine", about)
    if failed:
        print(f"Failed: {' '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _measure(name: str, quick: bool, further: list[str], write: bool) -> bool:
    """Run one part in a process of its own; False when it failed."""
    part = PARTS[name]
    print(f"## {name}\n", flush=True)
    if part.real and not DOCUMENTS.is_dir():
        print("Not measured: no ../shared/data/documents beside the checkout.\n", flush=True)
        return True
    if quick and part.quick is None:
        print("Not measured: this part has no quick run.\n", flush=True)
        return True
    options = [*(part.quick or ()), *further] if quick else further
    load, begun, said = os.getloadavg()[0], time.monotonic(), ""
    command = [sys.executable, "-m", f"benchmarks.{name}", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            said += line
    took = time.monotonic() - begun
    print(f"\n{name}: {took:.0f} s\n", flush=True)
    if process.returncode == 0 and write:
        today = time.strftime("%Y-%m-%d")
        _insert(name, f"Measured {today} in {took:.0f} s, load when begun {load:.1f}.\n\n{_lowered(said)}")
    return process.returncode == 0


def _lowered(said: str) -> str:
    """Headings of a part stand below its heading in the README."""
    return re.sub(r"^#{1,3} ", "#### ", said.strip(), flags=re.M)


def _block(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<=<!-- results: {name} -->\n).*?(?=<!-- end: {name} -->)", re.S)


def _insert(name: str, text: str) -> None:
    """Put text between the two marks of a part. Raises ValueError when the marks are not there."""
    old = README.read_text(encoding="utf-8")
    if not _block(name).search(old):
        raise ValueError(f"README.md has no place for {name}")
    README.write_text(_block(name).sub(lambda match: f"\n{text}\n\n", old), encoding="utf-8")


def _same_machine(about: str) -> bool:
    """Nothing was written yet, or it was here; the load does not matter."""
    found = _block("machine").search(README.read_text(encoding="utf-8"))
    kept = found.group().strip() if found else ""
    return "Processor" not in kept or kept.rpartition("\n")[0] == about.rpartition("\n")[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
