"""Asking whether an address answers, without being led inside."""

from __future__ import annotations

import pytest

from gongkai.reporting.fetching import ask, is_public
from tests.channels.stand_in import StandIn


def here(address: str) -> bool:
    return address == "127.0.0.1"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "::1",
        "fe80::1", "fd00::1", "::ffff:169.254.169.254", "224.0.0.1", "255.255.255.255",
    ],
)  # fmt: skip
def test_addresses_of_our_own_house_are_not_public(address):
    assert not is_public(address)


def test_addresses_of_the_internet_are():
    assert is_public("93.184.215.14")
    assert is_public("2606:2800:21f:cb07:6820:80da:af6b:8b2c")


def test_by_default_nothing_on_this_machine_is_asked():
    with StandIn(lambda asked: (200, {}, b"")) as server:
        assert ask(server.url + "/x").state == "refused"
        assert server.asked == []


@pytest.mark.parametrize(
    ("status", "state"), [(200, "alive"), (403, "alive"), (429, "alive"), (404, "dead"), (410, "dead"), (500, "dead")]
)
def test_what_a_status_means(status, state):
    with StandIn(lambda asked: (status, {}, b"")) as server:
        assert ask(server.url + "/x", allowed=here).state == state


def test_a_server_that_does_not_know_head_is_asked_again_with_get():
    with StandIn(lambda asked: (501 if asked.method == "HEAD" else 200, {}, b"")) as server:
        assert ask(server.url + "/x", allowed=here).state == "alive"
        assert [asked.method for asked in server.asked] == ["HEAD", "GET"]


def test_a_redirect_to_the_inside_is_not_followed():
    with StandIn(lambda asked: (302, {"Location": "http://169.254.169.254/latest/meta-data/"}, b"")) as server:
        answered = ask(server.url + "/x", allowed=here)
    assert (answered.state, answered.told) == ("refused", "指向内部网络，没有访问")


def test_a_redirect_to_another_scheme_is_not_followed():
    with StandIn(lambda asked: (302, {"Location": "file:///etc/passwd"}, b"")) as server:
        assert ask(server.url + "/x", allowed=here).state == "refused"


def test_redirects_in_a_circle_end():
    with StandIn(lambda asked: (302, {"Location": "/x"}, b"")) as server:
        answered = ask(server.url + "/x", allowed=here)
    assert (answered.state, answered.told, len(server.asked)) == ("dead", "跳转次数过多", 4)


def test_nobody_there():
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert ask(f"http://127.0.0.1:{port}/", allowed=here).told == "连接不上或者没有按时答复"
