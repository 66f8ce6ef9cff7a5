"""docs/articles.md: up to date, and read from the sources in the right way."""

import ast

from tools import articles
from tools.articles import (
    PAGE,
    Function,
    basis_line,
    callers,
    functions,
    mentions,
    page,
    public_nodes,
    tests_of,
    words_for,
)

# pytest collects what is called tests_…
tests_of.__test__ = False


def test_the_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == page(), "docs/articles.md 不是最新的，请运行 python -m tools.articles"


def by_name() -> dict[str, Function]:
    return {function.qualified: function for function in functions()}


def test_functions_are_named_with_module_and_class():
    found = by_name()
    assert found["fees.fee_by_piece"].references == ("109号", "条例42")
    assert found["reply_clock.acts.extend"].references == ("条例33.2",)
    assert found["workdays.WorkCalendar.add"].references == ("民法典201", "条例33")
    assert len(found) == len(functions()) > 100


def test_only_public_functions_count_and_properties_do_not():
    source = '''
def open_rule():
    """Says so.

    依据：条例33
    """

def _hidden():
    """依据：条例33"""

class Value:
    def method(self):
        """依据：条例34"""

    @property
    def known(self):
        """依据：条例35"""

    def _inner(self):
        """依据：条例36"""

class _Hidden:
    def method(self):
        """依据：条例37"""
'''
    nodes = list(public_nodes(ast.parse(source)))
    assert [(owner, node.name, basis_line(node)) for owner, node in nodes] == [
        ("", "open_rule", "条例33"),
        ("Value", "method", "条例34"),
    ]


def test_the_basis_has_to_be_the_last_line():
    node = ast.parse('def f():\n    """依据：条例33\n\n    And more.\n    """').body[0]
    assert isinstance(node, ast.FunctionDef)
    assert basis_line(node) == ""


def test_a_test_names_a_function_by_import_attribute_or_the_word_of_a_table(tmp_path):
    written = tmp_path / "test_something.py"
    written.write_text(
        "from gongkai.law.reply_clock import reply_clock\n"
        "from gongkai.law import fees\n"
        "def test_it():\n"
        "    fees.fee_by_page(3)\n"
        "    reply_clock([{'step': 'extended'}])\n"
    )
    said = mentions(written)
    found = by_name()

    def named(name: str) -> bool:
        return said.names(found[name], words_for(found[name].path)[found[name].name])

    assert named("reply_clock.engine.reply_clock")
    assert named("fees.fee_by_page")
    assert named("reply_clock.acts.extend")  # ACTS["extended"]
    assert not named("fees.fee_by_piece")
    assert not named("reply_clock.acts.delay")
    assert not named("proactive.disclosure_due")
    assert not named("workdays.WorkCalendar.add")


def test_the_tests_of_a_function_are_the_ones_there_are():
    found = by_name()
    tests = tests_of([found["fees.fee_by_piece"], found["reply_clock.steps.receipt_of"]])
    assert "tests/law/test_fees.py" in tests[found["fees.fee_by_piece"]]
    assert tests[found["reply_clock.steps.receipt_of"]] == []


def test_callers_are_told_through_private_functions_and_tables():
    found = by_name()
    called = callers(found.values())
    assert "reply_clock.engine.reply_clock" in called[found["reply_clock.steps.receipt_of"]]
    assert (
        "reply_checks.check_reply" in called[found["reply_remedy_checks.remedy_defects"]]
    )  # through a table of checks
    assert "disclosure" in called[found["moves.after"]]  # nobody in law, a part of the project


def test_no_function_is_held_by_nothing():
    """A rule that no test names and nothing calls is a rule nobody keeps: test it or take it out."""
    assert [line for line in page().splitlines() if line.endswith("| 无 |")] == []


def test_it_writes_the_page(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(articles, "PAGE", tmp_path / "articles.md")
    articles.main()
    assert (tmp_path / "articles.md").read_text(encoding="utf-8") == page()
    assert capsys.readouterr().out == "已写入 articles.md\n"
