"""What helps to write a reply: what the file says to each question, what an answer settles, what the letter says by
itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from gongkai.agencies.models import Organ
from gongkai.foi.models import Consultation, FoiRequest, ReplyVersion
from gongkai.foi.queries.clock import calendar_for, steps_of
from gongkai.foi.queries.replies import prefilled
from gongkai.foi.queries.same import near_same
from gongkai.foi.queries.sealed import json_of, text_of, version_content
from gongkai.foi.replying import Composition
from gongkai.law.explain import day_in_words as full_date
from gongkai.law.foi_moves import open_consultations
from gongkai.law.reply_tree import walk

#: Parts of the letter that follow from the file and the answers; what differs from them is the officer's own.
FOLLOWS: Final = ("addressee", "agency", "request", "number", "dated", "articles", "remedy")
#: A paragraph of the officer's own text that tells the remedy.
_REMEDY: Final = re.compile(r"行政复议|行政诉讼|申诉")
#: [I] how many of the organ's last replies are looked through for the online channel of review
LOOK_BACK: Final = 20


@dataclass(frozen=True, slots=True)
class Told:
    """What the file says to a question. `choice`: the answer it points to, "" where it only tells; `about`: where in
    the file it stands (search | consultation | earlier | clarification | reasons)."""

    choice: str
    sentence: str
    about: str


@dataclass(frozen=True, slots=True)
class Party:
    """A third party that was asked, opened for the officer. `on`: day of the answer, None while there is none."""

    label: str
    name: str
    on: date | None
    position: str
    answer: str
    reasonable: bool | None
    waiting: bool


def parties_asked(case: FoiRequest, today: date) -> list[Party]:
    """The third parties of Art. 32 with what they said."""
    waiting = {step.party for step in open_consultations(steps_of(case), calendar_for(case.organ), today)}
    rows = case.consultations.filter(kind="third_party").select_related("answered")
    return [_party(case, row, row.label in waiting) for row in rows]


def _party(case: FoiRequest, row: Consultation, waiting: bool) -> Party:
    return Party(
        row.label, text_of(case.key, row.party, "consultation.party"), row.answered.on if row.answered else None,
        row.position, text_of(case.key, row.answer, "consultation.answer"), row.reasonable, waiting,
    )  # fmt: skip


def told_by_file(case: FoiRequest, today: date) -> dict[str, Told]:
    """Question code → what the file says to it. A question the file is silent about is left out."""
    parties = parties_asked(case, today)
    found = {
        "open": Told("yes", "申请正在办理。", "clarification"),
        "clear": _clear(case),
        "volume": _volume(case),
        "repeated": _repeated(case),
        "found": _found(case),
    }
    if parties:
        names = "、".join(p.label for p in parties)
        found["closed_part"] = Told("third_party", f"已经书面征求{names}的意见。", "consultation")
        found["third_position"] = _position(parties)
    return found


def _clear(case: FoiRequest) -> Told:
    steps = steps_of(case)
    received = [step.on for step in steps if step.step == "clarification_received"]
    if received:
        return Told("yes", f"{full_date(received[-1])}收到补正。", "clarification")
    if any(step.step == "clarification_asked" for step in steps):
        return Told("", "已经告知补正，还没有登记补正。", "clarification")
    return Told("yes", "没有告知过补正。", "clarification")


def _volume(case: FoiRequest) -> Told:
    if any(step.step == "reasons_asked" for step in steps_of(case)):
        return Told("", "已经要求申请人说明理由，请看说明后判断。", "reasons")
    return Told("no", "没有要求申请人说明过理由。", "reasons")


def _repeated(case: FoiRequest) -> Told:
    earlier = [near.case for near in near_same(case) if near.same_applicant and near.case.pk < case.pk]
    if not earlier:
        return Told("no", "没有找到这位申请人此前提出的相近申请。", "earlier")
    said = "；".join(f"{one.number}（{one.reply_number or '没有答复'}）" for one in earlier[:3])
    return Told("", f"这位申请人此前的相近申请：{said}。请对照内容是否相同。", "earlier")


def earlier_reply(case: FoiRequest) -> str:
    """Number and day of the reply given to the same applicant's nearest request, as R6 has to name it; may be empty."""
    for near in near_same(case):
        delivered = getattr(near.case, "delivered", None) if near.same_applicant and near.case.pk < case.pk else None
        if delivered is not None:
            return f"{near.case.reply_number}，{full_date(delivered.on)}"
    return ""


def _found(case: FoiRequest) -> Told:
    rows = list(case.searches.all())
    if not rows:
        return Told("", "还没有检索记录。", "search")
    good = [row for row in rows if row.found]
    said = f"共检索{len(rows)}次，最近一次是{full_date(rows[-1].on)}"
    if good:
        return Told("yes", f"{said}，有{len(good)}次检索到。", "search")
    return Told("none", f"{said}，都没有检索到。", "search")


def search_words(case: FoiRequest) -> str:
    """How the searches read in a letter that tells there is no such information; empty without one."""
    lines = []
    for row in case.searches.filter(found=False).order_by("on", "pk"):
        content = json_of(case.key, row.content, "search.content")
        result = f"，{content['result'].rstrip('。')}" if content["result"] else ""
        lines.append(
            f"{full_date(row.on)}在{content['places'].rstrip('。')}以“{content['terms'].rstrip('。')}”检索{result}"
        )
    return "；".join(lines) + "。" if lines else ""


def _position(parties: list[Party]) -> Told:
    """As `replies._third_party` weighs several: an open letter first, then an objection, then silence."""
    if any(p.waiting for p in parties):
        return Told("", "还有第三方可以答复，15个工作日没有届满，现在不能作出判断。", "consultation")
    objected = [p for p in parties if p.position == "objected"]
    if objected and any(p.reasonable for p in objected):
        return Told("reasonable", "第三方不同意，已经审查，认为理由合理。", "consultation")
    if objected and all(p.reasonable is False for p in objected):
        return Told("unreasonable", "第三方不同意，已经审查，认为理由不合理。", "consultation")
    if objected:
        return Told("", "第三方不同意，还没有登记审查意见。", "consultation")
    if all(p.position == "agreed" for p in parties):
        return Told("agreed", "第三方同意公开。", "consultation")
    return Told("", "有第三方逾期没有答复或者无法送达，请判断公开会不会损害其合法权益。", "consultation")


#: (question, answer) → what it settles among `replying.FINDINGS`.
_SETTLES: Final[dict[tuple[str, str], dict[str, Any]]] = {
    ("internal_only", "yes"): {"external_effect": False},
    ("internal_only", "no"): {"external_effect": True},
    ("still_process", "no"): {"external_effect": True},
    ("rule_requires", "no"): {"no_rule_requires": True},
    ("rule_requires", "yes"): {"no_rule_requires": False},
    ("third_position", "public_interest"): {"public_interest": True},
    ("separable", "yes"): {"separability_examined": True},
    ("separable", "no"): {"separability_examined": True},
}


def settled_by(answers: Mapping[str, str]) -> dict[str, Any]:
    """What the answers on the path settle. Raises LookupError for an unknown answer."""
    found: dict[str, Any] = {}
    for step in walk(answers).steps:
        found |= _SETTLES.get((step.question.code, step.choice.code), {})
    return found


def own_words(case: FoiRequest, made: Composition, *, on: date) -> dict[str, Any]:
    """The letter without what the file gives by itself; `on` is the day it was saved. For a finished tree only."""
    kept = {k: v for k, v in made.letter.items() if k not in FOLLOWS}
    given = prefilled(case, replace(made, letter=kept), number=case.reply_number, today=on).letter
    own = {k: v for k, v in made.letter.items() if k in FOLLOWS and v != given.get(k)}
    if made.text.strip():  # read from the officer's own paragraphs, not from the form
        own = {k: v for k, v in own.items() if k != "remedy"}
    return kept | own


def as_written(made: Composition) -> Composition:
    """Where the officer wrote the paragraphs themselves, the remedy that is checked is the one that stands in them.

    That nothing else of the letter got lost in them is looked for at sign-off (`documents.left_out`).
    """
    if not made.text.strip():
        return made
    told = "\n".join(line.strip() for line in made.text.splitlines() if _REMEDY.search(line))
    channel = str(made.letter.get("online_channel") or "")
    read = {"remedy": told, "online_channel": channel if channel in made.text else ""}
    return replace(made, letter={**made.letter, **read})


def government_of(organ: Organ) -> str:
    """The government an organ belongs to, by the directory: the review body of its departments; may be empty."""
    above = organ.parent
    while above is not None and above.kind != "government":
        above = above.parent
    return above.name if above is not None else ""


def last_online_channel(organ: Organ) -> str:
    """The online channel of review the organ named in its last replies; empty where none did."""
    rows = ReplyVersion.objects.filter(request__organ=organ, request__erased_at=None)
    for version in rows.select_related("request__key").order_by("-pk")[:LOOK_BACK]:
        channel = str(version_content(version).letter.get("online_channel") or "")
        if channel.strip() and "【" not in channel:
            return channel
    return ""
