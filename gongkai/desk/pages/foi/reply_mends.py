"""What a button beside a finding does to the working copy, where the file or law knows the right words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from gongkai.agencies.models import Organ
from gongkai.desk.pages.foi.reply_parts import outcome, whole, with_channel
from gongkai.foi.models import FoiRequest
from gongkai.foi.queries.composing import government_of, last_online_channel, search_words
from gongkai.foi.replying import Composition

Made = Composition | None


@dataclass(frozen=True, slots=True)
class Mend:
    """`label` is the button; `apply` gives the mended copy, None where nothing is known to fill in."""

    label: Callable[[], str]
    apply: Callable[[FoiRequest, Composition, date], Made]


def online_channel(organ: Organ) -> str:
    """[I] the channel this installation names (FOI_REVIEW_CHANNEL), else the one of the organ's last replies."""
    return settings.FOI_REVIEW_CHANNEL or last_online_channel(organ)


def _channel(case: FoiRequest, made: Composition, today: date) -> Made:
    channel = online_channel(case.organ)
    if not channel:
        return None
    letter, text = with_channel({**made.letter, "online_channel": channel}, made.text)
    return replace(made, letter=letter, text=text)


def _remedy(case: FoiRequest, made: Composition, today: date) -> Made:
    """The words law gives; in the officer's own paragraphs they take the place of the ones that told a remedy."""
    findings = dict(made.findings)
    if not findings.get("review_body") and case.organ.kind == "department":
        findings["review_body"] = government_of(case.organ)
    plain = replace(made, letter=_own(made, "remedy"), findings=findings)
    if not made.text.strip():
        return plain
    right = whole(case, replace(plain, text=""), today).letter["remedy"]
    lines = [
        line for line in made.text.splitlines() if not any(word in line for word in ("行政复议", "行政诉讼", "申诉"))
    ]
    return replace(plain, text="\n".join([*lines, right]))


def _articles(case: FoiRequest, made: Composition, today: date) -> Made:
    return None if made.text.strip() else replace(made, letter=_own(made, "articles"))


def _search(case: FoiRequest, made: Composition, today: date) -> Made:
    said = search_words(case)
    return replace(made, letter={**made.letter, "search_described": said}) if said else None


def _responsible(case: FoiRequest, made: Composition, today: date) -> Made:
    name = str(made.findings.get("responsible_agency") or "").strip()
    organ = Organ.objects.filter(name=name, active=True).first()
    contact = "，".join(part for part in (organ.address, organ.phone) if part) if organ is not None else ""
    if not contact and not made.letter.get("responsible_contact"):
        return None
    told = {"responsible_agency": name} | ({"responsible_contact": contact} if contact else {})
    return replace(made, letter={**made.letter, **told})


def _addressee(case: FoiRequest, made: Composition, today: date) -> Made:
    return replace(made, letter=_own(made, "addressee", "agency"))


def _postage(case: FoiRequest, made: Composition, today: date) -> Made:
    return replace(made, letter={**made.letter, "collect_on_delivery": False})


def _own(made: Composition, *names: str) -> dict[str, Any]:
    return {k: v for k, v in made.letter.items() if k not in names}


_BY_LAW = Mend(lambda: _("按法律规定写救济途径"), _remedy)
#: Code of a finding → how it can be mended at one press.
MENDS: Final[dict[str, Mend]] = {
    "no_online_channel": Mend(lambda: _("填入网上申请行政复议的渠道"), _channel),
    "remedy_missing": _BY_LAW,
    "remedy_order": _BY_LAW,
    "remedy_body": _BY_LAW,
    "remedy_period": _BY_LAW,
    "no_article": Mend(lambda: _("填入应当引用的条款"), _articles),
    "search_not_described": Mend(lambda: _("填入检索记录"), _search),
    "no_responsible_agency": Mend(lambda: _("填入该机关的名称和联系方式"), _responsible),
    "wrong_addressee": Mend(lambda: _("改为申请人的姓名或者名称"), _addressee),
    "wrong_agency": Mend(lambda: _("改为本机关的名称"), _addressee),
    "collect_on_delivery": Mend(lambda: _("改为本机关付邮费"), _postage),
}


def label_of(code: str, case: FoiRequest, made: Composition, today: date) -> str:
    """The button beside this finding, "" where there is nothing to fill in."""
    mend = MENDS.get(code)
    if mend is None or outcome(made) is None or mend.apply(case, made, today) is None:
        return ""
    return mend.label()


def mended(code: str, case: FoiRequest, made: Composition, today: date) -> Made:
    """The mended copy. None for a finding no button mends."""
    mend = MENDS.get(code)
    return mend.apply(case, made, today) if mend is not None else None
