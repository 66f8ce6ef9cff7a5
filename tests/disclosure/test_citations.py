"""Who cites whom: found after each release, pointed to what is here, told when what is cited has ended."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from gongkai.disclosure.actions import cite
from gongkai.disclosure.actions.cite import follow_all, take_in
from gongkai.disclosure.actions.import_items import begin_batch, examine_line, finish_batch
from gongkai.disclosure.actions.import_items import take_in as import_lines
from gongkai.disclosure.actions.opine import opine
from gongkai.disclosure.actions.revise import revise
from gongkai.disclosure.actions.save_draft import save_draft
from gongkai.disclosure.actions.withdraw import withdraw
from gongkai.disclosure.models import CitableName, Citation, Item
from gongkai.disclosure.queries.citations import cites_ended, cites_of, effects_of, interpretations_outdated
from gongkai.ledger.actions.seal import seal_all
from gongkai.ledger.models import Cursor
from tests.conftest import AT, TODAY
from tests.disclosure.test_cleaning import again, begin, decide, finish, lines_of, publish, rule

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "documents"


def follow() -> None:
    seal_all(at=AT)
    follow_all()


def citing(desk, body: str, title: str = "青禾市救助工作指南", **more) -> Item:
    item = desk.draft(title=title, body=f"<p>{body}</p>", **more)
    desk.release(item)
    return item


def end(town, item: Item, reason: str = "abolished", **more) -> None:
    withdraw(
        item.pk, reason, explanation="另有规定。", actor=town.actor("compliance_reviewer"), at=AT, today=TODAY, **more
    )  # fmt: skip


def targets(item: Item) -> list[tuple[str, str, str | None]]:
    return [(c.citation.written, c.citation.number, c.to and c.to.code) for c in cites_of(item, on=TODAY)]


def test_what_a_text_cites_is_found_and_pointed_to(desk, town):
    one = rule(desk, "青禾市临时救助办法", "青民发〔2020〕1号")
    two = rule(desk, "青禾市民政局关于印发《医疗救助细则》的通知", "青民发〔2021〕2号")
    guide = citing(
        desk, "依据《青禾市临时救助办法》（青民发[2020]1号）、《医疗救助细则》和《中华人民共和国慈善法》办理，按照青民发〔2021〕2号执行。"
        "再依《青禾市临时救助办法》（青民发〔2020〕1号）。",
    )  # fmt: skip
    follow()
    assert targets(guide) == [
        ("青禾市临时救助办法", "青民发〔2020〕1号", one.code), ("医疗救助细则", "", two.code),
        ("中华人民共和国慈善法", "", None), ("", "青民发〔2021〕2号", two.code),
    ]  # fmt: skip
    row = Citation.objects.get(version__item=guide, number="青民发〔2020〕1号")
    assert (row.times, row.place, row.ends) == (2, "body", False)
    assert "依据《青禾市临时救助办法》（青民发[2020]1号）" in row.excerpt
    assert [(e.how, e.code) for e in effects_of(one)] == [("cites", guide.code)]
    assert targets(two) == []  # a notice that names what it issues names itself


def test_a_document_released_later_is_found_by_those_that_cite_it(desk, town):
    guide = citing(desk, "依据《青禾市临时救助办法》办理。")
    follow()
    assert targets(guide) == [("青禾市临时救助办法", "", None)]
    later = rule(desk, "青禾市临时救助办法", "青民发〔2026〕1号")
    follow()
    assert targets(guide) == [("青禾市临时救助办法", "", later.code)]


def test_a_number_that_is_anothers_rules_a_title_out(desk, town):
    rule(desk, "青禾市临时救助办法", "青民发〔2020〕1号")
    guide = citing(desk, "依据《青禾市临时救助办法》（青民发〔2012〕9号）办理。")
    follow()
    assert targets(guide) == [("青禾市临时救助办法", "青民发〔2012〕9号", None)]


def test_two_documents_of_one_title_are_told_apart_or_not_pointed_to(desk, town):
    rule(desk, "青禾市临时救助办法", "青民发〔2020〕1号")
    second = rule(desk, "青禾市临时救助办法", "青民发〔2022〕2号")
    guide = citing(desk, "依据《青禾市临时救助办法》和《青禾市临时救助办法》（青民发〔2022〕2号）。")
    follow()
    assert targets(guide) == [
        ("青禾市临时救助办法", "", None), ("青禾市临时救助办法", "青民发〔2022〕2号", second.code)
    ]  # fmt: skip


def test_following_twice_or_from_the_beginning_changes_nothing(desk, town):
    rule(desk, "青禾市临时救助办法", "青民发〔2020〕1号")
    guide = citing(desk, "依据《青禾市临时救助办法》办理。")
    follow()
    before = list(Citation.objects.order_by("pk").values_list())
    names = list(CitableName.objects.order_by("pk").values_list())
    assert cite.follow() == 0
    take_in([guide.code])
    Cursor.objects.filter(name=cite.READER).update(position=0)
    follow_all()
    assert list(Citation.objects.order_by("pk").values_list()) == before
    assert list(CitableName.objects.order_by("pk").values_list()) == names


def test_a_batch_that_fails_is_read_again(desk, town, monkeypatch):
    citing(desk, "依据《青禾市临时救助办法》办理。")
    seal_all(at=AT)
    real = cite.advance

    def fails(name, position):
        raise RuntimeError("killed")

    monkeypatch.setattr(cite, "advance", fails)
    with pytest.raises(RuntimeError):
        cite.follow()
    assert Citation.objects.count() == 0
    monkeypatch.setattr(cite, "advance", real)
    follow_all()
    assert Citation.objects.count() == 1


# what has ended


def ended() -> list[tuple[str, str, str]]:
    return [(row.kind, row.code, row.key) for row in cites_ended(TODAY)]


def test_citing_an_abolished_document_is_told_with_where_it_stands(desk, town):
    old = rule(desk, "青禾市临时救助办法", "青民发〔2020〕1号")
    guide = citing(desk, "依据《青禾市临时救助办法》（青民发〔2020〕1号）办理。")
    follow()
    assert ended() == []
    end(town, old)
    assert ended() == [("cites_ended", guide.code, old.code)]
    row = cites_ended(TODAY)[0]
    assert row.sentence == "引用的《青禾市临时救助办法》（青民发〔2020〕1号）已废止，请修订文字，或者说明不再适用。"
    assert "办理" in row.excerpt
    again(desk, town, guide)  # the newer text cites nothing
    follow()
    assert ended() == []


def test_the_successor_is_named(desk, town):
    old = rule(desk, "青禾市临时救助办法", "青民发〔2020〕1号")
    new = rule(desk, "青禾市社会救助办法", "青民发〔2026〕8号")
    citing(desk, "依据《青禾市临时救助办法》办理。")
    end(town, old, "superseded", replaced_by=new)
    follow()
    assert [row.sentence for row in cites_ended(TODAY)] == [
        f"引用的《青禾市临时救助办法》（青民发〔2020〕1号）已修改，现行的是《青禾市社会救助办法》（索引号 {new.index_number}），请修订。"
    ]


def test_a_term_that_ran_out_counts_from_the_day_after(desk, town):
    old = rule(desk, "青禾市临时救助办法", "青民发〔2020〕1号", valid_until=TODAY + timedelta(days=30))
    guide = citing(desk, "依据《青禾市临时救助办法》办理。")
    follow()
    assert cites_ended(TODAY + timedelta(days=30)) == []
    assert [(r.code, r.key) for r in cites_ended(TODAY + timedelta(days=31))] == [(guide.code, old.code)]


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("青禾市社会救助办法", "《青禾市临时救助办法》（青民发〔2020〕1号）同时废止。"),
        ("关于废止部分规范性文件的决定", "一、《青禾市临时救助办法》（青民发〔2020〕1号）"),
        ("规范性文件清理结果", "1、《青禾市临时救助办法》"),
    ],
)
def test_saying_that_it_ended_is_no_finding(desk, town, title, body):
    old = rule(desk, "青禾市临时救助办法", "青民发〔2020〕1号")
    citing(desk, body, title=title)
    end(town, old)
    follow()
    assert ended() == []
    assert Citation.objects.filter(target=old).count() == 1


def test_the_published_result_of_a_campaign_is_no_finding(desk, town):
    old = rule(desk, "青禾市临时救助办法", "青民发〔2020〕1号")
    cleaning = begin(town, title="2026年文件梳理")
    decide(town, lines_of(cleaning)[0], "abolish")
    finish(town, cleaning)
    cleaning.refresh_from_db()
    publish(desk, cleaning)
    end(town, old)
    follow()
    assert Citation.objects.filter(version__item=cleaning.result, target=old).count() == 1
    assert ended() == []


def test_taken_down_in_error_or_not_live_any_more_is_no_finding(desk, town):
    old = rule(desk, "青禾市临时救助办法", "青民发〔2020〕1号")
    other = rule(desk, "青禾市医疗救助办法", "青民发〔2020〕2号")
    guide = citing(desk, "依据《青禾市临时救助办法》、《青禾市医疗救助办法》办理。")
    follow()
    end(town, old, "error")
    assert ended() == []
    end(town, other)
    assert ended() == [("cites_ended", guide.code, other.code)]
    end(town, guide)
    assert ended() == []


def test_interpretations_of_what_ended_or_changed_since(desk, town):
    old = rule(desk, "青禾市临时救助办法", "青民发〔2020〕1号")
    other = rule(desk, "青禾市医疗救助办法", "青民发〔2020〕2号")
    numbers = [old.index_number, other.index_number]
    reading = citing(desk, "解读。", title="救助办法解读", interprets=numbers)
    follow()
    assert interpretations_outdated(TODAY) == []
    assert [(e.how, e.code) for e in effects_of(old)] == [("interprets", reading.code)]
    end(town, old)
    (row,) = interpretations_outdated(TODAY)
    assert (row.kind, row.code, row.key) == ("interprets_ended", reading.code, old.code)
    assert row.sentence.startswith("解读的《青禾市临时救助办法》（青民发〔2020〕1号）已废止")


def test_the_newer_text_of_an_interpreted_document_asks_for_a_look(desk, town):
    other = rule(desk, "青禾市医疗救助办法", "青民发〔2020〕2号")
    reading = citing(desk, "解读。", title="救助办法解读", interprets=[other.index_number])
    actor = town.actor("drafter")
    draft = revise(other.pk, actor=actor, at=AT)
    changes = {"body": "<p>新的文字。</p>", "changed_on": TODAY}
    save_draft(other.pk, changes, based_on=draft.revision, actor=actor, at=AT, today=TODAY)
    version = desk.submit(Item.objects.get(pk=other.pk))
    later = AT + timedelta(hours=1)
    for step, who in enumerate(("section_reviewer", "compliance_reviewer", "secrecy_reviewer"), 1):
        opine(version.pk, step, "approve", read_digest=version.digest, actor=town.actor(who), at=later, today=TODAY)
    found = interpretations_outdated(TODAY)
    assert [(row.kind, row.code, row.key) for row in found] == [("interprets_older", reading.code, other.code)]
    assert "新的文本" in found[0].sentence


# real documents


@pytest.fixture
def real(town):
    """732 documents of Hebei province and 800 laws and regulations, imported as they are."""
    if not DATA.is_dir():
        pytest.skip("the real documents (../shared/data beside the checkout) are not here")
    rows = []
    for name in ("hebei", "regulations"):
        for n, text in enumerate((DATA / f"{name}.jsonl").read_text().splitlines(), 1):
            raw = json.loads(text)
            rows.append(examine_line(n, {k: raw[k] for k in ("id", "title", "body", "agency", "date")}, today=TODAY))
    batch = begin_batch("real.jsonl", "0" * 64, at=AT)
    taken = import_lines(batch, [row for row in rows if hasattr(row, "findings")], at=AT)
    finish_batch(batch, rejected=0, at=AT)
    follow()
    return taken


# (which, how it is written there, which document that is), each read in the texts by hand
KNOWN = [
    ("hebei-01995", "关于深化科技体制改革加快推进创新发展的实施意见", "hebei-01994"),
    ("hebei-01902", "河北省可持续发展实验区（示范区）资金管理实施细则", "hebei-02126"),
    ("hebei-01868", "河北省省级科技计划项目科研诚信管理办法", "hebei-02099"),
    ("hebei-01868", "河北省省级科技计划项目科研诚信管理办法（试行）", "hebei-02138"),
    ("hebei-01868", "关于加强科研诚信建设的实施意见", "hebei-01971"),
    ("hebei-01739", "国务院关于改进加强中央财政科研项目和资金管理的若干意见", "hebei-01760"),
    ("hebei-01693", "科研诚信案件调查处理规则（试行）", "hebei-01715"),
    ("law-01538", "中华人民共和国航道管理条例", "law-01455"),
    ("law-01386", "军人抚恤优待条例", None),  # three texts of that title are there
    ("law-01386", "工伤保险条例", "hebei-00068"),
]


def test_real_documents_cite_each_other(real, capsys):
    found, resolved = Citation.objects.count(), Citation.objects.filter(target__isnull=False).count()
    with capsys.disabled():
        print(f"\n{real.released} real documents: {found} citations, {resolved} of documents among them")
    for which, written, target in KNOWN:
        rows = Citation.objects.filter(version__item__external_id=which, written=written)
        assert {row.target.external_id if row.target else None for row in rows} == {target}, (which, written)
    # 国科发监〔2022〕221号 says itself that the rules before it are abolished.
    replaced = Citation.objects.get(version__item__external_id="hebei-01693", number="国科发监〔2019〕323号")
    assert (replaced.ends, replaced.target.external_id) == (True, "hebei-01715")
    assert not Citation.objects.filter(version__item__external_id="hebei-01739", ends=True).exists()
    assert found > 3000
    assert resolved > 400
