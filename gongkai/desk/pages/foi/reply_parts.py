"""A reply on its way from the composer's form to the working copy and back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from gongkai.desk.forms.foi.reply import FOUND, ReplyForm
from gongkai.foi.models import FoiRequest, ReplyDraft
from gongkai.foi.queries.composing import as_written, government_of, own_words, settled_by
from gongkai.foi.queries.papers import composed_reply
from gongkai.foi.queries.replies import organ_kind, prefilled
from gongkai.foi.queries.sealed import composition
from gongkai.foi.replying import Composition
from gongkai.law.reply_tree import Outcome, choice, question, walk

#: Question → fields of the form that belong to its answer and stand beside it while it is open.
ASKED_WITH: Final[dict[str, tuple[str, ...]]] = {
    "clear": ("reason",),
    "purpose": ("reason",),
    "volume": ("reason",),
    "repeated": ("earlier_reply",),
    "special": ("special_rule", "access"),
    "ours": ("reason", "responsible_agency", "responsible_contact"),
    "found": ("search_described", "reason"),
    "published": ("access",),
    "classified": ("basis", "reason"),
    "statute": ("basis", "reason"),
    "harm": ("basis", "reason"),
    "third_position": ("reason",),
    "internal_only": ("reason",),
    "still_process": ("external_effect", "reason"),
    "rule_requires": ("reason",),
    "withhold": ("reason",),
    "separable": ("withheld", "reason"),
}
#: Part of the letter (law.replies.ELEMENTS) → fields of the form.
FIELDS_OF: Final[dict[str, tuple[str, ...]]] = {
    "access": ("access",),
    "access_time": ("access_time",),
    "content": ("content_provided",),
    "reason": ("reason",),
    "search": ("search_described",),
    "responsible": ("responsible_agency", "responsible_contact"),
    "special_rule": ("special_rule",),
    "earlier_reply": ("earlier_reply",),
    "proper_channel": ("access",),
    "ground": ("basis",),
}
REMEDY_FIELDS: Final = ("review_body", "organ", "online_channel")
#: Written only where the officer wants other words than the file and law give.
OWN_FIELDS: Final = ("request", "articles", "remedy")
ONLINE_SENTENCE: Final = lazy("网上申请行政复议：%(channel)s。")


@dataclass(frozen=True)
class Standing:
    """What is on the table: a composition, the revision it rests on, and the form that shows it."""

    made: Composition
    revision: int
    saved_on: date


def stored(case: FoiRequest, today: date) -> Standing:
    """The working copy, or an empty one that names the review body the directory knows."""
    draft = ReplyDraft.objects.filter(request=case).select_related("saved_by").first()
    if draft is None:
        findings = {"review_body": government_of(case.organ)} if case.organ.kind == "department" else {}
        return Standing(Composition({}, findings), 0, today)
    return Standing(composition(case, draft.content), draft.revision, timezone.localtime(draft.saved_at).date())


def outcome(made: Composition) -> Outcome | None:
    """Where the answers lead; None while a question is open."""
    return walk(made.answers).outcome


def whole(case: FoiRequest, made: Composition, today: date) -> Composition:
    """With everything the file gives, where the tree is finished."""
    end = outcome(made)
    if end is None or not end.row.is_letter:
        return made
    return as_written(prefilled(case, made, number=case.reply_number, today=today))


def initial(case: FoiRequest, now: Standing) -> dict[str, Any]:
    """What the form shows: the officer's own words; what follows by itself stays empty."""
    made = now.made
    own = own_words(case, made, on=now.saved_on) if outcome(made) else dict(made.letter)
    effect = made.findings.get("external_effect")
    return own | {
        "organ": organ_kind(case, made),
        "review_body": made.findings.get("review_body") or "",
        "basis": made.findings.get("basis") or "",
        "external_effect": {None: "", True: "yes", False: "no"}[effect],
        "content_provided": bool(made.letter.get("content_provided")) and not made.files,
        "responsible_agency": made.letter.get("responsible_agency") or made.findings.get("responsible_agency") or "",
        "text": shown_text(case, made, now.saved_on),
    }


def shown_text(case: FoiRequest, made: Composition, on: date) -> str:
    """The paragraphs as they stand: the officer's own, else the template's; empty while the tree is open."""
    end = outcome(made)
    if made.text.strip() or end is None or not end.row.is_letter:
        return made.text
    ground = end.ground.code if end.ground else ""
    return composed_reply(case, whole(case, replace(made, text=""), on), end.row.code, ground).text


def mark(text: str) -> str:
    """A digest of paragraphs, equal for equal words: tells a text that was only shown from one that was changed."""
    lines = [line.strip() for line in text.replace("\r\n", "\n").split("\n")]
    return hashlib.sha256("\n".join(line for line in lines if line).encode()).hexdigest()[:32]


def merged(case: FoiRequest, now: Standing, form: ReplyForm, sent: Mapping[str, Any]) -> Composition:
    """The working copy with what this page sent; a field the page did not show stays. `sent` is the raw form data."""
    base, values = now.made, form.cleaned_data
    own = own_words(case, base, on=now.saved_on) if outcome(base) else dict(base.letter)
    fields = [name for name in form.fields if name in sent and name not in FOUND and name != "text"]
    letter = own | {name: values[name].strip() for name in fields if name != "content_provided"}
    files = base.files
    if "files_shown" in sent:
        files = tuple(int(pk) for pk in sent.getlist("files") if pk.isdecimal() and len(pk) < 19)  # type: ignore[attr-defined]
    if "content_shown" in sent:
        letter["content_provided"] = bool(values["content_provided"]) or bool(files)
    elif "files_shown" in sent and (files or base.files):
        letter["content_provided"] = bool(files)
    answers = dict(base.answers)
    findings = _findings(base, values, sent, answers)
    text = _text(base, values["text"], sent)
    letter, text = with_channel(letter, text)
    reasons = {name.removeprefix("explain-"): str(sent[name]) for name in sent if name.startswith("explain-")}
    return replace(
        base, letter=letter, findings=findings, files=files, text=text, explanations={**base.explanations, **reasons}
    )


def answered(made: Composition, code: str, given: str) -> Composition:
    """With one answer more, and what it settles. Raises LookupError for what is not offered."""
    choice(question(code), given)
    answers = {**made.answers, code: given}
    kept = {k: v for k, v in made.findings.items() if k != "public_interest"}
    return replace(made, answers=answers, findings=kept | settled_by(answers))


def _findings(
    base: Composition, values: Mapping[str, Any], sent: Mapping[str, Any], answers: dict[str, str]
) -> dict[str, Any]:
    found = dict(base.findings)
    for name in ("organ", "review_body", "basis"):
        if name in sent:
            found[name] = values[name].strip()
    if "responsible_agency" in sent:
        found["responsible_agency"] = values["responsible_agency"].strip()
    if "external_effect" in sent:
        found["external_effect"] = {"": None, "yes": True, "no": False}[values["external_effect"]]
    settled = settled_by(answers)
    if "external_effect" in settled and "external_effect" not in sent:
        found["external_effect"] = settled["external_effect"]
    return found


def _text(base: Composition, written: str, sent: Mapping[str, Any]) -> str:
    """Own paragraphs only where the officer changed what the page showed; emptied, the template speaks again."""
    if "text" not in sent or mark(written) == sent.get("text_of"):
        return base.text
    return written.replace("\r\n", "\n").strip()


def with_channel(letter: Mapping[str, Any], text: str) -> tuple[dict[str, Any], str]:
    """Where the officer wrote the paragraphs or the remedy, the online channel has to stand in those very words."""
    channel, told = str(letter.get("online_channel") or "").strip(), dict(letter)
    if not channel:
        return told, text
    sentence = ONLINE_SENTENCE % {"channel": channel}
    if text.strip() and channel not in text:
        text = f"{text}\n{sentence}"
    if told.get("remedy") and channel not in told["remedy"]:
        told["remedy"] = f"{told['remedy']}{sentence}"
    return told, text
