"""Two people wrote the same reply: what each has, side by side, so that nothing is lost."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from gongkai.desk.forms.foi.reply import EFFECTS, ReplyForm
from gongkai.desk.pages.foi.reply_letter import paper_names
from gongkai.desk.pages.foi.reply_parts import Standing, initial
from gongkai.foi.models import FoiRequest
from gongkai.foi.replying import Composition
from gongkai.law.remedies import ORGAN_KINDS
from gongkai.law.reply_tree import choice, question


def conflict_of(case: FoiRequest, theirs: Standing, mine: Composition) -> dict[str, Any]:
    """`rows`: label, what is saved, what was typed here; only where the two differ."""
    left, right = initial(case, theirs), initial(case, Standing(mine, theirs.revision, theirs.saved_on))
    # Paragraphs that follow from the fields differ with them; only what somebody wrote themselves is set side by side.
    left["text"], right["text"] = theirs.made.text, mine.text
    labels = {name: str(field.label) for name, field in ReplyForm.base_fields.items()}
    rows = [
        {"label": question(code).text, "theirs": _answer(theirs.made, code), "mine": _answer(mine, code)}
        for code in dict.fromkeys((*theirs.made.answers, *mine.answers))
        if theirs.made.answers.get(code) != mine.answers.get(code)
    ]
    rows += [
        {"label": label, "theirs": _shown(name, left.get(name)), "mine": _shown(name, right.get(name))}
        for name, label in labels.items()
        if (left.get(name) or "") != (right.get(name) or "")
    ]
    if theirs.made.files != mine.files:
        names = paper_names(case)
        rows.append({"label": _("附件"), "theirs": _names(theirs.made, names), "mine": _names(mine, names)})
    return {"rows": rows}


def _answer(made: Composition, code: str) -> str:
    given = made.answers.get(code)
    return choice(question(code), given).label if given else _("没有回答")


def _names(made: Composition, names: dict[int, str]) -> str:
    return "、".join(names[pk] for pk in made.files if pk in names) or _("没有附件")


def _shown(name: str, value: Any) -> str:
    match name:
        case "organ":
            return ORGAN_KINDS.get(value, "")
        case "external_effect":
            return str(dict(EFFECTS).get(value or "", ""))
        case "content_provided":
            return _("是") if value else _("否")
        case _:
            return str(value or _("（空）"))
