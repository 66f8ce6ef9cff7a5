"""Nobody reaches another agency's unreleased work by any address of the desk, and administrators reach no item at all.

Every address is declared here; one that is not fails the first test. An item of another agency must answer exactly as
one that does not exist.
"""

from __future__ import annotations

import itertools

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from gongkai.desk.urls import urlpatterns
from gongkai.ledger.models import Fact

GET, POST, BOTH = ("get",), ("post",), ("get", "post")
SECRET = "尚未公开的救助名单"
CODE, DIGEST = "item", "digest"

# name: (methods, arguments after the item's code)
OF_ONE_ITEM = {
    "item": (GET, ()),
    "edit": (BOTH, ()),
    "autosave": (POST, ()),
    "presence": (POST, ()),
    "guess": (POST, ()),
    "upload": (POST, ()),
    "interprets": (BOTH, ()),
    "add_image": (POST, ()),
    "image": (GET, ("0" * 64,)),
    "add_file": (POST, ()),
    "file": (GET, (1,)),
    "remove_file": (POST, (1,)),
    "notice_sheet": (GET, ()),
    "preview": (GET, ()),
    "submit": (BOTH, ()),
    "recall": (POST, ()),
    "redraft": (POST, ()),
    "revise": (POST, ()),
    "discard": (POST, ()),
    "withdraw": (BOTH, ()),
    "reassess": (BOTH, ()),
    "schedule": (BOTH, ()),
    "look": (BOTH, ()),
    "hand_over": (BOTH, ()),
    "review": (GET, ()),
    "opine": (POST, (1,)),
    "answer": (POST, (1,)),
    "emergency": (BOTH, ()),
    "compare": (GET, ()),
    "version": (GET, (1,)),
    "version_file": (GET, (1, 1)),
    "redact": (GET, (1,)),
    "add_mark": (POST, (1,)),
    "accept_marks": (POST, (1,)),
    "decide_mark": (POST, (1, 1)),
    "renew_copy": (POST, (1,)),
    "beside": (GET, (1,)),
    "original": (GET, (1,)),
    "file_page": (GET, (1, "original", 1)),
    "file_lines": (GET, (1, 1)),
    "version_original": (GET, (1, 1)),
    "version_beside": (GET, (1, 1)),
    "version_page": (GET, (1, 1, "original", 1)),
    "confirm_copy": (POST, (1,)),
    "item_channels": (GET, ()),
    "choose_channels": (BOTH, ()),
    "record_by_hand": (BOTH, ()),
    "hand_scan": (GET, (1,)),
    "handoff": (GET, ()),
    "handoff_picture": (GET, ("qr",)),
    "settle_channel": (POST, ("feed",)),
    "take_back_channel": (POST, ("feed",)),
}
# name: (methods, arguments); what is listed is only what the person may see
LISTS = {
    "todo": (GET, ()),
    "todo_export": (GET, ()),
    "items": (GET, ()),
    "items_export": (GET, ()),
    "new": (BOTH, ()),
    "coverage": (GET, ()),
    "catalogue": (GET, ()),
    "upkeep": (GET, ()),
    "upkeep_findings": (GET, ()),
    "upkeep_check": (POST, ()),
    "cleanings": (GET, ()),
    "new_cleaning": (BOTH, ()),
    "corrections": (GET, ()),
    "board": (GET, ()),
    "inspection": (GET, ()),
    "inspect_now": (POST, ()),
    "channels": (GET, ()),
    "channels_to_settle": (GET, ()),
    "profile": (BOTH, ()),
}
# name: (methods, arguments, the one role)
ADMINISTRATION = {
    "organs": (GET, (), "system_admin"),
    "new_organ": (BOTH, (), "system_admin"),
    "organ": (BOTH, ("QH-MZ",), "system_admin"),
    "columns": (GET, (), "system_admin"),
    "new_column": (BOTH, (), "system_admin"),
    "column": (BOTH, ("notices",), "system_admin"),
    "plans": (GET, (), "system_admin"),
    "plan": (BOTH, ("default",), "system_admin"),
    "accounts": (GET, (), "security_admin"),
    "new_account": (BOTH, (), "security_admin"),
    "account": (BOTH, ("T001",), "security_admin"),
    "disable_account": (POST, ("T001",), "security_admin"),
    "end_post": (POST, (1,), "security_admin"),
    "grants": (BOTH, (), "security_admin"),
    "end_grant": (POST, (1,), "security_admin"),
    "ledger": (GET, (), "audit_admin"),
    "verification": (BOTH, (), "audit_admin"),
}
COLUMN = {
    "slug": "notices", "name": "通知", "description": "本市通知", "keywords": "通知", "kind": "通知", "order": "1", "heading": "",
}  # fmt: skip
OF_ONE_REQUEST = {"correction": (BOTH, ())}
# Campaigns have their own walls: test_cleaning.py.
OF_ONE_CLEANING = {
    "cleaning": (GET, (1,)),
    "add_to_cleaning": (POST, (1,)),
    "finish_cleaning": (POST, (1,)),
    "cleaning_line": (BOTH, (1, 1)),
    "drop_from_cleaning": (POST, (1, 1)),
    "settle_cleaning": (POST, (1, 1)),
}
OPEN_DOORS = {"login", "logout"}

OUTSIDERS = ("other_drafter", "other_secrecy", "system_admin", "security_admin", "audit_admin")
INSIDERS = (
    "drafter", "drafter2", "section_reviewer", "compliance_reviewer", "secrecy_reviewer", "leader", "emergency_officer",
    "supervisor",
)  # fmt: skip


def test_every_address_is_declared_here():
    declared = {*OF_ONE_ITEM, *LISTS, *ADMINISTRATION, *OF_ONE_REQUEST, *OF_ONE_CLEANING, *OPEN_DOORS}
    # Requests have their own walls: test_foi_walls.py.
    assert {pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)} == declared


@pytest.fixture
def secret(desk, town):
    """An item in review with an attachment and an image, and a second one still a draft: both must stay inside."""
    from gongkai.disclosure.actions.corrections import ask_correction
    from gongkai.disclosure.actions.save_draft import save_draft
    from tests.conftest import AT
    from tests.desk.conftest import png

    actor = town.actor("drafter")
    item = desk.draft(title=SECRET)
    desk.attach(item, b"a,b\n1,2\n", "a.csv")
    image = desk.attach(item, png(), "p.png", inline=True)
    body = f'<p>名单。</p><p><img src="asset:{image.blob_id}"></p>'
    item.draft.refresh_from_db()
    save_draft(item.pk, {"body": body}, based_on=item.draft.revision, actor=actor, at=AT, today=AT.date())
    item.draft.refresh_from_db()
    version = desk.submit(item)
    draft = desk.draft(title=f"{SECRET}（草稿）")
    desk.attach(draft, b"a,b\n1,2\n", "a.csv")
    asked = ask_correction(item, "delete", contact="来信", words="请删去我的姓名。", at=AT)
    return {"item": item, "draft": draft, "version": version, "image": image.blob_id, "asked": asked}


def arguments(name: str, code: str, image: str) -> tuple:
    extra = (image,) if name == "image" else OF_ONE_ITEM[name][1]
    return (code, *extra)


@pytest.mark.parametrize("who", OUTSIDERS)
def test_an_item_of_another_agency_is_as_good_as_none(at, secret, who):
    browser = at(who).client
    facts = Fact.objects.count()
    for name, (methods, _) in OF_ONE_ITEM.items():
        for method, code in itertools.product(methods, (secret["item"].code, secret["draft"].code)):
            there = reverse(f"desk:{name}", args=arguments(name, code, secret["image"]))
            nowhere = reverse(f"desk:{name}", args=arguments(name, "A" * 12, secret["image"]))
            one, none = getattr(browser, method)(there), getattr(browser, method)(nowhere)
            assert (one.status_code, none.status_code) == (404, 404), f"{method} {name}"
            assert one.content.replace(code.encode(), b"") == none.content.replace(b"A" * 12, b""), f"{method} {name}"
    assert Fact.objects.count() == facts


@pytest.mark.parametrize("who", OUTSIDERS)
def test_lists_show_outsiders_nothing_of_it(at, secret, who):
    browser = at(who).client
    for name, (methods, args) in LISTS.items():
        answer = browser.get(reverse(f"desk:{name}", args=args))
        assert answer.status_code in ((200, 403) if "get" in methods else (405,)), name
        text = answer.content.decode()
        assert SECRET not in text, name
        assert secret["item"].code not in text, name
    for query in ({"q": SECRET}, {"organ": "QH-MZ"}, {"tab": "past"}):
        assert SECRET.encode() not in browser.get(reverse("desk:items"), query).content.replace(
            f'value="{SECRET}"'.encode(), b""
        ).replace(f'name="q" value="{SECRET}"'.encode(), b"")


@pytest.mark.parametrize("who", OUTSIDERS)
def test_requests_about_another_agencys_page_are_not_found(at, secret, who):
    browser = at(who).client
    for method in ("get", "post"):
        answer = getattr(browser, method)(reverse("desk:correction", args=[secret["asked"].pk]), {"answer": "办结"})
        assert answer.status_code == 404
    secret["asked"].refresh_from_db()
    assert secret["asked"].answered_at is None


@pytest.mark.parametrize("who", [*INSIDERS, *OUTSIDERS])
@pytest.mark.parametrize("name", sorted(ADMINISTRATION))
def test_administration_is_for_its_one_administrator(at, town, who, name):
    methods, args, role = ADMINISTRATION[name]
    if who == role:
        if name == "column":
            at(who).post("new_column", **COLUMN)
        if "get" in methods:
            assert at(who).get(name, *args).status_code == 200
        return
    facts = Fact.objects.count()
    for method in methods:
        assert getattr(at(who).client, method)(reverse(f"desk:{name}", args=args)).status_code == 403
    assert Fact.objects.count() == facts


def test_strangers_are_sent_to_the_sign_in_page_everywhere(secret):
    everything = {**{n: (m, arguments(n, secret["item"].code, secret["image"])) for n, (m, _) in OF_ONE_ITEM.items()}}
    everything |= LISTS | {name: (m, args) for name, (m, args, _role) in ADMINISTRATION.items()}
    everything |= {"correction": (BOTH, (secret["asked"].pk,))} | OF_ONE_CLEANING
    for name, (methods, args) in everything.items():
        for method in methods:
            answer = getattr(Client(), method)(reverse(f"desk:{name}", args=args))
            assert answer.status_code == 302, name
            assert answer.url.startswith("/desk/login/"), name


def test_no_form_is_taken_without_its_token(town, secret):
    client = Client(enforce_csrf_checks=True)
    client.force_login(town.people["drafter"], backend="django.contrib.auth.backends.ModelBackend")
    for name, (methods, _) in OF_ONE_ITEM.items():
        if "post" in methods:
            address = reverse(f"desk:{name}", args=arguments(name, secret["draft"].code, secret["image"]))
            assert client.post(address).status_code == 403, name


@pytest.mark.parametrize("who", INSIDERS)
def test_insiders_read_what_their_agency_is_working_on(at, secret, who):
    browser = at(who)
    assert SECRET in browser.get("item", secret["item"].code).content.decode()
    assert SECRET in browser.get("review", secret["item"].code).content.decode()
    for name, args in (
        ("version_file", (1, 1)),
        ("version_original", (1, 1)),
        ("version_beside", (1, 1)),
        ("image", (secret["image"],)),
    ):
        answer = browser.get(name, secret["item"].code, *args)
        assert answer.status_code == 200
        answer.close()


def test_the_supervisor_sees_all_and_changes_nothing(at, secret):
    browser = at("supervisor")
    facts = Fact.objects.count()
    for name, (methods, _) in OF_ONE_ITEM.items():
        if "post" not in methods:
            continue
        for code in (secret["item"].code, secret["draft"].code):
            data = {"verdict": "approve", "digest": secret["version"].digest, "reason": "看过", "answer": "lawful"}
            answer = browser.client.post(reverse(f"desk:{name}", args=arguments(name, code, secret["image"])), data)
            assert answer.status_code in (302, 409, 422, 404), name
    assert Fact.objects.count() == facts
