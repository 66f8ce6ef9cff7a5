"""The first password, and no second one by the same door."""

import pytest
from typer.testing import CliRunner

from gongkai.agencies.actions.people import add_person
from gongkai.agencies.actors import SYSTEM
from gongkai.config.command import app
from gongkai.ledger.models import Fact
from tests.conftest import AT

pytestmark = pytest.mark.django_db


def ask(*typed: str):
    return CliRunner().invoke(app, ["password", "T900"], input="\n".join(typed) + "\n")


def test_the_first_password_is_set_once_and_recorded():
    person = add_person("T900", "测试安管", password=None, actor=SYSTEM, at=AT)
    assert ask("a-long-new-password", "a-long-new-password").exit_code == 0
    person.refresh_from_db()
    assert person.check_password("a-long-new-password")
    assert Fact.objects.filter(kind="person.password_set").count() == 1
    again = ask("another-long-password", "another-long-password")
    assert (again.exit_code, "已有口令" in again.output) == (2, True)
    person.refresh_from_db()
    assert person.check_password("a-long-new-password")


@pytest.mark.parametrize("weak", ["short", "password1234"])
def test_a_weak_password_is_refused_with_the_reason(weak):
    person = add_person("T900", "测试安管", password=None, actor=SYSTEM, at=AT)
    answer = ask(weak, weak)
    assert answer.exit_code == 2
    assert answer.output.strip()
    person.refresh_from_db()
    assert not person.has_usable_password()


def test_an_unknown_number_is_told():
    assert "没有工号为 T900 的在用账号" in ask("x", "x").output
