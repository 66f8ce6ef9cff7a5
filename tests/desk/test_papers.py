"""Handbooks, printed copies and transfer lists in the browser: one screen per step, and walls between agencies."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from gongkai.channels.actions.editions import make
from gongkai.channels.models import Edition, Handbook, PrintEnding, PrintRun, Receiver, Transfer
from gongkai.desk.urls_papers import urlpatterns
from gongkai.ledger.models import Fact
from tests.conftest import AT, TODAY

GET, POST, BOTH = ("get",), ("post",), ("get", "post")
# name: (methods, arguments); what belongs to an agency is as good as none for others
OF_AN_AGENCY = {
    "handbook": (GET, (1,)),
    "change_handbook": (BOTH, (1,)),
    "handbook_items": (BOTH, (1,)),
    "publish_handbook": (POST, (1,)),
    "preview_handbook": (GET, (1,)),
    "edition_file": (GET, (1, 1)),
    "record_print": (BOTH, (1,)),
    "settle_run": (BOTH, (1,)),
    "end_receiver": (POST, (1,)),
    "make_transfer": (POST, (1,)),
    "transfer": (BOTH, (1,)),
    "give_up_transfer": (POST, (1,)),
    "transfer_file": (GET, (1, "sheet")),
}
LISTS = {"handbooks": GET, "outdated_prints": GET, "transfers": GET}
FORMS = {"new_handbook": BOTH, "new_receiver": BOTH}
COVER = {"title": "青禾市便民服务手册", "subtitle": "", "contact": "", "paper": "A5", "chapters": "hand"}
TITLE = "临时救助办理指南"


@pytest.fixture(autouse=True)
def on_that_day(monkeypatch, settings):
    """The desk stands at the day of the fixtures, so that what was printed today is not in the future."""
    settings.SITE = settings.SITE | {"base_url": "https://www.qinghe.example"}
    monkeypatch.setattr("django.utils.timezone.localtime", _localtime)


def _localtime(value=None, timezone=None):
    from django.utils.timezone import get_current_timezone

    return (value or AT).astimezone(timezone or get_current_timezone())


@pytest.fixture
def papers(desk, at):
    """A published handbook with an edition and a print, a receiver with a list: all made over the screens."""
    item = desk.draft(title=TITLE)
    desk.release(item)
    keeper = at("compliance_reviewer")
    keeper.post("new_handbook", organ=item.organ_id, **COVER)
    handbook = Handbook.objects.get()
    keeper.post("handbook_items", handbook.pk, act="add", number=[item.index_number], chapter="救助")
    keeper.post("publish_handbook", handbook.pk, published="yes")
    edition = make(handbook.pk, at=AT, on=TODAY)
    keeper.post("record_print", handbook.pk, edition=edition.pk, copies=300, place="大厅", on=TODAY.isoformat())
    keeper.post("new_receiver", organ=item.organ_id, kind="archive", name="青禾市档案馆", starts_on="")
    receiver = Receiver.objects.get()
    keeper.post("make_transfer", receiver.pk, until=TODAY.isoformat())
    return SimpleNamespace(
        item=item, handbook=handbook, edition=edition, run=PrintRun.objects.get(), receiver=receiver,
        transfer=Transfer.objects.get(),
    )  # fmt: skip


def numbers(papers, name: str) -> tuple[object, ...]:
    """Arguments of an address with the keys of what there is."""
    keys = {
        "settle_run": papers.run.pk, "end_receiver": papers.receiver.pk, "make_transfer": papers.receiver.pk,
        "transfer": papers.transfer.pk, "give_up_transfer": papers.transfer.pk, "transfer_file": papers.transfer.pk,
    }  # fmt: skip
    return (keys.get(name, papers.handbook.pk), *OF_AN_AGENCY[name][1][1:])


def page(response) -> str:
    return response.content.decode()


# ---- walls -----------------------------------------------------------------------------------------------------------


def test_every_address_is_declared_here():
    assert {pattern.name for pattern in urlpatterns} == {*OF_AN_AGENCY, *LISTS, *FORMS}


@pytest.mark.parametrize("who", ["other_drafter", "other_secrecy", "system_admin", "security_admin", "audit_admin"])
def test_what_belongs_to_another_agency_is_as_good_as_none(at, papers, who):
    browser, facts = at(who).client, Fact.objects.count()
    for name, (methods, _) in OF_AN_AGENCY.items():
        for method in methods:
            there = getattr(browser, method)(reverse(f"desk:{name}", args=numbers(papers, name)))
            assert there.status_code in (403, 404), f"{method} {name}"
            assert TITLE not in page(there), name
    for name in LISTS:
        shown = browser.get(reverse(f"desk:{name}"))
        assert shown.status_code in (200, 403)
        assert "青禾市便民服务手册" not in page(shown)
        assert "青禾市档案馆" not in page(shown)
    for name, methods in FORMS.items():
        for method in methods:
            assert getattr(browser, method)(reverse(f"desk:{name}")).status_code == 403
    assert Fact.objects.count() == facts


def test_strangers_sign_in_first(papers):
    every = {name: (methods, numbers(papers, name)) for name, (methods, _) in OF_AN_AGENCY.items()}
    every |= {name: (methods, ()) for name, methods in (LISTS | FORMS).items()}
    for name, (methods, args) in every.items():
        for method in methods:
            answer = getattr(Client(), method)(reverse(f"desk:{name}", args=args))
            assert (answer.status_code, answer.url.startswith("/desk/login/")) == (302, True), name


def test_no_form_is_taken_without_its_token(town, papers):
    client = Client(enforce_csrf_checks=True)
    client.force_login(town.people["compliance_reviewer"], backend="django.contrib.auth.backends.ModelBackend")
    for name, (methods, _) in OF_AN_AGENCY.items():
        if "post" in methods:
            assert client.post(reverse(f"desk:{name}", args=numbers(papers, name))).status_code == 403, name


@pytest.mark.parametrize("who", ["supervisor", "leader", "section_reviewer"])
def test_those_who_only_read_change_nothing(at, papers, who):
    browser, facts = at(who).client, Fact.objects.count()
    told = {
        "act": "add", "number": [papers.item.index_number], "published": "yes", "reason": "理由", "verb": "replaced",
        "on": TODAY.isoformat(), "copies": 5, "place": "大厅", "edition": papers.edition.pk, "receipt_number": "1", **COVER,
    }  # fmt: skip
    for name, (methods, _) in OF_AN_AGENCY.items():
        if "get" in methods:
            answer = browser.get(reverse(f"desk:{name}", args=numbers(papers, name)))
            assert answer.status_code == 200, name
            answer.close()
        if "post" in methods:
            answer = browser.post(reverse(f"desk:{name}", args=numbers(papers, name)), told)
            assert answer.status_code in (302, 422), name
    assert Fact.objects.count() == facts


# ---- handbooks -------------------------------------------------------------------------------------------------------


def test_the_set_is_searched_added_ordered_and_taken_out_without_script(at, desk, papers):
    second, third = desk.draft(title="高龄津贴办理指南"), desk.draft(title="婚姻登记办理指南")
    for item in (second, third):
        desk.release(item)
    browser, number = at("drafter"), papers.handbook.pk
    found = page(browser.get("handbook_items", number, q="办理指南"))
    assert (found.count('name="number"'), found.count("已在手册里")) == (3, 1)
    chosen = [second.index_number, third.index_number]
    browser.post("handbook_items", number, act="add", number=chosen, chapter="民生")

    def order():
        return list(papers.handbook.chosen.values_list("item_id", "chapter"))

    first = papers.item
    assert order() == [(first.pk, "救助"), (second.pk, "民生"), (third.pk, "民生")]
    typed = {f"order-{item.pk}": n for n, item in enumerate((first, second, third), start=1)}
    typed |= {f"chapter-{first.pk}": "救助", f"chapter-{second.pk}": "养老", f"chapter-{third.pk}": "婚姻"}
    browser.post("handbook_items", number, act=f"up:{third.pk}", **typed)
    assert order() == [(first.pk, "救助"), (third.pk, "婚姻"), (second.pk, "养老")]
    browser.post("handbook_items", number, act="arrange", **(typed | {f"order-{first.pk}": 9}))
    assert [key for key, _ in order()] == [second.pk, third.pk, first.pk]
    browser.post(
        "handbook_items", number, act=f"down:{second.pk}", **{f"order-{k}": n for n, (k, _) in enumerate(order(), 1)}
    )
    assert [key for key, _ in order()] == [third.pk, second.pk, first.pk]
    browser.post("handbook_items", number, act=f"remove:{third.pk}", **typed)
    assert [key for key, _ in order()] == [second.pk, first.pk]
    browser.post("handbook_items", number, act="add_all", kind="heading:20-11", chapter="全部")
    assert [key for key, _ in order()] == [second.pk, first.pk, third.pk]


@pytest.mark.parametrize(
    "told", [{}, {"act": "up:x"}, {"act": "remove:"}, {"act": "add_all", "kind": "x"}, {"act": "add"}]
)
def test_forms_sent_by_hand_change_nothing(at, papers, told):
    answer = at("drafter").post("handbook_items", papers.handbook.pk, **told)
    assert (answer.status_code, papers.handbook.chosen.count()) == (302, 1)


def test_editions_and_the_preview_are_downloaded_in_the_desk(at, papers):
    browser, number = at("drafter"), papers.handbook.pk
    answer = browser.get("edition_file", number, 1)
    made = b"".join(answer.streaming_content)
    answer.close()
    preview = browser.get("preview_handbook", number)
    for data, words in ((made, "第 1 版"), (preview.content, "预览，尚未公开")):
        with pypdfium2.PdfDocument(io.BytesIO(data)) as pdf:
            assert words in pdf[0].get_textpage().get_text_range()
    assert browser.get("edition_file", number, 2).status_code == 404
    assert Edition.objects.count() == 1


def test_what_stands_in_the_way_is_said_at_its_field(at, papers):
    browser = at("compliance_reviewer")
    for name, args, told, words in (
        ("change_handbook", (papers.handbook.pk,), COVER | {"title": " "}, "请填写这一项"),
        ("record_print", (papers.handbook.pk,), {"copies": 0, "place": "", "on": ""}, "请填写日期"),
        ("settle_run", (papers.run.pk,), {"verb": "", "reason": "", "on": ""}, "请选择怎样处理的"),
        ("transfer", (papers.transfer.pk,), {"on": TODAY.isoformat(), "receipt_number": ""}, "请填写回执编号"),
    ):
        answer = browser.post(name, *args, **told)
        assert (answer.status_code, words in page(answer)) == (422, True), name


def test_a_print_that_is_out_of_date_is_shown_and_dealt_with(at, papers, town):
    from gongkai.disclosure.actions.withdraw import withdraw

    browser = at("drafter")
    assert "没有过时的印刷件" in page(browser.get("outdated_prints"))
    withdraw(papers.item.pk, "error", explanation="有误。", actor=town.actor("leader"), at=AT, today=TODAY)
    assert "1 批印刷件已经过时" in page(browser.get("handbooks"))
    assert "1 批印刷件已经过时" in page(browser.get("todo"))
    shown = page(browser.get("outdated_prints"))
    assert all(words in shown for words in (TITLE, "大厅", "300 册", "第 3 页", "应当收回"))
    assert "已附更正页" not in page(browser.get("settle_run", papers.run.pk))
    told = {"verb": "destroyed", "reason": "全部收回。", "on": TODAY.isoformat()}
    assert browser.post("settle_run", papers.run.pk, **told).status_code == 302
    assert "没有过时的印刷件" in page(browser.get("outdated_prints"))
    assert "印刷件" not in page(browser.get("todo"))
    assert PrintEnding.objects.get().verb == "destroyed"


# ---- transfer lists --------------------------------------------------------------------------------------------------


def test_a_list_is_made_downloaded_and_handed_over(at, papers):
    browser, number = at("compliance_reviewer"), papers.transfer.pk
    shown = page(browser.get("transfer", number))
    assert (TITLE in shown, papers.transfer.digest in shown) == (True, True)
    assert browser.get("transfer_file", number, "sheet").content[:2] == b"PK"
    assert browser.get("transfer_file", number, "paper").content[:5] == b"%PDF-"
    assert browser.get("transfer_file", number, "scan").status_code == 404
    assert browser.get("transfer_file", number, "other").status_code == 404
    assert "等待移交" in page(browser.get("transfers"))
    browser.post("transfer", number, on=TODAY.isoformat(), receipt_number="青档收1号")
    papers.transfer.refresh_from_db()
    assert (papers.transfer.handed_over_on, papers.transfer.receipt_number) == (TODAY, "青档收1号")
    assert "已移交" in page(browser.get("transfer", number))
    assert "没有还没移交的信息" in page(browser.client.post(
        reverse("desk:make_transfer", args=[papers.receiver.pk]), {"until": TODAY.isoformat()}, follow=True
    ))  # fmt: skip


@pytest.mark.parametrize("until", ["明天", "2026-13-01", "9999-01-01"])
def test_a_day_that_is_none_makes_no_list(at, papers, until):
    browser = at("compliance_reviewer")
    browser.post("give_up_transfer", papers.transfer.pk, reason="重做。")
    browser.post("make_transfer", papers.receiver.pk, until=until)
    assert Transfer.objects.filter(given_up_at__isnull=True).count() == 0
