"""The pages in docs/howto are true: their steps are followed, their samples run, the files they name exist."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import reverse
from typer.testing import CliRunner

from gongkai.agencies.actions.people import add_person, appoint
from gongkai.agencies.actors import SYSTEM
from gongkai.agencies.queries import capacities
from gongkai.disclosure.actions.submit import SUBJECT_KIND
from gongkai.disclosure.queries import desk as desk_queries
from gongkai.law import deadlines, roles
from gongkai.law.articles import split
from gongkai.law.citations import Citation
from gongkai.law.replies import REPLIES, ReplyRow
from gongkai.law.reply_questions import Choice
from gongkai.law.report_form import REQUEST_ROWS
from gongkai.law.review import Step
from gongkai.law.roles import ROLES, Role
from gongkai.law.verdicts import Refusal
from gongkai.review.queries import case_of, plan_for
from tests.conftest import AT, START, TODAY
from tests.law import test_deadlines, test_replies

ROOT = Path(__file__).resolve().parents[2]
HOWTO = ROOT / "docs" / "howto"


def page(name: str) -> str:
    return (HOWTO / f"{name}.md").read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    """Code blocks of a page in order, without the indentation of a list."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```", page(name), re.DOTALL | re.MULTILINE)
    return ["\n".join(line.removeprefix(indent) for line in body.splitlines()) for indent, body in found]


@pytest.mark.parametrize("file", sorted(HOWTO.glob("*.md")), ids=lambda file: file.stem)
def test_the_files_a_page_names_exist(file: Path):
    named = re.findall(r"`((?:gongkai|tests|docs|tools|benchmarks|requirements)/[\w./-]+)`", file.read_text("utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


# add-a-review-step ----------------------------------------------------------------------------------------


def test_a_review_step_is_added_as_the_page_says(desk, town):
    earlier = desk.submit(desk.draft(title="改动之前送审"))
    names: dict = {}
    exec(blocks("add-a-review-step", "python")[0], names)
    version = desk.submit(desk.draft(title="改动之后送审"))

    assert [s.code for s in _steps(earlier)] == ["section", "compliance", "secrecy"]
    assert [(s.order, s.code, s.title, s.role) for s in _steps(version)] == [
        (1, "section", "科室初审", "section_reviewer"),
        (2, "compliance", "合规审核", "compliance_reviewer"),
        (3, "secrecy", "保密审查", "secrecy_reviewer"),
        (4, "sign", "分管领导签发", "leader"),
    ]
    for step, who in ((1, "section_reviewer"), (2, "compliance_reviewer"), (3, "secrecy_reviewer")):
        assert desk.opine(version, step, who) is None
    assert desk.opine(version, 4, "leader").version_id == version.pk


def test_two_must_agree_and_secrecy_cannot_be_left_out_as_the_page_says(desk, town):
    names: dict = {}
    for block in blocks("add-a-review-step", "python")[:2]:
        exec(block, names)
    version = desk.submit(desk.draft())
    for step, who in ((1, "section_reviewer"), (2, "compliance_reviewer"), (3, "secrecy_reviewer")):
        assert desk.opine(version, step, who) is None
    assert desk.opine(version, 3, "secrecy_reviewer2").version_id == version.pk

    without = [step for step in names["steps"] if step.code != "secrecy"]
    with pytest.raises(Refusal) as refused:
        names["set_plan"]("disclosure.version", town.organ, without, actor=names["actor"], at=AT)
    assert refused.value.code == "no_secrecy_step"


def test_a_step_is_added_on_the_screen_as_the_page_says(desk, town, client):
    columns = ("order", "title", "code", "role", "quorum")
    typed = [cell.strip("` ") for cell in re.findall(r"^\| (\d.*) \|$", page("add-a-review-step"), re.M)[0].split("|")]
    added = dict(zip(columns, typed, strict=True))
    added["role"] = next(row.code for row in ROLES if row.title == added["role"])
    plan = [{name: str(getattr(step, name)) for name in columns} for step in plan_for(SUBJECT_KIND, town.organ)]
    lines = {name: [line[name] for line in (*plan, added)] for name in columns}

    client.force_login(town.people["system_admin"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse("desk:plan", args=[town.organ.code]), lines).status_code == 302
    names: dict = {}
    exec(blocks("add-a-review-step", "python")[0].split("set_plan(")[0], names)
    assert [(s.order, s.code, s.title, s.role, s.quorum) for s in plan_for(SUBJECT_KIND, town.organ)] == [
        (s.order, s.code, s.title, s.role, s.quorum) for s in names["steps"]
    ]


def test_a_new_role_takes_part_as_the_page_says(desk, town, monkeypatch):
    row = eval(blocks("add-a-review-step", "python")[2], {"Role": Role})
    assert row.code not in roles._BY_CODE
    monkeypatch.setitem(roles._BY_CODE, row.code, row)
    assert row.works_on_items
    monkeypatch.setattr(desk_queries, "WORKING", desk_queries.WORKING | {row.code})
    person = add_person("T900", "测试法制", password=None, actor=SYSTEM, at=AT)
    appoint(person, town.section, row.code, starts_on=START, actor=SYSTEM, at=AT)
    town.people[row.code] = person
    names: dict = {}
    exec(blocks("add-a-review-step", "python")[0], names)
    steps = [*names["steps"], Step(5, "legal", row.title, row.code)]
    names["set_plan"](SUBJECT_KIND, town.organ, steps, actor=names["actor"], at=AT)

    version = desk.submit(desk.draft())
    for step, who in enumerate(("section_reviewer", "compliance_reviewer", "secrecy_reviewer", "leader"), start=1):
        assert desk.opine(version, step, who) is None
    waiting = desk_queries.todo(capacities(person, TODAY), person.pk, on=TODAY)
    assert [(line.item.pk, line.step, line.verb) for line in waiting] == [(version.item_id, "法制审核", "办理")]
    assert desk.opine(version, 5, row.code).version_id == version.pk


def _steps(version):
    return list(case_of(SUBJECT_KIND, version.pk).steps.order_by("order"))


# add-a-statutory-deadline ---------------------------------------------------------------------------------


def test_a_deadline_is_added_as_the_page_says(monkeypatch):
    row_text, summary, example = blocks("add-a-statutory-deadline", "python")
    row = eval(row_text, {"_row": deadlines._row})
    assert row.code not in deadlines.DEADLINES
    monkeypatch.setitem(deadlines.DEADLINES, row.code, row)
    code, start, last = eval(example)[0]
    test_deadlines.test_each_clock(code, start, last)
    summaries = eval(f"{{{summary}}}")
    law, article, *_ = split(row.articles.split("；")[0])
    assert list(summaries) == [(law, article)]
    source = Path(deadlines.__file__).read_text(encoding="utf-8")
    assert "\n_ROWS = (" in source
    assert "EXAMPLES = [" in Path(test_deadlines.__file__).read_text(encoding="utf-8")


# add-a-reply-type -----------------------------------------------------------------------------------------


def test_a_reply_type_is_added_as_the_page_says():
    row_text, choice_text = blocks("add-a-reply-type", "python")
    row = eval(row_text.rstrip().rstrip(","), {"ReplyRow": ReplyRow, "Citation": Citation})
    assert row.code not in {known.code for known in REPLIES}
    test_replies.test_every_row_is_complete(row)
    assert row.report_row in {line.code for line in REQUEST_ROWS if line.is_leaf}
    choice = eval(choice_text.rstrip().rstrip(","), {"Choice": Choice})
    assert choice.reply == row.code


# run-a-second-installation --------------------------------------------------------------------------------


def test_a_second_installation_holds_what_the_page_lists(tmp_path):
    home = tmp_path / "second"
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SECRET_KEY")}
    done = subprocess.run(
        [Path(sys.executable).with_name("gongkai"), "migrate"],
        env=environment | {"GONGKAI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "gongkai.config.settings.dev"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert str(home) in done.stdout
    listed = re.findall(r"^\| `([^`]+)` \|", page("run-a-second-installation"), re.MULTILINE)
    there = {file.name for file in home.iterdir() if not file.name.endswith(("-wal", "-shm"))}
    assert there == set(listed)


# import-an-existing-site ----------------------------------------------------------------------------------


def test_a_site_is_imported_as_the_page_says(db, settings, tmp_path, monkeypatch):
    from gongkai.config.command import app
    from gongkai.disclosure.models import Item

    settings.FILES_ROOT, settings.INDEX_ROOT = tmp_path / "files", tmp_path / "index"
    monkeypatch.chdir(tmp_path)
    Path("old-site.jsonl").write_text(blocks("import-an-existing-site", "json")[0] + "\n", encoding="utf-8")
    command, said = blocks("import-an-existing-site", "console")[0].strip().splitlines()
    arguments = command.split("gongkai ", 1)[1].split()
    done = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    assert said in done.stdout.splitlines()

    told = dict(re.findall(r"^\| `(\d+)` \| (\S+) \|", page("import-an-existing-site"), re.MULTILINE))
    became = {"live": "已发布", "hidden": "待处理"}
    actual = {item.external_id: became[item.public] for item in Item.objects.all()}
    rejects = [json.loads(line) for line in Path("old-site.jsonl.rejects.jsonl").read_text("utf-8").splitlines()]
    assert actual | {row["id"]: "未导入" for row in rejects} == told
    assert [row["line"] for row in rejects] == [4, 5]
    assert Item.objects.get(external_id="1002").organ.name == "来源不详"

    again = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert "已发布 0 条，待处理 0 条，已在系统中 3 条，未导入 2 条。" in again.stdout
    found = CliRunner().invoke(app, ["search", "城区道路施工", "--json"], catch_exceptions=False)
    assert [row["external_id"] for row in json.loads(found.stdout)] == ["1001"]


def test_once_in_use_an_import_needs_two_administrators_as_the_page_says(desk, tmp_path, monkeypatch):
    from gongkai.config.command import app

    desk.draft()
    monkeypatch.chdir(tmp_path)
    Path("old-site.jsonl").write_text(blocks("import-an-existing-site", "json")[0] + "\n", encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        CliRunner().invoke(app, ["import", "items", "old-site.jsonl"], catch_exceptions=False)
    assert refused.value.code == "two_administrators"


# change-configured-defaults -------------------------------------------------------------------------------

CONSTANT = re.compile(r"^\| `(gongkai/[\w/]+)\.py` `(\w+)` \| `([^`]+)` \| \[([IM])\] \|", re.MULTILINE)


def test_the_defaults_on_the_page_are_those_in_the_code():
    rows = CONSTANT.findall(page("change-configured-defaults"))
    assert len(rows) >= 12
    actual = [
        (path, name, str(getattr(importlib.import_module(path.replace("/", ".")), name)), mark)
        for path, name, _, mark in rows
    ]
    assert rows == actual
    for path, name, _, mark in rows:
        assert f"[{mark}]" in (ROOT / f"{path}.py").read_text(encoding="utf-8"), name
    assert deadlines.DEADLINES["K7"].length == 30
    assert "`DEADLINES` 的 `K7` | `30` |" in page("change-configured-defaults")


def test_every_file_with_a_marked_default_is_on_the_page():
    """By its own name, or by the folder it is in where the page speaks of the folder as a whole."""
    named = set(re.findall(r"`(gongkai/[^`]+)`", page("change-configured-defaults")))
    folders = tuple(name for name in named if name.endswith("/"))
    marked = {
        file.relative_to(ROOT).as_posix()
        for file in ROOT.glob("gongkai/**/*.py")
        if re.search(r"\[[IM]\]", file.read_text(encoding="utf-8"))
    } - {"gongkai/config/settings/base.py"}
    assert [name for name in sorted(marked - named) if not name.startswith(folders)] == []


def test_defaults_in_the_environment_are_those_of_the_settings(settings):
    rows = dict(re.findall(r"^\| `([A-Z0-9_]+)` \| `([^`]+)` \| \[[IM]\]", page("change-configured-defaults"), re.M))
    assert rows == {
        "INDEX_NUMBER_PATTERN": settings.INDEX_NUMBER_PATTERN, "REASSESS_MONTHS": str(settings.REASSESS_MONTHS),
    }  # fmt: skip
