"""Nothing on a desk page leads nowhere, and nothing presses that is done."""

import re

import pytest
from django.test import Client

from gongkai.desk.pages.findings import spot
from tests.conftest import AT
from tests.desk.conftest import sentences


def test_the_sign_in_page_names_the_site_and_not_the_host(db, settings):
    page = Client().get("/desk/login/").content.decode()
    assert settings.SITE["name"] in page
    assert "testserver" not in page


@pytest.mark.parametrize(
    ("place", "element"),
    [
        ("body", "mark-4"), ("title", "text"), ("links", "text"), ("summary", "summary"), ("filename:2", "attachment-2"),
        ("attachment:2", "attachment-2"),
    ],
)  # fmt: skip
def test_a_finding_leads_to_the_part_it_stands_in(place, element):
    assert spot(place, 4) == element


def test_an_unknown_place_is_refused():
    with pytest.raises(ValueError, match="elsewhere"):
        spot("elsewhere", 1)


def test_every_link_inside_the_review_page_has_its_target(at, desk):
    item = desk.draft(
        title="关于公布 11010519491231002X 等人名单的公告",
        summary="联系人身份证号码 11010519491231002X。",
        body="<p>联系人身份证号码 11010519491231002X。</p>",
    )
    desk.submit(item)
    page = sentences(at("secrecy_reviewer").get("review", item.code))
    targets = set(re.findall(r'href="#([^"]+)"', page))
    assert {"text", "summary"} < targets
    assert targets - set(re.findall(r'\bid="([^"]+)"', page)) == set()


def test_a_text_that_is_out_has_no_running_clock(at, desk):
    item = desk.draft()
    version = desk.submit(item)
    officer = at("emergency_officer")
    pages = [("item", item.code), ("review", item.code)]
    assert [sentences(officer.get(*page)).count('class="clock ') for page in pages] == [1, 1]
    officer.post("emergency", item.code, digest=version.digest, reason="山洪预警，须立即告知。", declare="1")
    at("secrecy_reviewer").post("opine", item.code, 3, verdict="approve", digest=version.digest)
    officer.post("emergency", item.code, digest=version.digest, release="1")
    assert [sentences(officer.get(*page)).count('class="clock ') for page in pages] == [0, 0]


def test_an_open_request_about_personal_data_stands_in_the_list_of_those_who_answer_it(at, desk):
    from gongkai.disclosure.actions.corrections import ask_correction

    release = desk.release()
    reviewer = at("compliance_reviewer")
    assert "更正或者删除个人信息的申请等待办理" not in sentences(reviewer.get("todo"))
    ask_correction(release.item, "correct", contact="测试电话", words="姓名有误。", at=AT)
    assert "1 件更正或者删除个人信息的申请等待办理" in sentences(reviewer.get("todo"))
    assert "更正或者删除个人信息的申请等待办理" not in sentences(at("drafter").get("todo"))


def test_the_menu_is_the_same_beside_a_document_as_everywhere(at, desk):
    """Screens with a document and its decisions have a frame of their own, with the entries all others have."""
    item = desk.draft()
    desk.submit(item)
    reviewer = at("compliance_reviewer")

    def entries(*page: str) -> list[str]:
        menu = re.search(r"<nav\b.*?</nav>", sentences(reviewer.get(*page)), re.DOTALL)
        assert menu is not None
        return re.findall(r'href="([^"]+)"', menu[0])

    assert entries("review", item.code) == entries("item", item.code)
    assert {"/desk/inspection/", "/desk/upkeep/", "/desk/channels/"} < set(entries("review", item.code))
