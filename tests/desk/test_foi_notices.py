"""The officer sees how the notices of the organ stand, decides about one, and never sees an address."""

from __future__ import annotations

import pytest

from gongkai.notices.models import OutgoingNotice
from tests.desk.conftest import Browser, sentences
from tests.foi.conftest import ADDRESS, NAME, PHONE, counter, office  # noqa: F401
from tests.notices.conftest import EMAIL, gateway, post, town  # noqa: F401
from tests.notices.conftest import Town as Noticed

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_in(town: Noticed):  # noqa: F811
    from django.test import Client

    def browser(who: str) -> Browser:
        client = Client()
        client.force_login(town.counter.town.people[who], backend="django.contrib.auth.backends.ModelBackend")
        return Browser(client)

    return browser


def unclear(town, post) -> OutgoingNotice:  # noqa: F811
    town.queued()
    post.fault = "drop_after_text"
    town.send()
    post.fault = ""
    return OutgoingNotice.objects.get()


def test_states_attempts_and_no_address(town, post, sign_in):  # noqa: F811
    notice = unclear(town, post)
    page = sign_in("foi_officer").get("case_notices")
    assert page.status_code == 200
    text = sentences(page)
    assert notice.request.number in text
    assert "1 条通知要您处理" in text
    assert "不清楚是否发出" in text
    assert "本系统没有启用：短信" in text
    for secret in (EMAIL, NAME, PHONE, ADDRESS):
        assert secret not in text


def test_a_decision_takes_effect_once(town, post, sign_in):  # noqa: F811
    notice = unclear(town, post)
    officer = sign_in("foi_officer")
    said = sentences(officer.post("case_notice_settle", notice.pk, verb="sent", follow=True))
    assert "已认定为发出。" in said
    assert OutgoingNotice.objects.get().state == "sent"
    said = sentences(officer.post("case_notice_settle", notice.pk, verb="retry", follow=True))
    assert "这条通知现在是“已发出”，没有改动。" in said
    assert OutgoingNotice.objects.get().state == "sent"
    assert officer.post("case_notice_settle", notice.pk, verb="delete").status_code == 404


def test_nobody_else_sees_or_decides(town, post, sign_in):  # noqa: F811
    notice = unclear(town, post)
    for who in ("drafter", "foi_head", "leader", "other_drafter", "system_admin"):
        assert sign_in(who).get("case_notices").status_code == 404
        assert sign_in(who).post("case_notice_settle", notice.pk, verb="retry").status_code == 404
    assert OutgoingNotice.objects.get().state == "unclear"


def test_pages_and_filters(town, post, sign_in):  # noqa: F811
    for _ in range(27):
        town.case(email="")
    town.follow()
    town.send()
    officer = sign_in("foi_officer")
    first = officer.get("case_notices")
    assert (len(first.context["rows"]), first.context["pager"]["next_url"][-7:]) == (25, "?page=2")
    assert len(officer.get("case_notices", page=2).context["rows"]) == 2
    assert [row["problem"] for row in officer.get("case_notices", state="no_address").context["rows"]] == [
        "申请人没有留下这种联系方式"
    ]
    assert len(officer.get("case_notices", state="nonsense").context["rows"]) == 25
    assert "还没有给申请人发过通知" in sentences(officer.get("case_notices", page=999999))
