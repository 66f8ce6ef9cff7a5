"""The security administrator: accounts, posts, passwords, grants between organs."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.agencies.actions import people
from gongkai.agencies.actors import Actor
from gongkai.agencies.models import ActingGrant, Person, Post
from gongkai.desk.forms.admin import GrantForm, PersonForm, PostForm, ResetForm
from gongkai.desk.screens import crumbs, done, refused, screen, words
from gongkai.desk.who import Me, holding
from gongkai.law.verdicts import Refusal

SIZE = 50


@require_safe
@holding("security_admin")
def accounts(request: HttpRequest, me: Me, actor: Actor) -> HttpResponse:
    """People by staff number, with their posts."""
    query = request.GET.get("q", "").strip()
    rows = Person.objects.order_by("staff_number").prefetch_related("posts__section__organ")
    if query:
        rows = rows.filter(Q(name__icontains=query) | Q(staff_number__icontains=query))
    shown = Paginator(rows, SIZE).get_page(request.GET.get("page"))
    here = f"{reverse('desk:accounts')}?q={query}&page="
    context = {
        "people": [{"person": p, "posts": [post for post in p.posts.all() if _running(post, me)]} for p in shown],
        "query": query,
        "pager": {
            "previous_url": f"{here}{shown.previous_page_number()}" if shown.has_previous() else "",
            "next_url": f"{here}{shown.next_page_number()}" if shown.has_next() else "",
        },
        "crumbs": crumbs((_("人员"), "")),
    }
    return screen(request, me, "desk/accounts.html", context, section="accounts")


def _running(post: Post, me: Me) -> bool:
    return post.starts_on <= me.today and (post.ends_on is None or post.ends_on >= me.today)


@require_http_methods(["GET", "POST"])
@holding("security_admin")
def new_account(request: HttpRequest, me: Me, actor: Actor) -> HttpResponse:
    """Register a member of staff."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            made = people.add_person(
                values["staff_number"], values["name"], password=values["password"], actor=actor, at=me.at
            )
        except Refusal as refusal:
            form.add_error("staff_number", words(refusal))
        else:
            return done(request, _("已登记，请任岗。"), "desk:account", made.staff_number)
    context = {
        "form": form,
        "title": _("登记人员"),
        "verb": _("登记"),
        "crumbs": crumbs((_("人员"), reverse("desk:accounts")), (_("登记人员"), "")),
    }
    return screen(request, me, "desk/form.html", context, section="accounts", status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@holding("security_admin")
def account(request: HttpRequest, me: Me, actor: Actor, staff_number: str) -> HttpResponse:
    """One account: posts past and running, appoint, new password."""
    person = Person.objects.get(staff_number=staff_number)
    resetting = "reset" in request.POST
    appointing = request.method == "POST" and not resetting
    form = PostForm(request.POST if appointing else None, initial={"starts_on": me.today})
    reset = ResetForm(request.POST if resetting else None, prefix="reset")
    try:
        if resetting and reset.is_valid():
            people.set_password(person, reset.cleaned_data["password"], actor=actor, at=me.at)
            return done(request, _("已设置新密码，请本人登录后修改。"), "desk:account", staff_number)
        if appointing and form.is_valid():
            values = form.cleaned_data
            people.appoint(
                person, values["section"], values["role"], starts_on=values["starts_on"], ends_on=values["ends_on"],
                actor=actor, at=me.at,
            )  # fmt: skip
            return done(request, _("已任岗。"), "desk:account", staff_number)
    except Refusal as refusal:
        (reset if resetting else form).add_error(None, words(refusal))
    context = {
        "person": person,
        "posts": person.posts.select_related("section__organ").order_by("-starts_on", "-pk"),
        "form": form,
        "reset": reset,
        "crumbs": crumbs((_("人员"), reverse("desk:accounts")), (person.name, "")),
    }
    wrong = form.errors or reset.errors
    return screen(request, me, "desk/account.html", context, section="accounts", status=422 if wrong else 200)


@require_POST
@holding("security_admin")
def disable_account(request: HttpRequest, me: Me, actor: Actor, staff_number: str) -> HttpResponse:
    """Close an account."""
    person = Person.objects.get(staff_number=staff_number)
    try:
        people.disable(person, actor=actor, at=me.at)
    except Refusal as refusal:
        return refused(request, refusal, "desk:account", staff_number)
    return done(request, _("已停用账号，办过的记录保留。"), "desk:account", staff_number)


@require_POST
@holding("security_admin")
def end_post(request: HttpRequest, me: Me, actor: Actor, post_id: int) -> HttpResponse:
    """End a post today."""
    post = Post.objects.select_related("person").get(pk=post_id)
    try:
        people.end_post(post, ends_on=me.today, actor=actor, at=me.at)
    except Refusal as refusal:
        return refused(request, refusal, "desk:account", post.person.staff_number)
    return done(request, _("已离岗，今天为最后一天。"), "desk:account", post.person.staff_number)


@require_http_methods(["GET", "POST"])
@holding("security_admin")
def grants(request: HttpRequest, me: Me, actor: Actor) -> HttpResponse:
    """Grants between organs, and a new one."""
    form = GrantForm(request.POST or None, initial={"starts_on": me.today})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            people.grant(
                values["organ"], values["acting_organ"], values["role"], starts_on=values["starts_on"],
                ends_on=values["ends_on"], reason=values["reason"], actor=actor, at=me.at,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, words(refusal))
        else:
            return done(request, _("已授权代办。"), "desk:grants")
    context = {
        "rows": ActingGrant.objects.select_related("organ", "acting_organ").order_by("-ends_on"),
        "today": me.today,
        "form": form,
        "crumbs": crumbs((_("代办授权"), "")),
    }
    return screen(request, me, "desk/grants.html", context, section="grants", status=422 if form.errors else 200)


@require_POST
@holding("security_admin")
def end_grant(request: HttpRequest, me: Me, actor: Actor, grant_id: int) -> HttpResponse:
    """End a grant today."""
    given = ActingGrant.objects.get(pk=grant_id)
    try:
        people.end_grant(given, ends_on=me.today, actor=actor, at=me.at)
    except Refusal as refusal:
        return refused(request, refusal, "desk:grants")
    return done(request, _("已终止代办，今天为最后一天。"), "desk:grants")
