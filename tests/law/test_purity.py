"""`law` is pure: no framework, no clock, no input or output; and every public function names its article."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gongkai.law.articles import cite, split
from tools.articles import basis_line, law_files, public_nodes

FILES = law_files()
# what a value is written out as for `gongkai law`; it decides nothing
FORMS_OF_OUTPUT = {"as_json"}
# The standard library holds clocks and doors: these may be used, and `numpy` for counting many days at once.
ALLOWED = {
    "__future__", "bisect", "calendar", "collections", "dataclasses", "datetime", "decimal", "difflib", "functools",
    "hashlib", "itertools", "math", "numpy", "operator", "re", "typing", "unicodedata",
}  # fmt: skip
CLOCKS = {"now", "today", "utcnow", "localdate", "localtime", "time", "monotonic", "perf_counter"}
DOORS = {"open", "print", "input", "exec", "eval", "compile", "__import__", "breakpoint"}
HIDDEN_STATE = {"random", "environ", "getenv", "read_text", "write_text", "read_bytes", "write_bytes"}


def breaches(source: str) -> Iterator[str]:
    """What in a source is not pure, as `line: name`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "." * node.level]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in DOORS:
            yield f"{node.lineno}: {node.func.id}"
            continue
        elif isinstance(node, ast.Attribute) and node.attr in CLOCKS | HIDDEN_STATE:
            yield f"{node.lineno}: {node.attr}"
            continue
        elif isinstance(node, ast.Global | ast.Nonlocal | ast.AsyncFunctionDef | ast.Await):
            yield f"{node.lineno}: {type(node).__name__}"
            continue
        else:
            continue
        for name in names:
            ours = name == "gongkai.law" or name.startswith("gongkai.law.")
            if not ours and name.split(".")[0] not in ALLOWED:
                yield f"{node.lineno}: {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: "/".join(path.parts[-2:]))
def test_it_reads_no_clock_and_opens_no_door(path: Path) -> None:
    assert list(breaches(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import django", ["1: django"]),
        ("from django.utils import timezone", ["1: django.utils"]),
        ("import os", ["1: os"]),
        ("from gongkai.calendars.queries import work_calendar", ["1: gongkai.calendars.queries"]),
        ("import gongkai.lawless", ["1: gongkai.lawless"]),
        ("from . import workdays", ["1: ."]),
        ("from datetime import date\ndate.today()", ["2: today"]),
        ("import time", ["1: time"]),
        ("open('x')", ["1: open"]),
        ("def f(path):\n    return path.read_text()", ["2: read_text"]),
        ("def f():\n    global x\n    x = 1", ["2: Global"]),
        ("from gongkai.law.articles import cite\nimport re", []),
    ],
)
def test_the_check_sees_what_it_should(source: str, found: list[str]) -> None:
    assert list(breaches(source)) == found


def test_allowed_modules_are_of_the_standard_library() -> None:
    assert ALLOWED - {"numpy"} <= set(sys.stdlib_module_names) | {"__future__"}


def public() -> list[tuple[str, str]]:
    """(where, what follows 依据：) of every public function."""
    found = []
    for path in FILES:
        for owner, node in public_nodes(ast.parse(path.read_text(encoding="utf-8"))):
            if node.name not in FORMS_OF_OUTPUT:
                found.append((f"{path.name}:{node.lineno} {owner} {node.name}", basis_line(node)))
    return found


def test_every_public_function_ends_with_its_basis() -> None:
    assert len(public()) > 100
    assert [where for where, basis in public() if not basis] == []


def test_every_article_named_is_known() -> None:
    unknown = []
    for where, basis in public():
        for reference in basis.split("；"):
            try:
                law, article, _, _ = split(reference)
            except ValueError:
                unknown.append(f"{where}: {reference}")
                continue
            assert cite(reference), where
            if reference != reference.strip() or (
                article is None and law in {"条例", "民法典", "行政复议法", "行政诉讼法"}
            ):
                unknown.append(f"{where}: {reference}")
    assert unknown == []


def test_a_reference_that_is_not_known_is_refused() -> None:
    for wrong in ("公开法33", "条例三十三", "条例33，条例34", ""):
        with pytest.raises(ValueError, match="无法识别的条文"):
            split(wrong)
