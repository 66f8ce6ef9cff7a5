"""Rules a linter does not know, read from the syntax tree. Each message says why the rule is there."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

WRITES = {"save", "create", "bulk_create", "get_or_create", "update_or_create", "bulk_update", "delete"}
# `.update(` and `.delete(` also belong to dict, set and hashes: only calls on something that ends in a manager or a
# queryset method count.
QUERYSET = {"objects", "filter", "exclude", "all", "select_for_update", "order_by", "annotate"}
RAW = {"cursor", "raw", "execute", "executemany", "extra"}
MAY_WRITE = re.compile(r"^(gongkai/[a-z_]+/actions/|gongkai/[a-z_]+/migrations/|tests/|tools/|benchmarks/)")
# Triggers and the advisory lock need SQL; the health check reads the catalogue of the database.
MAY_SQL = {"gongkai/ledger/guards.py", "gongkai/config/checkup.py"}
LONG = 400
BANNED_NAMES = {"core", "common", "utils", "helpers", "services", "managers", "requests"}


def tracked(*suffixes: str) -> list[Path]:
    """Files git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return [Path(name) for name in listed if name.endswith(suffixes) and Path(name).exists()]


def faults() -> Iterator[str]:
    """A sentence for each breach."""
    for path in tracked(".py"):
        name = path.as_posix()
        source = path.read_text(encoding="utf-8")
        yield from _names(name)
        if name.startswith("gongkai/") and "/migrations/" not in name:
            yield from _length(name, source)
        if not MAY_WRITE.match(name):
            yield from _writes(name, ast.parse(source))
    yield from _states()


def _names(name: str) -> Iterator[str]:
    for part in Path(name).with_suffix("").parts:
        if part in BANNED_NAMES:
            yield f"{name}：不用“{part}”作名字，它什么都能装，最后什么都装；请用它做的事命名。"


def _length(name: str, source: str) -> Iterator[str]:
    lines = source.count("\n")
    if lines > LONG and "# long:" not in source:
        yield f"{name}：{lines} 行，超过 {LONG} 行的文件要么拆开，要么在文件里写一行“# long: 理由”。"


def _writes(name: str, tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        called = node.func.attr
        if called in WRITES | {"update"} and _on_queryset(node, node.func.value, called):
            yield f"{name}:{node.lineno}：.{called}( 只能写在 actions/ 里：每次改动都要经过规则、记一笔事实。"
        if called in RAW and name not in MAY_SQL and _on_connection(node.func.value, called):
            yield f"{name}:{node.lineno}：SQL 只能写在 actions/ 和 migrations/ 里，别处用 ORM，换数据库才不出错。"


def _on_queryset(call: ast.Call, value: ast.expr, called: str) -> bool:
    if isinstance(value, ast.Attribute) and value.attr == "objects":
        return True
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        return value.func.attr in QUERYSET
    # A bare name: a row is saved without positional arguments, a workbook or document with the place it goes to.
    return called == "save" and isinstance(value, ast.Name) and not call.args


def _on_connection(value: ast.expr, called: str) -> bool:
    if called in ("raw", "extra"):
        return isinstance(value, ast.Attribute) and value.attr == "objects"
    return isinstance(value, ast.Name) and value.id in {"connection", "cursor"}


def _states() -> Iterator[str]:
    """Only actions/moving.py and the actions that lock an item assign its states."""
    assigned = re.compile(r"\bitem\.(work|public)\s*=[^=]")
    for path in tracked(".py"):
        name = path.as_posix()
        if name.startswith("gongkai/") and name != "gongkai/disclosure/actions/moving.py":
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
                if assigned.search(line):
                    yield f"{name}:{number}：状态只由 disclosure/actions/moving.py 按 law/moves.py 的表改变。"
