"""The three administrators do their own work and nothing else."""

from __future__ import annotations

from gongkai.agencies.models import ActingGrant, Organ, Person, Post, Section
from gongkai.ledger.actions.seal import seal_all
from gongkai.review.models import PlanStep
from tests.desk.conftest import sentences


def test_the_system_administrator_keeps_organs_and_sections(at, town):
    browser = at("system_admin")
    made = browser.post(
        "new_organ",
        code="QH-CZ",
        org_code="900000009",
        name="青禾市财政局",
        kind="department",
        order="3",
        parent=town.organ.pk,
    )
    assert made.status_code == 302
    assert Organ.objects.get(code="QH-CZ").parent == town.organ
    twice = browser.post("new_organ", code="QH-CZ", org_code="9", name="又一个", kind="department", order="3")
    assert "机构代码 QH-CZ 已被使用" in sentences(twice)
    values = {"name": "青禾市财政局", "kind": "department", "order": "3", "phone": "0000-1234"}
    assert browser.post("organ", "QH-CZ", **values).status_code == 302
    assert Organ.objects.get(code="QH-CZ").phone == "0000-1234"
    section = {"add_section": "1", "section-code": "QH-CZ-YS", "section-name": "预算科", "section-phone": ""}
    assert browser.post("organ", "QH-CZ", **section).status_code == 302
    assert Section.objects.get(code="QH-CZ-YS").name == "预算科"


def plan(*rows: tuple[str, str, str, str, str]) -> dict:
    names = ("order", "code", "title", "role", "quorum")
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}


def test_a_plan_may_grow_and_never_lose_the_secrecy_review(at, town):
    browser = at("system_admin")
    first = ("1", "section", "科室初审", "section_reviewer", "1")
    second = ("3", "secrecy", "保密审查", "secrecy_reviewer", "2")
    assert browser.post("plan", "QH-MZ", **plan(first, second)).status_code == 302
    own = PlanStep.objects.filter(organ=town.organ)
    assert [(s.title, s.quorum) for s in own] == [("科室初审", 1), ("保密审查", 2)]
    without = browser.post("plan", "QH-MZ", **plan(first))
    assert "审查环节必须包括保密审查" in sentences(without)
    broken = browser.post("plan", "QH-MZ", **plan(("x", "secrecy", "保密审查", "secrecy_reviewer", "1")))
    assert "每一行都要填次序" in sentences(broken)
    assert own.count() == 2


def test_the_security_administrator_keeps_accounts_posts_and_grants(at, town):
    browser = at("security_admin")
    browser.post("new_account", staff_number="T900", name="新来的", password="a-fresh-long-word")
    person = Person.objects.get(staff_number="T900")
    values = {"appoint": "1", "section": town.section.pk, "role": "drafter", "starts_on": "2026-01-01", "ends_on": ""}
    assert browser.post("account", "T900", **values).status_code == 302
    post = Post.objects.get(person=person)
    refused = browser.post("account", "T900", **values | {"role": "system_admin"})
    assert "不能任命：管理员不得兼任拟稿、审查或发布岗位" in sentences(refused)
    assert browser.post("end_post", post.pk).status_code == 302
    post.refresh_from_db()
    assert post.ends_on is not None
    browser.post("account", "T900", **{"reset": "1", "reset-password": "quite-another-word"})
    person.refresh_from_db()
    assert person.check_password("quite-another-word")
    browser.post("disable_account", "T900")
    person.refresh_from_db()
    assert person.is_active is False
    own = browser.post("disable_account", town.people["security_admin"].staff_number, follow=True)
    assert "不能停用自己的账号" in sentences(own)
    grant = {
        "organ": town.organ.pk, "acting_organ": town.other_organ.pk, "role": "secrecy_reviewer",
        "starts_on": "2026-01-01", "ends_on": "2099-01-01", "reason": "人员不足，经批准",
    }  # fmt: skip
    assert browser.post("grants", **grant).status_code == 302
    given = ActingGrant.objects.get()
    browser.post("end_grant", given.pk)
    given.refresh_from_db()
    assert given.ends_on.year < 2099


def test_a_grant_opens_exactly_that_step_of_exactly_that_agency(at, desk, town):
    item = desk.draft()
    version = desk.submit(item)
    assert at("other_secrecy").get("item", item.code).status_code == 404
    at("security_admin").post(
        "grants", organ=town.organ.pk, acting_organ=town.other_organ.pk, role="secrecy_reviewer", starts_on="2026-01-01",
        ends_on="2099-01-01", reason="人员不足，经批准",
    )  # fmt: skip
    desk.opine(version, 1, "section_reviewer")
    desk.opine(version, 2, "compliance_reviewer")
    lent = at("other_secrecy")
    assert lent.get("review", item.code).status_code == 200
    assert lent.post("opine", item.code, 3, verdict="approve", digest=version.digest).status_code == 302
    item.refresh_from_db()
    assert item.public == "live"
    assert at("other_drafter").get("item", item.code).status_code == 404


def test_the_audit_administrator_reads_the_record_and_verifies_it(at, desk):
    from tests.conftest import AT

    item = desk.draft(title="不给审计看的标题")
    seal_all(at=AT)
    browser = at("audit_admin")
    page = sentences(browser.get("ledger", kind="item.created"))
    assert f"信息 {item.code}" in page
    assert "不给审计看的标题" not in page
    assert "条记录完整，没有改动。" in sentences(browser.post("verification"))
    assert sentences(browser.get("ledger", who="T001", subject=f"item:{item.code}")).count("保存草稿") >= 1
    assert sentences(browser.get("ledger", who="T001", subject=item.code)).count("保存草稿") >= 1


def test_columns_are_set_up_once_and_keep_their_address(at, town):
    from gongkai.disclosure.models import Column

    browser = at("system_admin")
    values = {
        "name": "通知公告",
        "description": "本市通知",
        "keywords": "通知",
        "kind": "通知",
        "order": "1",
        "heading": "",
    }
    assert browser.post("new_column", **values, slug="notices").status_code == 302
    twice = browser.post("new_column", **values, slug="notices")
    assert "栏目代码 notices 已被使用" in sentences(twice)
    assert browser.post("column", "notices", **values | {"name": "通知"}).status_code == 302
    assert [(c.slug, c.name) for c in Column.objects.all()] == [("notices", "通知")]


def test_the_catalogue_goes_out_in_its_standard_form(at, town):
    import io

    from openpyxl import load_workbook

    from gongkai.disclosure.models import Catalogue, CatalogueEntry
    from tests.conftest import AT

    catalogue = Catalogue.objects.create(organ=town.organ, year=2026, imported_at=AT)
    CatalogueEntry.objects.create(
        catalogue=catalogue, serial=1, level1="社会救助", content="名单", limit_text="7个工作日内", limit_kind="working_days",
        limit_n=7, subject_text="民政局", audience="公众", method="proactive", level="市级", heading="20-11",
    )  # fmt: skip
    answer = at("drafter").get("catalogue", export="xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert "社会救助" in [cell.value for cell in sheet[3]]
