"""docs/map.md is true: a line for every package and top folder, no line for what is not there, every page linked."""

from __future__ import annotations

import configparser
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGE = (DOCS / "map.md").read_text(encoding="utf-8")


def first_cells(heading: str) -> list[str]:
    """First column of the table under a heading, without the marks."""
    section = PAGE.split(f"\n## {heading}", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)


PARTS = set(first_cells("Inside a capability"))


def packages() -> set[str]:
    """Every package below gongkai, with its path; caches and packages that hold nothing are none."""
    return {f"{file.parent.relative_to(ROOT).as_posix()}/" for file in ROOT.glob("gongkai/*/**/__init__.py")}


def test_every_package_has_its_line_and_every_line_its_package():
    told = first_cells("In `gongkai/`")
    wanted = {package for package in packages() if Path(package).name not in PARTS}
    assert sorted(told) == sorted(wanted)


def test_the_parts_of_a_capability_are_those_in_use():
    used = {Path(package).name for package in packages()} | {file.stem for file in ROOT.glob("gongkai/*/*.py")}
    assert used >= PARTS


def test_every_top_folder_has_its_line():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    ).stdout.splitlines()  # fmt: skip
    folders = {f"{name.split('/')[0]}/" for name in listed if "/" in name and (ROOT / name).exists()}
    assert sorted(first_cells("At the root")) == sorted(folders)


def test_the_list_is_in_the_order_in_which_imports_point_down():
    layers = configparser.ConfigParser()
    layers.read(ROOT / ".importlinter", encoding="utf-8")
    rank = {
        name.strip("() "): number
        for number, line in enumerate(layers["importlinter:contract:downwards"]["layers"].split("\n"))
        for name in line.split("|")
    }
    ranks = [rank[cell.split("/")[1]] for cell in first_cells("In `gongkai/`")]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize("folder", ["howto", "adr"])
def test_every_howto_and_decision_is_linked(folder: str):
    there = {f"{folder}/{file.name}" for file in (DOCS / folder).glob("*.md")}
    assert there - set(re.findall(r"\]\(([^)#]+)", PAGE)) == set()


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")) + sorted(ROOT.glob("*.md")), ids=lambda p: p.name)
def test_every_link_to_a_file_leads_somewhere(page: Path):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = [link for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []
