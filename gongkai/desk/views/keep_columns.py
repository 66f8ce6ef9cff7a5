"""The system administrator: columns of the site (栏目)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.agencies.actors import Actor
from gongkai.desk.forms.admin import ColumnForm, NewColumnForm
from gongkai.desk.screens import crumbs, done, screen, words
from gongkai.desk.who import Me, holding
from gongkai.disclosure.actions.columns import add_column, change_column
from gongkai.disclosure.models import Column
from gongkai.law.verdicts import Refusal


@require_safe
@holding("system_admin")
def columns(request: HttpRequest, me: Me, actor: Actor) -> HttpResponse:
    """All columns, those in use first."""
    context = {"columns": Column.objects.order_by("-active", "order", "slug"), "crumbs": crumbs((_("栏目"), ""))}
    return screen(request, me, "desk/columns.html", context, section="columns")


@require_http_methods(["GET", "POST"])
@holding("system_admin")
def new_column(request: HttpRequest, me: Me, actor: Actor) -> HttpResponse:
    """Set up a column."""
    form = NewColumnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        try:
            add_column(told.pop("slug"), told.pop("name"), actor=actor, at=me.at, **told)
        except Refusal as refusal:
            form.add_error("slug", words(refusal))
        else:
            return done(request, _("已设立栏目。"), "desk:columns")
    return _form(request, me, form, _("设立栏目"), _("设立"))


@require_http_methods(["GET", "POST"])
@holding("system_admin")
def column(request: HttpRequest, me: Me, actor: Actor, slug: str) -> HttpResponse:
    """Change what is told about a column; its address stays."""
    found = Column.objects.get(slug=slug)
    now = {name: getattr(found, name) for name in ColumnForm.base_fields}
    form = ColumnForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        told = {name: value for name, value in form.cleaned_data.items() if value != now[name]}
        try:
            if told:
                change_column(found, actor=actor, at=me.at, **told)
        except Refusal as refusal:
            form.add_error(None, words(refusal))
        else:
            return done(request, _("已保存。") if told else _("没有改动。"), "desk:columns")
    return _form(request, me, form, found.name, _("保存"))


def _form(request: HttpRequest, me: Me, form: ColumnForm, title: str, verb: str) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "verb": verb,
        "crumbs": crumbs((_("栏目"), reverse("desk:columns")), (title, "")),
    }
    return screen(request, me, "desk/form.html", context, section="columns", status=422 if form.errors else 200)
