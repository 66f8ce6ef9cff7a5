"""The system administrator: organs, sections, review plans."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.agencies.actions.organs import add_organ, add_section, change_organ
from gongkai.agencies.actors import Actor
from gongkai.agencies.models import Organ
from gongkai.agencies.queries import organ_by_code, organ_tree
from gongkai.desk.forms.admin import NewOrganForm, OrganForm, SectionForm
from gongkai.desk.screens import crumbs, done, screen, words
from gongkai.desk.who import Me, holding
from gongkai.disclosure.actions.submit import SUBJECT_KIND
from gongkai.law.review import Step
from gongkai.law.roles import ROLES
from gongkai.law.verdicts import Refusal
from gongkai.review.actions.plan import set_plan
from gongkai.review.models import PlanStep
from gongkai.review.queries import plan_for

ROWS = 8  # lines of the plan form; empty ones are left out
REVIEWING = [role for role in ROLES if role.scope != "all" and role.code != "drafter"]


@require_safe
@holding("system_admin")
def organs(request: HttpRequest, me: Me, actor: Actor) -> HttpResponse:
    """The tree of organs."""
    rows = [{"depth": depth, "indent": "　" * depth, "organ": organ} for depth, organ in organ_tree()]
    context = {"rows": rows, "crumbs": crumbs((_("机构"), ""))}
    return screen(request, me, "desk/organs.html", context, section="organs")


@require_http_methods(["GET", "POST"])
@holding("system_admin")
def new_organ(request: HttpRequest, me: Me, actor: Actor) -> HttpResponse:
    """Register an organ."""
    form = NewOrganForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        try:
            add_organ(told.pop("code"), told.pop("name"), parent=told.pop("parent"), actor=actor, at=me.at, **told)
        except Refusal as refusal:
            form.add_error("code", words(refusal))
        else:
            return done(request, _("已登记机关。"), "desk:organs")
    context = {
        "form": form,
        "title": _("登记机关"),
        "verb": _("登记"),
        "crumbs": crumbs((_("机构"), reverse("desk:organs")), (_("登记机关"), "")),
    }
    return screen(request, me, "desk/form.html", context, section="organs", status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@holding("system_admin")
def organ(request: HttpRequest, me: Me, actor: Actor, code: str) -> HttpResponse:
    """What the directory tells of an organ, and its sections."""
    found = organ_by_code(code)
    adding = "add_section" in request.POST
    form = OrganForm(
        request.POST if request.method == "POST" and not adding else None,
        initial={name: getattr(found, name) for name in OrganForm.base_fields},
    )
    section_form = SectionForm(request.POST if adding else None, prefix="section")
    try:
        if adding and section_form.is_valid():
            add_section(found, section_form.cleaned_data["code"], section_form.cleaned_data["name"],
                        phone=section_form.cleaned_data["phone"], actor=actor, at=me.at)  # fmt: skip
            return done(request, _("已登记科室。"), "desk:organ", code)
        if request.method == "POST" and not adding and form.is_valid():
            told = {name: value for name, value in form.cleaned_data.items() if value != getattr(found, name)}
            if told:
                change_organ(found, actor=actor, at=me.at, **told)
            return done(request, _("已保存。") if told else _("没有改动。"), "desk:organ", code)
    except Refusal as refusal:
        (section_form if adding else form).add_error(None, words(refusal))
    context = {
        "organ": found,
        "form": form,
        "section_form": section_form,
        "sections": found.sections.all(),
        "crumbs": crumbs((_("机构"), reverse("desk:organs")), (found.name, "")),
    }
    wrong = form.errors or section_form.errors
    return screen(request, me, "desk/organ.html", context, section="organs", status=422 if wrong else 200)


@require_safe
@holding("system_admin")
def plans(request: HttpRequest, me: Me, actor: Actor) -> HttpResponse:
    """The default plan and who has a plan of their own."""
    own = set(
        PlanStep.objects.filter(subject_kind=SUBJECT_KIND, organ__isnull=False).values_list("organ_id", flat=True)
    )
    default = PlanStep.objects.filter(subject_kind=SUBJECT_KIND, organ__isnull=True).order_by("order")
    rows = [
        {"organ": organ, "own": organ.pk in own, "steps": plan_for(SUBJECT_KIND, organ)}
        for _depth, organ in organ_tree()
        if organ.kind != "historic"
    ]
    context = {"default": default, "rows": rows, "crumbs": crumbs((_("审查环节"), ""))}
    return screen(request, me, "desk/plans.html", context, section="plans")


@require_http_methods(["GET", "POST"])
@holding("system_admin")
def plan(request: HttpRequest, me: Me, actor: Actor, code: str) -> HttpResponse:
    """Change one plan whole: `default` or the code of an organ. Cases under way keep their steps."""
    found: Organ | None = None if code == "default" else organ_by_code(code)
    problem, typed = "", None
    if request.method == "POST":
        typed = _typed(request)
        try:
            set_plan(SUBJECT_KIND, found, _steps(typed), actor=actor, at=me.at)
        except Refusal as refusal:
            problem = words(refusal)
        except (ValueError, KeyError):
            problem = _("每一行都要填次序（正整数）、名称、岗位和会签人数，请核对。")
        else:
            return done(request, _("已调整审查环节；已经开始的审查仍按原环节办理。"), "desk:plans")
    if typed is None:
        now = (
            plan_for(SUBJECT_KIND, found)
            if found
            else PlanStep.objects.filter(subject_kind=SUBJECT_KIND, organ__isnull=True).order_by("order")
        )
        typed = [{"order": s.order, "code": s.code, "title": s.title, "role": s.role, "quorum": s.quorum} for s in now]
    lines = (typed + [{}] * ROWS)[:ROWS]
    name = found.name if found else _("各机关默认")
    context = {
        "name": name,
        "lines": lines,
        "roles": REVIEWING,
        "problem": problem,
        "crumbs": crumbs((_("审查环节"), reverse("desk:plans")), (name, "")),
    }
    return screen(request, me, "desk/plan.html", context, section="plans", status=422 if problem else 200)


def _typed(request: HttpRequest) -> list[dict[str, str]]:
    columns = ("order", "code", "title", "role", "quorum")
    rows = zip(*(request.POST.getlist(name) for name in columns), strict=False)
    return [dict(zip(columns, row, strict=True)) for row in rows if row[2].strip() or row[1].strip()][:ROWS]


def _steps(typed: list[dict[str, str]]) -> list[Step]:
    """Raises ValueError where a line is not whole."""
    steps = []
    known = {role.code for role in REVIEWING}
    for row in typed:
        code = row["code"].strip() or f"step_{row['order']}"
        if row["role"] not in known or not row["title"].strip():
            raise ValueError(row)
        steps.append(
            Step(int(row["order"]), code[:40], row["title"].strip()[:40], row["role"], int(row["quorum"] or 1))
        )
    return steps
