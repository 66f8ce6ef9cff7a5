"""Which function carries out which article, and which tests hold it: `python -m tools.articles` writes docs/articles.md.

Read from the syntax trees alone: the `依据：` line that ends the docstring of each public function of `gongkai/law`,
and the tests that name the function (or the word under which a table of `law` keeps it).
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gongkai.law.articles import LAWS, chinese_number, cite, split

ROOT = Path(__file__).resolve().parents[1]
LAW = ROOT / "gongkai" / "law"
TESTS = ROOT / "tests"
PAGE = ROOT / "docs" / "articles.md"
BASIS = "依据："
MOST_NAMED = 4  # of many callers the first tell enough

HEAD = """# 条文、函数和测试

`gongkai/law` 的每个公开函数都在说明的最后一行写明依据。本页由这些行生成，请不要手改；改了函数或者测试以后运行
`python -m tools.articles`。“经由”是指没有测试直接点名，由列出的函数或者部分调用。
"""


@dataclass(frozen=True)
class Function:
    """A public function, or a public method of a public class, of `law`."""

    module: str
    owner: str  # class, or empty
    name: str
    references: tuple[str, ...]
    path: Path

    @property
    def qualified(self) -> str:
        """reply_clock.engine.reply_clock, workdays.WorkCalendar.add: without `gongkai.law.`"""
        return ".".join(part for part in (self.module.removeprefix("gongkai.law."), self.owner, self.name) if part)


def law_files() -> list[Path]:
    return sorted(LAW.rglob("*.py"))


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def basis_line(node: ast.FunctionDef) -> str:
    """What follows 依据： in the last line of the docstring; empty when the last line is another."""
    lines = (ast.get_docstring(node) or "").strip().splitlines()
    last = lines[-1].strip() if lines else ""
    return last.removeprefix(BASIS) if last.startswith(BASIS) else ""


def public_nodes(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """(class or empty, node): functions of the module and methods of its classes, neither private nor properties."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield "", node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and not method.name.startswith("_") and not _reads(method):
                    yield node.name, method
        else:
            continue


def _reads(method: ast.FunctionDef) -> bool:
    """A property says what the value already knows; it decides nothing of its own."""
    return any(isinstance(decorator, ast.Name) and "property" in decorator.id for decorator in method.decorator_list)


def functions() -> list[Function]:
    """Every public function of `law` that names its basis."""
    found = []
    for path in law_files():
        for owner, node in public_nodes(ast.parse(path.read_text(encoding="utf-8"))):
            basis = basis_line(node)
            if basis:
                references = tuple(basis.split("；"))
                found.append(Function(module_name(path), owner, node.name, references, path))
    return found


# Who names a function ---------------------------------------------------------------------------------------------


@cache
def words_for(path: Path) -> dict[str, set[str]]:
    """Function → the constant words under which a table at the top of this module keeps it: ACTS["extended"] = extend."""
    kept: dict[str, set[str]] = defaultdict(set)
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        if isinstance(value, ast.Dict):
            for key, item in zip(value.keys, value.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str) and isinstance(item, ast.Name):
                    kept[item.id].add(key.value)
    return kept


@dataclass(frozen=True)
class Mentions:
    """What a test file names: names imported from modules of law, attributes it reads, constant words."""

    imported: frozenset[tuple[str, str]]
    modules: frozenset[str]
    attributes: frozenset[str]
    constants: frozenset[str]

    def names(self, function: Function, words: set[str]) -> bool:
        ours = {module for module in self.modules if _same(module, function.module)}
        if not ours:
            return False
        if function.owner:
            return function.name in self.attributes
        by_import = any(name == function.name and _same(module, function.module) for module, name in self.imported)
        return by_import or function.name in self.attributes or bool(words & self.constants)


def _same(imported: str, defined: str) -> bool:
    """Whether what is imported from a module may be defined in the other: itself or a package that hands it on."""
    return imported == defined or defined.startswith(f"{imported}.") and imported != "gongkai.law"


@cache
def mentions(path: Path) -> Mentions:
    imported, modules, attributes, constants = set(), set(), set(), set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("gongkai.law"):
            modules.add(node.module)
            for alias in node.names:
                imported.add((node.module, alias.name))
                modules.add(f"{node.module}.{alias.name}")
        elif isinstance(node, ast.Attribute):
            attributes.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            constants.add(node.value)
        else:
            continue
    return Mentions(frozenset(imported), frozenset(modules), frozenset(attributes), frozenset(constants))


def tests_of(found: Iterable[Function]) -> dict[Function, list[str]]:
    """The test files that name each function, as paths from the top of the project."""
    by_file = {path.relative_to(ROOT).as_posix(): mentions(path) for path in sorted(TESTS.rglob("test_*.py"))}
    return {
        function: [
            name for name, said in by_file.items() if said.names(function, words_for(function.path)[function.name])
        ]
        for function in found
    }


def callers(found: Iterable[Function]) -> dict[Function, list[str]]:
    """Who calls a function: public functions of law, else the parts of the project outside it."""
    reach = [reached for path in law_files() for reached in _reaches(path)]
    outside = [
        (path.relative_to(ROOT / "gongkai").parts[0], mentions(path))
        for path in sorted((ROOT / "gongkai").rglob("*.py"))
        if LAW not in path.parents
    ]
    called = {}
    for function in found:
        within = [name for name, known, names in reach if function.name in names and _knows(known, function)]
        called[function] = sorted({name for name in within if name != function.qualified}) or sorted(
            {name for name, said in outside if said.names(function, set())}
        )
    return called


def _knows(known: Mentions | str, function: Function) -> bool:
    """Whether a module of law can mean this function by its name: it is its own, or imported there."""
    if known == function.module:
        return True
    return isinstance(known, Mentions) and (
        any(_same(module, function.module) for module in known.modules)
        if function.owner
        else any(name == function.name and _same(module, function.module) for module, name in known.imported)
    )


def _reaches(path: Path) -> Iterator[tuple[str, Mentions | str, set[str]]]:
    """(public function, what its module imports or the module itself, names it reaches there)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    module, imports = module_name(path), mentions(path)
    hidden: dict[str, set[str]] = defaultdict(
        set
    )  # private functions and tables: who names them reaches what they name
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("_"):
            hidden[node.name] |= _named(node)
    for node in tree.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        for target in targets:
            if isinstance(target, ast.Name) and node.value is not None:
                hidden[target.id] |= _named(node.value)
    for owner, node in public_nodes(tree):
        qualified = ".".join(part for part in (module.removeprefix("gongkai.law."), owner, node.name) if part)
        names = _reached(_named(node), hidden)
        yield qualified, module, names
        yield qualified, imports, names


def _named(node: ast.AST) -> set[str]:
    names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    return names | {inner.attr for inner in ast.walk(node) if isinstance(inner, ast.Attribute)}


def _reached(named: set[str], hidden: dict[str, set[str]]) -> set[str]:
    """The names, and all that the private functions and tables among them name in turn."""
    seen: set[str] = set()
    waiting = list(named)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(hidden.get(name, ()))
    return seen


# The page ---------------------------------------------------------------------------------------------------------


def page() -> str:
    """The whole of docs/articles.md."""
    found = functions()
    tests, called_by = tests_of(found), callers(found)
    by_article: dict[tuple[str, int | None], list[tuple[str, Function]]] = defaultdict(list)
    for function in found:
        for reference in function.references:
            law, article, _, _ = split(reference)
            by_article[law, article].append((reference, function))
    laws = list(LAWS)
    lines = [HEAD]
    last = ""
    for law, article in sorted(by_article, key=lambda key: (laws.index(key[0]), key[1] or 0)):
        if law != last:
            lines += [f"## {LAWS[law]}", ""]
            last = law
        if article is not None:
            lines += [f"### 第{chinese_number(article)}条", ""]
        lines += ["| 条款 | 函数 | 测试 |", "| --- | --- | --- |"]
        for reference, function in sorted(by_article[law, article], key=_in_order):
            named = cite(reference).removeprefix(LAWS[law]) or "全文"
            held = "<br>".join(f"`{name}`" for name in tests[function]) or _through(called_by[function])
            lines.append(f"| {named} | `{function.qualified}` | {held} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _in_order(row: tuple[str, Function]) -> tuple[int, int, str]:
    _, _, paragraph, item = split(row[0])
    return paragraph or 0, item or 0, row[1].qualified


def _through(names: list[str]) -> str:
    if not names:
        return "无"
    more = f" 等 {len(names)} 处" if len(names) > MOST_NAMED else ""
    return "经由 " + "、".join(f"`{name}`" for name in names[:MOST_NAMED]) + more


def main() -> None:
    PAGE.write_text(page(), encoding="utf-8")
    print(f"已写入 {PAGE.name}")


if __name__ == "__main__":
    main()
