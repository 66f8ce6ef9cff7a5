"""docs/howto/add-a-document-template.md is true: its row, wording, fields and test are put in place and run."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from gongkai.foi import documents
from gongkai.foi.documents import compose, composing, fields, kinds, missing, to_pdf
from gongkai.law.articles import cite
from tests.foi import test_documents
from tests.foi.test_documents_pages import text_of

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "howto" / "add-a-document-template.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def added(tmp_path, monkeypatch):
    """The page followed: a row, a file, the fields."""
    row_text, field_text, test_text, show = blocks("python")
    row = eval(row_text, {"Kind": kinds.Kind, "cite": cite})
    assert row.code not in kinds.KINDS
    monkeypatch.setitem(kinds.KINDS, row.code, row)
    known = eval(field_text, {"Field": fields.Field, "plain": fields.plain})
    assert set(known) & set(fields.FIELDS) == set()
    for name, field in known.items():
        monkeypatch.setitem(fields.FIELDS, name, field)
    shutil.copytree(Path(composing.__file__).with_name("templates"), tmp_path, dirs_exist_ok=True)
    (tmp_path / row.template).write_text(blocks("text")[0], encoding="utf-8")
    monkeypatch.setattr(composing, "files", lambda package: tmp_path)
    composing.template.cache_clear()
    yield row, test_text, show
    composing.template.cache_clear()


def test_a_document_is_added_as_the_page_says(added):
    row, test_text, show = added
    names = {"compose": compose, "fields": test_documents.fields, "missing": missing, "to_pdf": to_pdf}
    exec(test_text, names)
    names["test_an_inspection_is_arranged"]()
    assert "本机关安排您查阅、抄录" in text_of(eval(show, names))
    assert missing(compose(row.code, test_documents.fields())) == ("查阅的时间和地点",)
    assert row.template == "inspection_notice.txt"
    assert documents.KINDS[row.code].to_applicant


@pytest.mark.parametrize("mark", ["@opening", "@remedy", "[?basis=34 ", "[?content_provided ", "---- 意见回执"])
def test_the_marks_the_page_explains_are_those_of_the_language(mark: str):
    assert mark in PAGE
    if mark.startswith("@"):
        assert Path(composing.__file__).with_name("templates").joinpath(f"_{mark[1:]}.txt").exists()
