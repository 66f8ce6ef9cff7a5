"""Which agency a text points to, and why."""

from __future__ import annotations

import pytest

from gongkai.agencies.actions.organs import add_organ
from gongkai.agencies.actors import SYSTEM
from gongkai.agencies.models import Organ
from gongkai.foi.queries.suggest import Published, names_of, points_elsewhere, suggest
from tests.conftest import AT

ORGANS = (
    ("YX-ZJ", "青禾市住房和城乡建设局", "市住房和城乡建设局", "department"),
    ("YX-SC", "青禾市市场监督管理局", "市市场监督管理局", "department"),
    ("YX-QY", "青禾市东山区人民政府", "东山区政府", "government"),
    ("YX-QYMZ", "青禾市东山区民政局", "东山区民政局", "department"),
    ("YX-QS", "青禾市东山区青石镇人民政府", "青石镇政府", "township"),
    ("YX-OLD", "青禾市计划委员会", "", "historic"),
)


@pytest.fixture
def organs(town) -> dict[str, Organ]:
    root = Organ.objects.get(code="QH")
    for n, (code, name, short, kind) in enumerate(ORGANS, start=10):
        add_organ(code, name, parent=root, short_name=short, kind=kind, org_code=f"9000000{n}", actor=SYSTEM, at=AT)
    return {organ.code: organ for organ in Organ.objects.all()}


def codes(text: str, published: Published = Published({}, {})) -> list[str]:
    return [s.organ.code for s in suggest(text, published)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("青禾市教育局2025年预算", "QH-JY"),
        ("教育局的会议纪要", "QH-JY"),
        ("住建局关于加装电梯的验收报告", "YX-ZJ"),
        ("市监局对某餐馆的检查记录", "YX-SC"),
        ("东山区民政局低保名单公示", "YX-QYMZ"),
        ("青石镇2025年宅基地审批", "YX-QS"),
        ("民政局的统计台账", "QH-MZ"),
    ],
)
def test_a_named_agency_stands_first(organs, text, code):
    first = suggest(text)[0]
    assert first.organ.code == code
    assert "您写到了" in first.why
    assert first.certain


def test_a_longer_name_is_not_also_read_as_a_shorter_one(organs):
    assert "QH-MZ" not in [s.organ.code for s in suggest("东山区民政局的规定") if s.certain]


def test_government_procurement_does_not_name_the_government(organs):
    assert [s for s in suggest("食品抽检的政府采购合同、政府信息公开年报") if s.organ.code == "QH" and s.certain] == []


def test_people_s_government_is_not_taken_for_civil_affairs(organs):
    assert codes("殡葬服务收费")[0] in ("QH-MZ", "YX-QYMZ")
    assert "QH" not in codes("殡葬服务收费")


@pytest.mark.parametrize(("text", "code"), [("加装电梯的施工许可", "YX-ZJ"), ("义务教育学区划分", "QH-JY")])
def test_a_matter_points_to_the_body_that_deals_with_it(organs, text, code):
    found = suggest(text)
    assert found[0].organ.code == code
    assert not found[0].certain
    assert "这类机关负责" in found[0].why


def test_what_was_published_counts_by_its_share_and_is_told(organs):
    found = suggest("夜市摊位", Published({"YX-SC": 3, "QH-JY": 1}, {"YX-SC": "夜市管理办法"}))
    assert [s.organ.code for s in found] == ["YX-SC", "QH-JY"]
    assert found[0].why == "市市场监督管理局公开过 3 件相近的信息，如“夜市管理办法”"


def test_letters_of_a_document_number_point_to_who_issues_under_them(organs, desk):
    desk.release(desk.draft(title="青禾市临时救助办法", doc_number="青民发〔2026〕3号"))
    found = suggest("请公开青民发〔2025〕17号")
    assert (found[0].organ.code, found[0].certain) == ("QH-MZ", True)
    assert "“青民发”是它的发文代字" in found[0].why


def test_nothing_is_suggested_where_nothing_speaks(organs):
    assert codes("") == []
    assert codes("量子纠缠") == []


def test_historic_organs_are_never_suggested(organs):
    assert "YX-OLD" not in codes("青禾市计划委员会1985年文件")


@pytest.mark.parametrize(
    ("chosen", "text", "other"),
    [
        ("QH-MZ", "教育局的招生方案", "QH-JY"),
        ("QH-JY", "教育局的招生方案", None),
        ("QH-MZ", "教育局发给民政局的函", None),
        ("QH-JY", "临时救助发放", "QH-MZ"),
        ("QH-JY", "学校里的临时救助", None),
        ("QH-JY", "量子纠缠", None),
    ],
)
def test_a_wrong_agency_is_told_only_where_the_text_clearly_speaks_for_another(organs, chosen, text, other):
    found = points_elsewhere(organs[chosen], suggest(text))
    assert (found.organ.code if found else None) == other


def test_publications_alone_never_speak_against_a_choice(organs):
    assert points_elsewhere(organs["QH-JY"], suggest("夜市摊位", Published({"YX-SC": 9}, {}))) is None


def test_the_ways_people_write_a_name(organs):
    assert names_of(organs["YX-ZJ"]) == [
        "青禾市住房和城乡建设局", "市住房和城乡建设局", "住房和城乡建设局", "住建局",
    ]  # fmt: skip
    assert names_of(organs["YX-QS"])[-1] == "青石镇"
