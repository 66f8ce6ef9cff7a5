"""docs/glossary.md is true: every identifier is in the code, and every code of the tables of law has its row."""

from __future__ import annotations

import ast
import importlib
import re
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

from gongkai.law import deadlines, foi_moves, headings, moves, negative_list, replies, review, roles

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (?P<term>[^|]+?) \| `(?P<identifier>[^`|]+)` \| (?P<article>[^|]+?) \|$")
IDENTIFIER = re.compile(r'(?P<path>[\w.]+?)(?:\["(?P<code>[^"]+)"\])?')

PLAN = importlib.import_module("gongkai.review.migrations.0003_default_plan").STEPS
# Where a table is → what its rows are called and rest on, by permanent code; "" is no article.
TABLES: dict[str, dict[str, tuple[str, str]]] = {
    "law.roles.ROLES": {r.code: (r.title, r.article) for r in roles.ROLES},
    "law.moves.WORK": {code: (title, "") for code, title in moves.WORK.items()},
    "law.moves.PUBLIC": {code: (title, "") for code, title in moves.PUBLIC.items()},
    "law.moves.MOVES": {m.verb: (m.title, "") for m in moves.MOVES.values()},
    "law.moves.WITHDRAWAL_REASONS": {r.code: (r.title, r.article) for r in moves.WITHDRAWAL_REASONS},
    "law.foi_moves.STATES": {code: (title, "") for code, title in foi_moves.STATES.items()},
    "law.review.VERDICTS": {code: (title, "") for code, title in review.VERDICTS.items()},
    "review.migrations.0003_default_plan.STEPS": {code: (title, "") for _, code, title, _, _ in PLAN},
    "law.negative_list.GROUNDS": {g.code: (g.title, g.article) for g in negative_list.GROUNDS},
    "law.headings.HEADINGS": {h.code: (h.short, h.article) for h in headings.HEADINGS},
    "law.headings.CITY_COUNTY_HEADINGS": {h.code: (h.short, h.article) for h in headings.CITY_COUNTY_HEADINGS},
    "law.headings.TOWNSHIP_HEADINGS": {h.code: (h.short, h.article) for h in headings.TOWNSHIP_HEADINGS},
    "law.deadlines.DEADLINES": {d.code: (d.title, d.article) for d in deadlines.DEADLINES.values()},
    "law.replies.CATEGORIES": {code: (title, "") for code, title in replies.CATEGORIES.items()},
    "law.replies.REPLIES": {r.code: (r.title, r.article) for r in replies.REPLIES},
}


def rows() -> list[tuple[str, str, str]]:
    """(term, identifier, article) of every row; a line of a table that is no row fails here."""
    found = []
    for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines():
        if not line.startswith("|") or line in ("| 词 | 标识符 | 依据 |", "| --- | --- | --- |"):
            continue
        match = ROW.match(line)
        assert match, f"这一行不是“| 词 | `标识符` | 依据 |”：{line}"
        found.append((match["term"], match["identifier"], match["article"].replace("—", "")))
    return found


ROWS = rows()


def test_there_are_rows_and_none_is_there_twice():
    assert len(ROWS) >= 60
    assert len({(term, identifier) for term, identifier, _ in ROWS}) == len(ROWS)


@pytest.mark.parametrize("table", TABLES)
def test_each_code_of_a_table_has_its_row_with_its_own_words(table: str):
    told = {i: (term, article) for term, i, article in ROWS if i.startswith(f'{table}["')}
    wanted = {f'{table}["{code}"]': row for code, row in TABLES[table].items()}
    lines = [
        f"| {term} | `{i}` | {article or '—'} |" for i, (term, article) in wanted.items() if told.get(i) != wanted[i]
    ]
    assert not lines, "docs/glossary.md 缺少或者写错：\n" + "\n".join(lines)
    assert set(told) == set(wanted), "docs/glossary.md 有代码里没有的行"


def test_every_model_has_a_row():
    models = {
        f"{m.__module__.removeprefix('gongkai.').split('.models')[0]}.models.{m.__name__}"
        for m in apps.get_models()
        if m.__module__.startswith("gongkai.")
    }
    assert models - {identifier for _, identifier, _ in ROWS} == set()


@pytest.mark.parametrize("identifier", sorted({identifier for _, identifier, _ in ROWS}))
def test_the_identifier_is_in_the_code(identifier: str):
    match = IDENTIFIER.fullmatch(identifier)
    assert match, identifier
    module, name = _module_of(match["path"])
    if name:
        assert name in _names(module), f"{module.relative_to(ROOT)} 里没有 {name}"
    if match["code"] and match["path"] not in TABLES:
        assert match["code"] in _strings(module), f"{module.relative_to(ROOT)} 里没有“{match['code']}”"


def _module_of(path: str) -> tuple[Path, str]:
    """The file of a dotted path below gongkai, and the name in it that is left over ("" for a module)."""
    parts = path.split(".")
    for cut in range(len(parts), 0, -1):
        base = ROOT.joinpath("gongkai", *parts[:cut])
        for file in (base.with_name(f"{base.name}.py"), base / "__init__.py"):
            if file.is_file() and len(parts) - cut <= 1:
                return file, parts[cut] if cut < len(parts) else ""
    raise AssertionError(f"没有 gongkai.{path} 这个模块")


@cache
def _names(file: Path) -> frozenset[str]:
    """What a module defines or takes in at its top."""
    found: set[str] = set()
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(name)
            case ast.ImportFrom(names=names):
                found |= {alias.asname or alias.name for alias in names}
            case ast.Assign(targets=targets):
                found |= {n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
            case _:
                continue
    return frozenset(found)


@cache
def _strings(file: Path) -> frozenset[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))
