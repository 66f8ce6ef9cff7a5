"""Validity of normative documents: status on a date, the alert before expiry, trial periods, re-registration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from gongkai.law.explain import day_in_words
from gongkai.law.periods import add_months
from gongkai.law.verdicts import Allowed, Refused, Verdict

StatusCode = Literal["pending", "effective", "amended", "abolished", "expired"]

STATUS_LABELS: dict[StatusCode, str] = {
    "pending": "尚未施行",
    "effective": "有效",
    "amended": "已修改",
    "abolished": "已废止",
    "expired": "已失效",
}

ALERT_MONTHS = 6  # [M] local rules (e.g. Shandong): assess within the six months before expiry
DEFAULT_YEARS = 5  # [M] five years is the commonest local rule
DEFAULT_TRIAL_YEARS = 2  # [M] 试行、暂行: one or two years, three in Guangdong

_BASIS = "《国务院办公厅关于加强行政规范性文件制定和监督管理工作的通知》"


@dataclass(frozen=True, slots=True)
class NormativeDocument:
    """The dated facts of a normative document. `valid_until` is the last day of validity, None without a limit.

    `amended_on`, `abolished_on`: the day from which the change has effect. `auto_expire`: the local rule says that
    a document lapses by itself at the end of its term.
    """

    effective_from: date | None = None
    valid_until: date | None = None
    is_trial: bool = False
    auto_expire: bool = True
    amended_on: date | None = None
    abolished_on: date | None = None

    def __post_init__(self) -> None:
        if self.effective_from and self.valid_until and self.valid_until < self.effective_from:
            raise ValueError(
                f"有效期截止日{day_in_words(self.valid_until)}早于施行日{day_in_words(self.effective_from)}，请核对后重填。"
            )


@dataclass(frozen=True, slots=True)
class Validity:
    """Status on a date. `overdue` is True when the term has run out and nobody has decided what follows."""

    code: StatusCode
    sentence: str
    overdue: bool = False

    @property
    def label(self) -> str:
        return STATUS_LABELS[self.code]


def validity_on(document: NormativeDocument, on: date) -> Validity:
    """Status of a document on a date; abolished before expired before amended.

    依据：条例20(1)；设计
    """
    abolished, amended, until, start = (
        document.abolished_on,
        document.amended_on,
        document.valid_until,
        document.effective_from,
    )
    if abolished and on >= abolished:
        return Validity("abolished", f"本文件自{day_in_words(abolished)}起废止。")
    if until and on > until and document.auto_expire:
        return Validity("expired", f"本文件有效期至{day_in_words(until)}，已经失效。")
    if amended and on >= amended:
        return Validity("amended", f"本文件自{day_in_words(amended)}起已被修改，请以修改后的文本为准。")
    if until and on > until:
        return Validity(
            "effective", f"本文件有效期至{day_in_words(until)}，已经届满，尚未公布继续有效、修改或者废止的决定。", True
        )
    if start and on < start:
        return Validity("pending", f"本文件自{day_in_words(start)}起施行，现在尚未施行。")
    if until:
        return Validity("effective", f"本文件现行有效，有效期至{day_in_words(until)}。")
    return Validity("effective", "本文件现行有效。")


def default_valid_until(
    effective_from: date, *, is_trial: bool, years: int = DEFAULT_YEARS, trial_years: int = DEFAULT_TRIAL_YEARS
) -> date:
    """The last day of validity where the text names none: five years, or two for 试行 and 暂行 [M].

    依据：民法典202；设计
    """
    term = trial_years if is_trial else years
    if term < 1:
        raise ValueError(f"有效期应当至少1年，现在写的是{term}年。")
    anniversary = add_months(effective_from, 12 * term)
    return anniversary - timedelta(days=1) if anniversary.day == effective_from.day else anniversary


def expiry_alert_on(document: NormativeDocument, months: int = ALERT_MONTHS) -> date | None:
    """The day the office is told that a document is about to expire; None where there is no term or it was abolished.

    依据：设计
    """
    if document.valid_until is None or document.abolished_on is not None:
        return None
    return add_months(document.valid_until, -months)


def is_expiring(document: NormativeDocument, on: date, months: int = ALERT_MONTHS) -> bool:
    """Whether the document is in force on this day and within its alert period (six months before expiry).

    依据：设计
    """
    alert = expiry_alert_on(document, months)
    return alert is not None and alert <= on and validity_on(document, on).code in ("effective", "pending", "amended")


def check_reregistration(
    document: NormativeDocument, on: date, *, assessed: bool, old_number: str, new_number: str
) -> Verdict:
    """Whether a document may go on after its term: assessed first, registered anew, numbered anew, term not yet over.

    依据：设计
    """
    state = validity_on(document, on)
    if document.valid_until is None:
        return Refused("no_term", "本文件没有写明有效期，不需要重新登记。", _BASIS)
    if state.code in ("abolished", "expired"):
        return Refused("no_longer_valid", f"{state.sentence}不能重新登记，请重新制定。", _BASIS)
    if not assessed:
        return Refused("not_assessed", "继续执行前应当先评估实施情况，请补记评估结论。", _BASIS)
    if not new_number.strip() or new_number.strip() == old_number.strip():
        return Refused("same_number", "继续执行的文件应当重新登记、重新编号、重新公布，请填写新的登记号。", _BASIS)
    return Allowed()


def renewed(document: NormativeDocument, from_date: date, *, years: int = DEFAULT_YEARS) -> NormativeDocument:
    """The document after re-registration: its term runs anew from the day of the new publication.

    依据：设计
    """
    return NormativeDocument(
        effective_from=from_date,
        valid_until=default_valid_until(from_date, is_trial=False, years=years),
        is_trial=False,
        auto_expire=document.auto_expire,
    )
