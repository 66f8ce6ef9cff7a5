"""A secrecy mark is refused at every door, and no byte that stood beside it is kept anywhere (保密法31)."""

from __future__ import annotations

import io
import json

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from docx import Document
from openpyxl import Workbook
from typer.testing import CliRunner

from gongkai.config.command import app
from gongkai.disclosure.models import DraftAttachment, Item
from gongkai.files.models import Blob
from gongkai.ledger.models import Fact
from tests.desk.conftest import draft_form, sentences
from tests.disclosure.test_import_items import GOOD

CANARY = "雪豹七号行动"
MARK = "机密★3年"
LATIN = "SNOWLEOPARD"  # the same in a file whose font knows no Chinese


def kept() -> list[str]:
    """Every place in the database and under the folders of the installation where the canary is found."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [f"table {table}" for row in cursor.fetchall() if _tells(str(row))]
    found += [f"session {s.pk}" for s in Session.objects.all() if _tells(str(s.get_decoded()))]
    for root in (settings.FILES_ROOT, settings.INDEX_ROOT, settings.HOME):
        for path in root.rglob("*"):
            if _tells(path.name) or (path.is_file() and path.suffix != ".sqlite3" and _tells(path.read_bytes())):
                found.append(str(path))
    return found


def _tells(what: str | bytes) -> bool:
    words = (CANARY, LATIN)
    if isinstance(what, bytes):
        return any(word.encode(code) in what for word in words for code in ("utf-8", "gb18030", "utf-16-le"))
    return any(word in what or word.encode("unicode_escape").decode() in what for word in words)


def refusals() -> int:
    return Fact.objects.filter(kind="item.secrecy_mark_refused").count()


TYPED = {
    "the body": {"body": f"<p>{MARK}</p><p>{CANARY}</p>"},
    "a mark over several tags": {"body": f"<p><strong>机</strong>密<u>★</u>3年</p><p>{CANARY}</p>"},
    "the level alone at the head": {"body": f"<p>机密</p><p>{CANARY}</p>"},
    "the level alone, spaced out, in a table": {
        "body": f"<table><tbody><tr><td>绝 密</td></tr><tr><td>{CANARY}</td></tr></tbody></table>"
    },
    "the address of a link": {"body": f'<p><a href="https://a.cn/{MARK}{CANARY}">附件</a></p>'},
    "a percent-encoded address": {
        "body": f'<p>{CANARY}<a href="https://a.cn/%E6%9C%BA%E5%AF%86%E2%98%853年">附</a></p>'
    },
    "pasted from Word": {
        "body": f"<html xmlns:o='x'><body><p class=MsoNormal><span lang=EN-US>{MARK}<o:p></o:p></span></p>{CANARY}</body></html>"
    },
    "the title": {"title": f"{MARK} {CANARY}"},
    "the summary": {"summary": f"{MARK} {CANARY}"},
    "the keywords": {"keywords": f"{MARK} {CANARY}"},
    "the document number": {"doc_number": f"{MARK} {CANARY}"},
    "the issuer": {"issuer": f"{MARK} {CANARY}"},
    "the source": {"source": f"{MARK} {CANARY}"},
    "the reason": {"ground_reason": f"{MARK} {CANARY}"},
    "the assessment": {"impact_assessment": f"{MARK} {CANARY}"},
    "what it interprets": {"interprets": f"{MARK}{CANARY}"},
}


@pytest.mark.parametrize("door", ["edit", "autosave"])
@pytest.mark.parametrize("changes", TYPED.values(), ids=TYPED.keys())
def test_what_is_typed_or_pasted(at, desk, changes, door):
    item = desk.draft()
    answer = at("drafter").post(door, item.code, **draft_form(item, **changes))
    assert answer.status_code == 422
    said = answer.json()["sentence"] if door == "autosave" else sentences(answer)
    assert "带有密级标志，没有保存" in said
    assert "《中华人民共和国保守国家秘密法》第三十一条" in said
    assert (kept(), refusals()) == ([], 1)


def test_the_level_as_the_answer_to_a_question_is_no_mark(at, desk):
    """A withheld item has to record level and term (G14a); that is a word in a form and not a mark on a document."""
    item = desk.draft()
    reason = "密级：机密，保密期限3年\n定密机关：青禾市公安局"
    answer = at("drafter").post(
        "edit", item.code, **draft_form(item, openness="withheld", ground="G14a", ground_reason=reason)
    )
    item.draft.refresh_from_db()
    assert (answer.status_code, item.draft.ground_reason.splitlines(), refusals()) == (302, reason.splitlines(), 0)


def test_a_new_item(at, desk, town):
    answer = at("drafter").post("new", section=town.section.pk, title=f"{MARK} {CANARY}", heading="20-01", entry="")
    assert "带有密级标志" in sentences(answer)
    assert (Item.objects.count(), kept(), refusals()) == (0, [], 1)


def word(*, body: str = "正文", header: str = "", comment: str = "") -> bytes:
    document = Document()
    run = document.add_paragraph("").add_run(body)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    if comment:
        document.add_comment(run, text=comment, author="张", initials="z")
    document.add_paragraph(CANARY)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def sheet() -> bytes:
    book = Workbook()
    book.active.append([CANARY])
    hidden = book.create_sheet("备注")
    hidden.sheet_state = "hidden"
    hidden.append([MARK])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def pdf() -> bytes:
    from gongkai.cli.demo.attachments import _pdf

    return _pdf([MARK, CANARY, LATIN])


FILES = {
    "txt": lambda: ("请示.txt", f"{MARK}\n{CANARY}".encode()),
    "txt in GB18030": lambda: ("请示.txt", f"{MARK}\n{CANARY}".encode("gb18030")),
    "csv": lambda: ("名单.csv", f"{MARK}\n{CANARY}".encode()),
    "docx body": lambda: ("请示.docx", word(body=MARK)),
    "docx header": lambda: ("请示.docx", word(header=MARK)),
    "docx comment": lambda: ("请示.docx", word(comment=MARK)),
    "hidden sheet of an xlsx": lambda: ("名单.xlsx", sheet()),
    "pdf": lambda: ("请示.pdf", pdf()),
    "a file name": lambda: (f"{MARK}{CANARY}.txt", "正文".encode()),
    "a file name and its text": lambda: (f"{MARK}{CANARY}.txt", f"{MARK}\n{CANARY}".encode()),
}


@pytest.mark.parametrize("make", FILES.values(), ids=FILES.keys())
def test_an_attachment(at, desk, make):
    name, data = make()
    item = desk.draft()
    answer = at("drafter").post("add_file", item.code, file=SimpleUploadedFile(name, data))
    assert (kept(), refusals()) == ([], 1)
    assert (Blob.objects.count(), DraftAttachment.objects.count()) == (0, 0)
    shown = sentences(at("drafter").client.get(answer.url))
    assert CANARY not in shown


def test_the_name_given_to_an_attachment(at, desk):
    item = desk.draft()
    at("drafter").post("add_file", item.code, file=SimpleUploadedFile("a.txt", b"text"), title=f"{MARK}{CANARY}")
    assert (kept(), refusals(), Blob.objects.count()) == ([], 1, 0)


@pytest.mark.parametrize("where", ["body", "header", "comment"])
def test_a_word_file_as_the_text(at, desk, where):
    item = desk.draft()
    before = item.draft.body
    file = SimpleUploadedFile("请示.docx", word(**{where: MARK}))
    answer = at("drafter").post("upload", item.code, follow=True, file=file)
    assert "带有密级标志，没有保存" in sentences(answer)
    item.draft.refresh_from_db()
    assert (item.draft.body, kept(), refusals()) == (before, [], 1)


MARKED_LINES = [
    {"title": f"{MARK} {CANARY}"},
    {"body": f"{MARK}\n\n{CANARY}"},
    {"body": f"<p><b>机</b>密★3年</p><p>{CANARY}</p>"},
    {"body": f'<p><a href="https://a.cn/{MARK}">附件</a>{CANARY}</p>'},
    {"agency": f"{MARK}{CANARY}"},
    {"url": f"http://a.cn/{MARK}{CANARY}"},
    {"id": f"{MARK}{CANARY}"},
    {"doc_number": f"{MARK}{CANARY}"},
    {"index_number": f"{MARK}{CANARY}"},
]


def test_an_import(desk, town, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "old.jsonl"
    lines = [GOOD | {"id": f"m{n}"} | changes for n, changes in enumerate(MARKED_LINES)] + [GOOD]
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines))
    result = CliRunner().invoke(app, ["import", "items", str(file)])
    assert f"已发布 1 条，待处理 0 条，已在系统中 0 条，未导入 {len(MARKED_LINES)} 条" in result.output
    assert (kept(), refusals()) == ([], len(MARKED_LINES))
    rejects = (tmp_path / "old.jsonl.rejects.jsonl").read_text()
    assert not _tells(rejects)
    assert [json.loads(row)["line"] for row in rejects.splitlines()] == list(range(1, len(MARKED_LINES) + 1))


def test_an_import_by_its_file_name(desk, town, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / f"{MARK}{CANARY}.jsonl"
    file.write_text(json.dumps(GOOD))
    result = CliRunner().invoke(app, ["import", "items", str(file)])
    assert "带有密级标志" in str(result.exception)
    assert (kept(), Item.objects.count(), refusals()) == ([], 0, 1)
