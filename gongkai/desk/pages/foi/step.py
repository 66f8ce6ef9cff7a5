"""One screen for one statutory act: what every step of a request shares.

A `Step` is the row behind a screen: the verb of law, whose act it is, the rule, the form, what it would do to the dates
(`trial`, asked of law and never written) and the action it runs. `views/foi/step.py` turns it into a view.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import takewhile
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gongkai.agencies.actors import Actor
from gongkai.agencies.queries import holders
from gongkai.desk.forms.foi.step import StepForm
from gongkai.desk.pages.foi.rights import able
from gongkai.desk.pages.foi.step_clock import Trial, added_notes, clock_box, judge, side, try_steps
from gongkai.desk.pages.foi.verbs import OFFICER
from gongkai.desk.who import Me
from gongkai.foi.documents import Document, to_html
from gongkai.foi.documents.document import NEW_PAGE
from gongkai.foi.models import FoiRequest
from gongkai.foi.particulars import Particulars, masked
from gongkai.foi.queries.clock import calendar_for, steps_of
from gongkai.foi.queries.papers import draft_document
from gongkai.foi.queries.sealed import particulars, wish
from gongkai.law.foi_moves import MOVES, may, may_answer_wait
from gongkai.law.reply_clock import Clock, ClockStep
from gongkai.law.roles import role
from gongkai.law.verdicts import Allowed, Refused, Verdict
from gongkai.law.workdays import WorkCalendar

Steps = tuple[ClockStep, ...]


@dataclass(frozen=True)
class Sight:
    """A request as one person sees it today: its steps, calendar and clock, read once for a screen.

    `row` is what the step is about where that is not the whole request: a consultation, a proposal, a remedy.
    """

    case: FoiRequest
    me: Me
    steps: Steps
    calendar: WorkCalendar
    row: Any = None

    @property
    def today(self) -> date:
        return self.me.today

    @cached_property
    def now(self) -> Trial:
        return self.trial(self.steps) if self.steps else Trial()

    @property
    def clock(self) -> Clock | None:
        """None while receipt is not confirmed, or where law gives no clock (then `now.refused` says why)."""
        return self.now.clock

    def trial(self, steps: Steps, as_of: date | None = None) -> Trial:
        return try_steps(steps, self.calendar, as_of or self.today)

    def able(self, roles: Sequence[str]) -> Actor | None:
        """The capacity in which this person may do it, or None."""
        return able(self.me, roles, self.case)

    def workday(self, n: int, since: date | None = None) -> date | None:
        """The n-th working day after a day; None where the calendar does not reach."""
        try:
            return self.calendar.add(since or self.today, n)
        except ValueError:
            return None

    def answer_may_come(self, on: date) -> Verdict:
        """May what was awaited from the applicant still be taken on that day?"""
        found = self.trial(self.steps, on)
        return may_answer_wait(found.clock, on) if found.clock is not None else found.refused or Allowed()

    @cached_property
    def told(self) -> Particulars:
        """The applicant's data; for masking and for what is downloaded, never shown by itself."""
        return particulars(self.case.applicant)


@dataclass(frozen=True, slots=True)
class Further:
    """What happens later, by law: `lead` says in which case, `steps` and `as_of` are tried; `text` where no date moves."""

    lead: str
    steps: Steps = ()
    as_of: date | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Caution:
    """Something to look at again, shown once; the act goes on when it is asked for a second time."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One document that goes out with the act, as it would read now. `key` is its place among several."""

    document: Document
    key: str = ""
    to: str = ""
    own: bool = False


class Step:
    """Behind one screen. Subclasses give the texts and override what their act needs."""

    verb: str
    roles: tuple[str, ...] = OFFICER
    title: Any
    button: Any
    busy: Any = lazy("正在办理…")
    look: Any = lazy("核算期限")  # the button that shows what the form as filled in would do
    lead: Any
    text: Any = ""
    articles: Any = ""
    form_class: type[StepForm] = StepForm
    paper: str = ""  # kind of the document that goes out
    outside = False  # a fact from elsewhere: written down whatever it brings to light
    template = "desk/foi/step.html"
    wide = False  # fields and documents side by side even where the form has no plain fields
    rewritable = True  # the officer may write the document's text anew

    # what it is about ------------------------------------------------------------------------------------------------

    def row(self, case: FoiRequest, pk: int | None) -> Any:
        """The row the step is about; raises ObjectDoesNotExist for one of another request."""
        return None

    def facts(self, sight: Sight) -> list[tuple[str, str]]:
        """What the officer has to have in view: (name, words)."""
        return []

    def panel(self, sight: Sight, form: StepForm) -> dict[str, Any]:
        """More values for a template of the step's own."""
        return {}

    # what law says ---------------------------------------------------------------------------------------------------

    def trial(self, sight: Sight, values: Mapping[str, Any]) -> Steps | None:
        """The steps as they would stand afterwards; None where the act moves no date."""
        return None

    def dated(self, sight: Sight, values: Mapping[str, Any]) -> Steps:
        """Those of them that the act adds."""
        tried = self.trial(sight, values)
        return tuple(step for step in tried if step not in sight.steps) if tried is not None else ()

    def further(self, sight: Sight, values: Mapping[str, Any]) -> list[Further]:
        return []

    def law(self, sight: Sight, values: Mapping[str, Any]) -> Verdict:
        """Would law take the act with these values?"""
        tried = self.trial(sight, values)
        if tried is None:
            return Allowed()
        return judge(sight.clock, sight.trial(tried), self.dated(sight, values), sight.today, outside=self.outside)

    def ready(self, sight: Sight, values: Mapping[str, Any]) -> Verdict:
        """May it be done at all now? By default: would law take it as the form begins?"""
        return self.law(sight, values)

    # what is asked and done ------------------------------------------------------------------------------------------

    def initial(self, sight: Sight) -> dict[str, Any]:
        return {}

    def form(self, sight: Sight, data: Any = None) -> StepForm:
        return self.form_class(data, initial=self.initial(sight) | {"seen": sight.case.touched_at.isoformat()})

    def one_more(self, data: Any) -> Any:
        """The form as sent, with room for one more row; only where the form has rows."""
        return data

    def extra(self, sight: Sight, values: Mapping[str, Any]) -> dict[str, Any]:
        """Fields of the document beside those of the case."""
        return {}

    def drafts(self, sight: Sight, values: Mapping[str, Any], body: str) -> list[Draft]:
        """The documents that go out."""
        if not self.paper:
            return []
        made = draft_document(sight.case, self.paper, dated=sight.today, body=body, extra=self.extra(sight, values))
        return [Draft(made, own=bool(body.strip()))]

    def cautions(self, sight: Sight, values: Mapping[str, Any]) -> list[Caution]:
        return []

    def act(self, sight: Sight, values: Mapping[str, Any], body: str, actor: Actor) -> str:
        """Run the action; returns the sentence that says what was done."""
        raise NotImplementedError


# The verdict ---------------------------------------------------------------------------------------------------------


def verdict_on(step: Step, sight: Sight, form: StepForm) -> Verdict:
    """Why the act cannot be done now, by this person; allowed where the form is to be shown."""
    if sight.able(step.roles) is None:
        return Refused("not_your_post", who_may(step, sight))
    if sight.case.erased_at is not None:
        return Refused("erased", _("这件申请的个人信息已经清除，不能再办理。"))
    if not (verdict := may(step.verb, sight.case.state)):
        return verdict
    if sight.now.refused is not None:
        return sight.now.refused
    return step.ready(sight, (step.form(sight) if form.is_bound else form).given())


def who_may(step: Step, sight: Sight) -> str:
    """……不在您的岗位职责内，由……办理：names."""
    title = MOVES[step.verb].title
    rows = []
    for code in step.roles:
        people = [p.name for p in holders(role=code, organ_id=sight.case.organ_id, on=sight.today)]
        names = "、".join(people[:6]) or _("还没有人任岗，请联系安全管理员")
        rows.append(f"{role(code).title}（{names}）")
    return _("“%(title)s”不在您的岗位职责内。这一步由%(who)s办理。") % {"title": title, "who": "、".join(rows)}


# The screen ----------------------------------------------------------------------------------------------------------


def look(case: FoiRequest, me: Me, row: Any = None) -> Sight:
    """Everything a screen is made from."""
    return Sight(case, me, steps_of(case), calendar_for(case.organ), row)


def effect(step: Step, sight: Sight, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """Before, after, why, and what comes later; None where the act moves no date."""
    tried = step.trial(sight, values)
    if tried is None:
        return None
    shown: dict[str, Any] = {"before": side(sight.clock), "after": None, "notes": [], "refused": None, "further": []}
    if not (verdict := step.law(sight, values)):
        return shown | {"refused": _why(verdict)}
    found = sight.trial(tried)
    assert found.clock is not None
    shown["after"] = side(found.clock)
    shown["same"] = shown["after"] == shown["before"]
    shown["notes"] = [{"sentence": n.sentence, "article": n.article} for n in added_notes(sight.clock, found.clock)]
    shown["further"] = [_further(sight, row) for row in step.further(sight, values)]
    return shown


def _further(sight: Sight, row: Further) -> dict[str, str]:
    if not row.steps:
        return {"lead": row.lead, "text": row.text}
    found = sight.trial(row.steps, row.as_of)
    return {"lead": row.lead, "text": side(found.clock)["day"] if found.refused is None else found.refused.sentence}


def step_page(
    step: Step, sight: Sight, form: StepForm, *, refused: str = "", warned: Sequence[Caution] = (), left: Any = ()
) -> dict[str, Any]:
    """The values of templates/desk/foi/step.html."""
    verdict = verdict_on(step, sight, form)
    values = form.given()
    open_form = bool(verdict) or (form.is_bound and sight.able(step.roles) is not None)
    drafts = step.drafts(sight, values, form["body"].value() or "") if open_form else []
    back = reverse("desk:case", args=[sight.case.number])
    return {
        "step": step,
        "case": sight.case,
        "request_text": asked_for(sight.case),
        "clock": clock_box(sight.clock, url=back, url_text=_("案卷和计算过程")),
        "effect": effect(step, sight, values) if open_form else None,
        "facts": step.facts(sight) if sight.able(step.roles) is not None else [],
        "rule": {"lead": step.lead, "text": step.text, "articles": step.articles},
        "form": form,
        "open": open_form,
        "why": _why(verdict),
        "refused": refused,
        "warned": warned,
        "heed": ",".join(c.code for c in warned),
        "left": left,
        "drafts": [
            {"html": html_of(draft, sight), "to": draft.to, "own": draft.own, "key": draft.key} for draft in drafts
        ],
        "back": back,
    } | (step.panel(sight, form) if sight.able(step.roles) is not None else {})


def _why(verdict: Verdict) -> dict[str, str] | None:
    """A refusal as a template takes it: the verdict itself reads as false there."""
    if isinstance(verdict, Refused):
        return {"code": verdict.code, "sentence": verdict.sentence, "article": verdict.article}
    return None


def asked_for(case: FoiRequest) -> str:
    """The request in one line, for those who handle it."""
    return _("个人信息已经清除") if case.erased_at is not None else wish(case).text


def html_of(draft: Draft, sight: Sight) -> SafeString:
    """The document on the page, with the applicant's data masked: a full look is a download, and a fact."""
    return to_html(covered(draft.document, sight.told))


def covered(document: Document, told: Particulars) -> Document:
    """The document with name, numbers, telephone and addresses of the applicant masked."""
    shown = masked(told)
    pairs = [
        (getattr(told, name), getattr(shown, name))
        for name in ("name", "identity_number", "phone", "address", "email")
        if len(getattr(told, name).strip()) > 1
    ]

    def cover(text: str) -> str:
        for open_word, masked_word in pairs:
            text = text.replace(open_word, masked_word)
        return text

    return replace(
        document, addressee=cover(document.addressee), paragraphs=tuple(cover(p) for p in document.paragraphs)
    )


def own_text(document: Document) -> str:
    """The paragraphs that may be written anew, one a line; forms after them are the template's."""
    return "\n".join(takewhile(lambda paragraph: not paragraph.startswith(NEW_PAGE), document.paragraphs))


def names_somebody(text: str, told: Particulars) -> bool:
    """Does the text hold the applicant's name, number, telephone or address?"""
    known = (told.name, told.identity_number, told.phone, told.address, told.email)
    return any(word.strip() and len(word.strip()) > 1 and word.strip() in text for word in known)


def typed(data: Mapping[str, str], form: StepForm) -> list[tuple[str, str]]:
    """(label, text) of everything that was written."""
    hidden = ("csrfmiddlewaretoken", "act", "seen", "body_of", "heeded")
    labels = {name: str(bound.label) for name, bound in form.fields.items()}
    return [(labels.get(name, name), text) for name, text in data.items() if name not in hidden and text.strip()]
