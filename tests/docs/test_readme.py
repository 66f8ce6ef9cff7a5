"""The two READMEs are true: their commands and files exist, and both say the same."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")}
EACH = pytest.mark.parametrize("name", PAGES)


def headings(text: str) -> int:
    return len(re.findall(r"^## ", text, re.MULTILINE))


@EACH
def test_the_commands_are_targets_of_the_makefile(name: str):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"`[^`]*\bmake ([a-z-]+)`", PAGES[name]))
    assert {"run", "test", "check", "bench", "help"} <= named <= targets
    assert re.findall(r"^```sh\n(.*?)^```", PAGES[name], re.DOTALL | re.MULTILINE) == ["make run\nmake test\n"]


@EACH
def test_two_pictures_and_they_are_there(name: str):
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", PAGES[name])
    assert pictures == ["docs/images/home.png", "docs/images/review.png"]
    assert [p for p in pictures if not (ROOT / p).read_bytes().startswith(b"\x89PNG\r\n")] == []


@EACH
def test_the_packages_it_names_exist(name: str):
    section = PAGES[name].split("docs/map.md")[0].rsplit("## ", 1)[1]
    named = set(re.findall(r"`([a-z]+)`", section)) - {"models", "queries", "actions"}
    assert len(named) >= 13
    assert {package for package in named if not (ROOT / "gongkai" / package / "__init__.py").exists()} == set()


@EACH
def test_the_version_of_python_is_the_one_that_is_checked(name: str):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == ">=3.11"
    assert "Python 3.11" in PAGES[name]
    assert "(3, 11)" in (ROOT / "tools" / "need_python.py").read_text(encoding="utf-8")


@EACH
def test_what_the_tests_need_is_told(name: str):
    from tools.system_packages import WANTED

    words = {"postgresql": "PostgreSQL", "chromium": "Chromium", "libpangoft2-1.0-0": "Pango",
             "fonts-noto-cjk": ("font with Chinese", "中文字体")}  # fmt: skip
    assert set(words) == {package for package, _, _ in WANTED}
    for word in words.values():
        assert any(w in PAGES[name] for w in ((word,) if isinstance(word, str) else word))


def test_both_say_the_same_things_in_the_same_order():
    english, chinese = PAGES.values()
    assert headings(english) == headings(chinese)
    assert re.findall(r"\]\((docs/[^)]+|LICENSE|CHANGELOG.md)\)", english) == re.findall(
        r"\]\((docs/[^)]+|LICENSE|CHANGELOG.md)\)", chinese
    )


def test_licence_and_changelog():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert project["license"] == "Apache-2.0"
    assert "Apache License" in licence and "END OF TERMS AND CONDITIONS" in licence
    assert "\n## Unreleased\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
