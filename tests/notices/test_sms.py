"""SMS over a real HTTP gateway."""

from __future__ import annotations

import pytest

from gongkai.notices.models import OutgoingNotice
from gongkai.notices.states import PAUSES
from tests.foi.conftest import ADDRESS, NAME, PHONE

pytestmark = pytest.mark.django_db


def stand() -> tuple[str, str]:
    notice = OutgoingNotice.objects.get()
    return notice.state, notice.problem


def test_the_text_goes_to_the_mobile_number_with_a_reference(town, gateway):
    case = town.queued()
    town.send("sms")
    assert stand() == ("sent", "")
    token, told = gateway.taken[0]
    assert token == "Bearer a-token"
    assert told["to"] == PHONE
    assert told["reference"] == OutgoingNotice.objects.get().reference
    assert told["text"].startswith(f"市民政局：政府信息公开申请{case.number}，申请已经收到，答复期限开始计算。答复最迟")
    assert not any(secret in told["text"] for secret in (NAME, ADDRESS, PHONE))
    assert sorted(told) == ["reference", "text", "to"]


@pytest.mark.parametrize(
    ("status", "state", "problem", "stops"),
    [
        (202, "sent", "", False),
        (401, "queued", "login", True),
        (429, "queued", "busy", True),
        (503, "queued", "busy", True),
        (400, "failed", "content", False),
        (408, "unclear", "lost", False),
        (500, "unclear", "lost", False),
        (504, "unclear", "lost", False),
        (302, "unclear", "lost", False),
        (0, "unclear", "lost", False),
    ],
)
def test_each_answer_has_its_outcome(town, gateway, status, state, problem, stops):
    town.queued()
    gateway.status = status
    assert (town.send("sms") == "down") == stops
    assert stand() == (state, problem)
    gateway.status = 200
    town.later = PAUSES[0]
    town.send("sms")
    assert len(gateway.taken) == (2 if state == "queued" else 1)


def test_a_gateway_that_is_not_there(town, gateway, settings):
    import socket

    town.queued()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{free.getsockname()[1]}/"
        assert town.send("sms") == "down"
    assert stand() == ("queued", "unreachable")


@pytest.mark.parametrize(
    ("phone", "to"),
    [("+86 139-0000-1234", "13900001234"), ("１３９００００１２３４", "13900001234"), ("0000-88120101", ""), ("", "")],
)
def test_only_mobile_numbers_get_a_text(town, gateway, phone, to):
    town.queued(phone=phone)
    town.send("sms")
    assert [told["to"] for _, told in gateway.taken] == ([to] if to else [])
    assert stand()[0] == ("sent" if to else "no_address")


def test_an_address_that_is_none_is_told_at_once():
    from gongkai.notices.sms import HttpSmsGateway

    with pytest.raises(ValueError, match="SMS_GATEWAY_URL"):
        HttpSmsGateway("gateway.example/send", "t")
