"""`gongkai password`: the first password of an account, before anybody can log in to give one."""

from __future__ import annotations

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from gongkai.cli.setup import ready


def password(staff_number: Annotated[str, typer.Argument(help="工号")]) -> None:
    """给还没有口令的账号设置第一个口令；以后由本人或者安全管理员在工作台修改。"""
    ready(migrated=True)
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.utils import timezone

    from gongkai.agencies.actions.people import set_password
    from gongkai.agencies.actors import SYSTEM
    from gongkai.agencies.models import Person

    person = Person.objects.filter(staff_number=staff_number, is_active=True).first()
    if person is None:
        typer.echo(_("没有工号为 %(number)s 的在用账号，请核对。") % {"number": staff_number}, err=True)
        raise typer.Exit(2)
    if person.has_usable_password():
        typer.echo(_("这个账号已有口令。请本人登录后修改，或者由安全管理员在工作台重设。"), err=True)
        raise typer.Exit(2)
    chosen = typer.prompt(_("新口令"), hide_input=True, confirmation_prompt=_("再输一遍"))
    try:
        validate_password(chosen, person)
    except ValidationError as error:
        typer.echo("".join(error.messages), err=True)
        raise typer.Exit(2) from None
    set_password(person, chosen, actor=SYSTEM, at=timezone.now())
    typer.echo(_("已设置 %(name)s（%(number)s）的口令。") % {"name": person.name, "number": staff_number})
