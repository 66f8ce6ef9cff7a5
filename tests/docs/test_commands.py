"""Every `gongkai` command is spoken of in the documentation, and the documentation speaks of no other."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import typer.main

from gongkai.config.command import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def commands() -> set[str]:
    """Every command with its groups before it: {"serve", "import items", …}; hidden ones too."""
    found: set[str] = set()

    def walk(command, path: tuple[str, ...]) -> None:
        inner = getattr(command, "commands", None)
        if inner is None:
            found.add(" ".join(path))
            return
        for name, part in inner.items():
            walk(part, (*path, name))

    walk(typer.main.get_command(app), ())
    return found


COMMANDS = commands()


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_the_command_is_in_the_list_of_operate(command: str):
    """The list at the end of docs/operate.md is the one place that has them all."""
    listed = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8").split("命令一览", 1)[1]
    assert f"`gongkai {command}`" in listed


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_is_spoken_of_exists(page: Path):
    groups = {command.split()[0] for command in COMMANDS if " " in command}
    spoken = [re.match(r"[a-z-]+(?: [a-z][a-z-]*)?", words) for words in _spoken(page.read_text(encoding="utf-8"))]
    unknown = [
        found[0]
        for found in spoken
        if found and found[0] not in COMMANDS | groups and found[0].split()[0] not in COMMANDS
    ]
    assert unknown == []


def _spoken(text: str) -> list[str]:
    """What follows `gongkai ` where a page sets it as code: in a block at the start of a command, or in backticks."""
    found, inside = [], False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            inside = not inside
        elif inside:
            found += re.findall(r"(?:^\s*|\$ |bin/)gongkai ([a-z].*)", line)
        else:
            found += re.findall(r"`(?:\.venv/bin/)?gongkai ([^`]+)`", line)
    return found


def test_the_command_is_installed_under_its_name():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["scripts"] == {"gongkai": "gongkai.config.command:run"}
