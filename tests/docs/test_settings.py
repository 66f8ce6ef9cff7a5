"""docs/operate.md names every environment variable that is read, with the default it has, and no other."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `([A-Z0-9_]+)` \| ([^|]+?) \|", PAGE, re.MULTILINE))
# Their default is made at the start; the page says how in words.
MADE = {"GONGKAI_HOME", "DATABASE_URL"}


def variables() -> dict[str, str | None]:
    """Name → default as text (None where it is not a plain value) of everything gongkai reads from the environment."""
    found: dict[str, str | None] = {}
    for file in sorted(ROOT.glob("gongkai/**/*.py")):
        if file.name == "test.py" and file.parent.name == "settings":
            continue  # the tests give themselves a temporary home
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in (
                "os.environ.get", "os.environ.setdefault", "os.getenv",
            ):  # fmt: skip
                name, *default = node.args
                if not isinstance(name, ast.Constant):
                    continue  # a check that goes over names which settings read themselves
                found[ast.literal_eval(name)] = str(ast.literal_eval(default[0])) if default else None
            elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
                found[ast.literal_eval(node.slice)] = None
            elif isinstance(node, ast.arg) and node.annotation and "envvar=" in ast.unparse(node.annotation):
                name = re.search(r"envvar='(\w+)'", ast.unparse(node.annotation))
                assert name, f"{file}: envvar that is not a plain name"
                found[name[1]] = None
    return found


VARIABLES = variables()


def test_something_was_read():
    assert {"GONGKAI_HOME", "DATABASE_URL", "SECRET_KEY", "PORT", "SITE_NAME"} <= set(VARIABLES)


def test_every_variable_has_its_row_and_every_row_its_variable():
    assert sorted(ROWS) == sorted(VARIABLES)


def test_the_defaults_are_those_of_the_code():
    told = {name: "" if cell == "空" else cell.strip("`") for name, cell in ROWS.items()}
    wrong = {
        name: (told[name], default)
        for name, default in VARIABLES.items()
        if default is not None and name not in MADE and told.get(name) != default
    }
    assert wrong == {}


def test_defaults_that_law_leaves_open_carry_their_mark():
    settings = (ROOT / "gongkai" / "config" / "settings" / "base.py").read_text(encoding="utf-8")
    marked = re.findall(r"^# \[([IM])\].*\n(?:#.*\n)*[A-Z_]+ = .*?\"([A-Z_]+)\"", settings, re.MULTILINE)
    assert marked
    for mark, name in marked:
        line = next(line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |"))
        assert f"[{mark}]" in line


def test_the_refusals_of_production_are_told():
    production = (ROOT / "gongkai" / "config" / "settings" / "production.py").read_text(encoding="utf-8")
    for name in re.findall(r"ImproperlyConfigured\(\"缺少 ([A-Z_]+)：", production):
        assert re.search(rf"缺少[^。]*`{name}`[^。]*拒绝启动", PAGE), name
