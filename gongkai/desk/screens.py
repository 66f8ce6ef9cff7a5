"""Draw a screen in the desk's frame, or go on to the next with a sentence."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.agencies.queries import posts_held
from gongkai.desk.who import Me
from gongkai.law.roles import ADMINISTRATORS, WORKING, role
from gongkai.law.verdicts import Refusal

Crumb = dict[str, str]
#: Who has the whole site inspected; the result is for everybody who can mend something, too.
INSPECTS = frozenset({"supervisor", "compliance_reviewer", "leader", "system_admin"})
SEES_INSPECTION = WORKING | INSPECTS

#: Who sees how the channels do, of the organs they work for; the system administrator sees counts alone.
CHANNELS = WORKING | {"supervisor", "system_admin"}
#: Who sees what has to be looked at and what was found wrong, of the organs they work for.
UPKEEP = WORKING | {"supervisor"}


def screen(
    request: HttpRequest, me: Me, template: str, context: dict[str, Any], *, section: str = "todo", status: int = 200
) -> HttpResponse:
    """Render a template of the desk with the frame's own values."""
    roles = {actor.role for actor in me.held}
    frame = {
        "me": badge(me),
        "section": section,
        "now": me.at,
        "keeps_system": "system_admin" in roles,
        "keeps_security": "security_admin" in roles,
        "sees_inspection": bool(roles & SEES_INSPECTION),
        "sees_papers": bool(roles & (WORKING | {"supervisor"})),
        "sees_channels": bool(roles & CHANNELS),
        "sees_upkeep": bool(roles & UPKEEP),
        "keeps_audit": "audit_admin" in roles,
        "only_keeps": bool(roles) and roles <= ADMINISTRATORS,
    }
    return render(request, template, frame | context, status=status)


def badge(me: Me) -> dict[str, str]:
    """Name, place and posts as the masthead shows them."""
    posts = list(posts_held(me.person, me.today))
    titles = "、".join(dict.fromkeys(role(post.role).title for post in posts))
    place = f"{posts[0].section.organ.label} {posts[0].section.name}" if posts else _("没有岗位")
    return {"name": me.person.name, "place": place, "post": titles}


def crumbs(*rows: tuple[str, str]) -> list[Crumb]:
    """待办 first; each row is (title, address), the last without address."""
    return [{"title": title, "url": url} for title, url in ((_("待办"), reverse("desk:todo")), *rows)]


def done(request: HttpRequest, sentence: str, to: str, *args: Any) -> HttpResponse:
    """It is done: say what, and go there."""
    messages.success(request, sentence)
    return redirect(to, *args)


def refused(request: HttpRequest, refusal: Refusal, to: str, *args: Any) -> HttpResponse:
    """It was not done: say why with the article, and go back there."""
    messages.error(request, words(refusal))
    return redirect(to, *args)


def words(refusal: Refusal) -> str:
    """The sentence with its article, as it is shown."""
    return str(refusal.refused)
