"""The composer (picture 07): clock, tree, letter, checks; what may be sent to sign-off and why not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from gongkai.desk.forms.foi.reply import ReplyForm
from gongkai.desk.pages.foi.reply_files import files
from gongkai.desk.pages.foi.reply_letter import draft_letter, page_of
from gongkai.desk.pages.foi.reply_mends import label_of
from gongkai.desk.pages.foi.reply_parts import (
    ASKED_WITH,
    FIELDS_OF,
    OWN_FIELDS,
    REMEDY_FIELDS,
    Standing,
    initial,
    mark,
    outcome,
    whole,
)
from gongkai.desk.pages.foi.signoff import opinions, version_of
from gongkai.desk.pages.foi.step_clock import clock_box
from gongkai.desk.who import Me
from gongkai.foi.documents import left_out, missing
from gongkai.foi.models import FoiRequest, ReplyDraft
from gongkai.foi.particulars import COLUMNS
from gongkai.foi.queries.clock import calendar_for, clock_of, steps_of
from gongkai.foi.queries.composing import earlier_reply, parties_asked, search_words, told_by_file
from gongkai.foi.queries.copies import withheld_words
from gongkai.foi.queries.leaks import reply_findings
from gongkai.foi.queries.papers import reply_fields
from gongkai.foi.queries.replies import delivery_of, law_facts
from gongkai.foi.queries.sealed import particulars, wish
from gongkai.foi.replying import Composition
from gongkai.law.foi_moves import may_reply
from gongkai.law.replies import ELEMENTS
from gongkai.law.replies import reply as reply_row
from gongkai.law.reply_checks import SEVERITIES, Finding, check_reply, passed_checks
from gongkai.law.reply_clock import InputError
from gongkai.law.reply_facts import ReplyInputError
from gongkai.law.reply_questions import Question
from gongkai.law.reply_tree import Outcome, question, walk
from gongkai.law.verdicts import Refused

REGULATION: Final = "《政府信息公开条例》"
#: How many of the questions that may still come are shown in grey.
AHEAD: Final = 3
#: So many outcomes that are still possible are named above the letter.
FEW: Final = 3
#: Where in the file a question's facts stand → the screen that shows or adds them, by name of its address.
ABOUT: Final[dict[str, tuple[str, ...]]] = {
    "search": ("case_search",),
    "consultation": ("case_consult",),
    "earlier": (),
    "clarification": (),
    "reasons": ("case_reasons",),
}
#: Finding → the question whose answer it is about.
QUESTION_OF: Final = {
    "partial_not_examined": "separable",
    "no_rule_check": "rule_requires",
    "rule_requires": "rule_requires",
    "external_document": "closed_part",
    "external_not_examined": "still_process",
    "third_party_agreed": "third_position",
    "objection_unreasonable": "third_position",
    "public_interest": "third_position",
    "clarification_never_asked": "clear",
    "reasons_never_asked": "volume",
}
#: Finding → the field where it is mended by hand.
FIELD_OF: Final = {
    "no_reason": "reason",
    "no_basis": "basis",
    "no_classification_basis": "basis",
    "search_not_described": "search_described",
    "no_responsible_agency": "responsible_contact",
    "no_online_channel": "online_channel",
    "remedy_body": "review_body",
    "unfinished": "text",
    "wording_incomplete": "text",
}
#: Findings that are mended among the attachments.
OF_ATTACHMENTS: Final = frozenset(
    {"attachment_no_copy", "attachment_open", "attachment_covered", "attachment_personal", "attachment_unread"}
)
#: Finding → part of the file it asks for (see ABOUT).
FILE_OF: Final = {
    "no_search_record": "search",
    "objection_not_examined": "consultation",
    "third_party_not_asked": "consultation",
    "third_party_open": "consultation",
    "consultation_open": "consultation",
}


def reply_page(
    me: Me, case: FoiRequest, now: Standing, form: ReplyForm | None = None, *, changing: str = "", picked: str = "",
    open_names: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """The values of templates/desk/foi/reply.html. `form` bound brings back what was refused."""
    made = whole(case, now.made, me.today)
    form = form or ReplyForm(initial=initial(case, now))
    if said := withheld_words(case, made.files):
        form.fields["withheld"].help_text = _("不填时写：%(words)s") % {"words": said}
    walked, end = walk(made.answers), outcome(made)
    opened = _opened(made, changing)
    told = told_by_file(case, me.today)
    tree = _tree(case, made, opened, told, picked, me.today)
    beside = ASKED_WITH.get(opened.code, ()) if opened else ()
    letter = draft_letter(case, made, me.today)
    findings, passed = _checks(case, made, me.today) if end else ([], [])
    cards = [_card(finding, case, made, me.today) for finding in findings]
    back = reverse("desk:case", args=[case.number])
    told_name = particulars(case.applicant).name if open_names else ""
    return {
        "case": case,
        "me_name": me.person.name,
        "who": told_name,
        "column": COLUMNS[case.applicant.column],
        "request_text": wish(case).text,
        "clock": clock_box(clock_of(case, me.today), url=back, url_text=_("案卷和计算过程")),
        "progress": _progress(case, me.today),
        "extend_url": address("case_extend", case),
        "form": form,
        "revision": now.revision,
        "steps": tree,
        "opened": opened,
        "beside": [form[name] for name in beside],
        "parties": parties_asked(case, me.today) if opened and opened.code == "third_position" else [],
        "ahead": _ahead(opened, tree) if opened and opened is walked.question else [],
        "count": len(walked.steps) + (1 if walked.question else 0),
        "unused": [question(code).text for code in walked.unused],
        "end": _end(end) if end else None,
        "letter": page_of(letter, case, open_names=open_names, words=_just_written(made, beside)),
        "judged": end.row.title if end else "",
        "possible": _possible(walked.question) if walked.question else [],
        "groups": _groups(form, made, end, beside),
        "follows": {name: str(made.letter.get(name) or "") for name in OWN_FIELDS},
        "own_text": bool(made.text.strip()),
        "text_of": form.data.get("text_of", "") if form.is_bound else mark(str(form.initial.get("text") or "")),
        "files": files(case, made),
        "cards": cards,
        "counts": {code: sum(1 for f in findings if f.severity == code) for code in SEVERITIES},
        "passed": [check.title for check in passed],
        "why_not": _why_not(walked.question, findings),
        "former": _former(case),
        "back": back,
    }


def address(name: str, case: FoiRequest) -> str:
    """The address of another screen of the case, "" where this installation has none."""
    try:
        return reverse(f"desk:{name}", args=[case.number])
    except NoReverseMatch:
        return ""


def _opened(made: Composition, changing: str) -> Question | None:
    walked = walk(made.answers)
    for step in walked.steps:
        if step.question.code == changing:
            return step.question
    return walked.question


def _tree(
    case: FoiRequest, made: Composition, opened: Question | None, told: Mapping[str, Any], picked: str, today: date
) -> list[dict[str, Any]]:
    """Answered questions in one line, the open one with its choices, in the order of the path."""
    walked = walk(made.answers)
    rows: list[dict[str, Any]] = []
    for step in walked.steps:
        if opened is not None and step.question.code == opened.code:
            rows.append(_open(case, opened, made.answers.get(opened.code, ""), told, picked, rows))
            continue
        rows.append(
            {
                "state": "done", "code": step.question.code, "text": step.question.text, "answer": step.choice.label,
                "article": short(step.question.article), "why": step.choice.why,
                "url": _about(told.get(step.question.code), case),
            }
        )  # fmt: skip
    if opened is not None and opened is walked.question:
        rows.append(_open(case, opened, "", told, picked, rows))
    return [row | {"number": n} for n, row in enumerate(rows, start=1)]


def _open(
    case: FoiRequest, asked: Question, given: str, told: Mapping[str, Any], picked: str, before: list[dict[str, Any]]
) -> dict[str, Any]:
    """What was answered stands; else what was picked and not yet sent on; else what the file points to."""
    known = told.get(asked.code)
    chosen = picked or given or (known.choice if known else "")
    return {
        "state": "open", "code": asked.code, "text": asked.text, "rule": asked.rule, "article": asked.article,
        "told": known.sentence if known else "", "url": _about(known, case),
        "former": before[-1]["code"] if before else "",
        "choices": [
            {"code": c.code, "label": c.label, "consequence": c.consequence, "checked": c.code == chosen}
            for c in asked.choices
        ],
    }  # fmt: skip


def _about(known: Any, case: FoiRequest) -> str:
    if known is None:
        return ""
    return next((found for name in ABOUT[known.about] if (found := address(name, case))), "")


def _ahead(opened: Question, tree: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The questions that come next if each is answered so that the tree goes on."""
    rows: list[dict[str, Any]] = []
    asked, number = opened, len(tree)
    while len(rows) < AHEAD:
        following = next((c.next for c in asked.choices if c.next), "")
        if not following:
            break
        asked, number = question(following), number + 1
        rows.append({"number": number, "text": asked.text})
    return rows


def _former(case: FoiRequest) -> dict[str, Any] | None:
    """The version before this draft, with what was last said about it; None for a first draft."""
    version = version_of(case, None)
    if version is None:
        return None
    said = [row for row in opinions(case, version) if row["reason"]]
    return {
        "number": version.number,
        "opinion": said[0] if said else None,
        "url": reverse("desk:case_reply_version", args=[case.number, version.number]),
    }


def _possible(asked: Question) -> list[str]:
    """The outcomes the open question may still lead to, where they are few enough to say."""
    seen, codes, waiting = {asked.code}, dict[str, None](), [asked]
    while waiting:
        for offered in waiting.pop().choices:
            if offered.reply:
                codes[offered.reply] = None
            elif offered.next not in seen:
                seen.add(offered.next)
                waiting.append(question(offered.next))
    return [reply_row(code).title for code in codes] if len(codes) <= FEW else []


def _end(end: Outcome) -> dict[str, Any]:
    return {
        "title": end.row.title, "article": end.row.article, "why": end.why, "duties": list(dict.fromkeys(end.duties)),
        "discretionary": end.discretionary, "ground": end.ground,
    }  # fmt: skip


def _groups(form: ReplyForm, made: Composition, end: Outcome | None, beside: tuple[str, ...]) -> dict[str, Any]:
    """Which fields of the letter stand below it, without those that stand beside the open question."""
    if end is None:
        return {"needed": [], "remedy": [], "own": []}
    names: list[str] = []
    for element in end.row.elements:
        for name in FIELDS_OF.get(element, ()):
            if name == "basis" and not (end.ground and end.ground.basis_label):
                continue
            names.append(name)
    if end.ground and end.ground.code == "G16b":
        names.append("external_effect")
    if end.row.code == "R2p":
        names.append("withheld")
    if "reason" not in names:
        names.append("reason")
    if end.row.code == "R2":
        names = [name for name in names if name != "reason"]
    own = [] if made.text.strip() else [form[name] for name in OWN_FIELDS]
    return {
        "needed": [form[name] for name in names if name not in beside],
        "remedy": [form[name] for name in REMEDY_FIELDS] if end.row.remedy != "none" else [],
        "own": own,
    }


def _checks(case: FoiRequest, made: Composition, today: date) -> tuple[list[Finding], list[Any]]:
    """What is wrong and what passed; a letter that law cannot read is one finding."""
    found: list[Finding] = []
    waiting = may_reply(steps_of(case), calendar_for(case.organ), today)
    if isinstance(waiting, Refused):
        found.append(Finding(waiting.code, "must_fix", waiting.sentence, waiting.article))
    try:
        facts = law_facts(case, made, sent_on=today, delivery=delivery_of(case), sealed=True)
    except (ReplyInputError, InputError) as error:
        return [*found, Finding(error.code, "must_fix", error.sentence, "")], []
    found += check_reply(*facts)
    found += reply_findings(case, made)
    letter = draft_letter(case, made, today)
    lost = left_out(letter, reply_fields(case, made, facts[1].ground)) if made.text.strip() else ()
    if any(f.code.startswith("remedy_") for f in found):  # told by law already
        lost = tuple(part for part in lost if part != ELEMENTS["remedy"])
    if lost:
        said = _("您修改的正文里没有写：%(lost)s。请补上，或者恢复按判断生成的文字。") % {"lost": "、".join(lost)}
        found.append(Finding("wording_incomplete", "must_fix", said, ""))
    # What law misses by name leaves a gap in the letter too; told here is only a gap that law does not know of.
    if (gaps := missing(letter)) and not any(f.severity == "must_fix" for f in found):
        said = _("答复书还有待补的内容：%(gaps)s。") % {"gaps": "、".join(gaps)}
        found.append(Finding("unfinished", "must_fix", said, ""))
    return found, list(passed_checks(*facts))


def _just_written(made: Composition, beside: tuple[str, ...]) -> str:
    """The words that belong to the open question, for marking where they went."""
    return "\n".join(str(made.letter.get(name) or "") for name in beside)


def _card(finding: Finding, case: FoiRequest, made: Composition, today: date) -> dict[str, Any]:
    """One finding with what mends it: a button, the question, the field, the part of the file."""
    field = FIELD_OF.get(finding.code, "")
    about = FILE_OF.get(finding.code, "")
    asked = QUESTION_OF.get(finding.code, "")
    on_path = {step.question.code for step in walk(made.answers).steps}
    return {
        "code": finding.code, "severity": finding.severity, "word": SEVERITIES[finding.severity],
        "sentence": finding.sentence, "article": finding.article,
        "mend": label_of(finding.code, case, made, today),
        "change": asked if asked in on_path else "",
        "field": field,
        "url": next((u for name in ABOUT.get(about, ()) if (u := address(name, case))), reverse("desk:case", args=[case.number]))
        if about else "",
        "attachments": finding.code in OF_ATTACHMENTS,
        "explained": made.explanations.get(finding.code, ""),
    }  # fmt: skip


def _why_not(asked: Question | None, findings: list[Finding]) -> str:
    """Why the reply may not be sent to sign-off now; empty when it may."""
    said = []
    if asked is not None:
        said.append(_("还有问题没有判断"))
    if must := sum(1 for f in findings if f.severity == "must_fix"):
        said.append(_("%(n)d 项必须改正") % {"n": must})
    return "，".join(said) + "。" if said else ""


def _progress(case: FoiRequest, today: date) -> dict[str, int] | None:
    """Working days used and allowed, for the bar under the clock; None while nothing counts down."""
    clock = clock_of(case, today)
    if clock is None or clock.remaining is None or clock.delayed:
        return None
    return {"used": max(clock.length - clock.remaining, 0), "length": clock.length}


def short(article: str) -> str:
    """第三十六条第一项: the regulation is named once on the page."""
    return article.removeprefix(REGULATION)


def saved_by(case: FoiRequest) -> dict[str, Any] | None:
    """Who saved the working copy last, and when."""
    draft = ReplyDraft.objects.filter(request=case).select_related("saved_by").first()
    return {"at": draft.saved_at, "name": draft.saved_by.name} if draft is not None else None


def prefill(case: FoiRequest, made: Composition, code: str, given: str) -> dict[str, str]:
    """Parts of the letter the file knows once a question is answered so."""
    match (code, given):
        case ("found", "none"):
            said = {"search_described": search_words(case)}
        case ("repeated", "yes"):
            said = {"earlier_reply": earlier_reply(case)}
        case ("separable", "yes"):
            said = {"withheld": withheld_words(case, made.files)}
        case _:
            said = {}
    return {name: text for name, text in said.items() if text}
