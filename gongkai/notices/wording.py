"""The words of a notice: never more than stands on the receipt, made when it is sent and kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from gongkai.foi.models import FoiRequest
from gongkai.law.explain import full_date
from gongkai.notices.kinds import NoticeKind

#: The portal's page where one logs in with the code and a second fact; neither is ever part of the address.
TRACKING = "/apply/track/"


@dataclass(frozen=True, slots=True)
class Words:
    """`subject` and `body` of a mail with what stands in its head besides, `short` of an SMS."""

    subject: str
    body: str
    short: str
    headers: tuple[tuple[str, str], ...] = ()


def site_address(path: str) -> str:
    """The whole address of a page of the portal."""
    base: str = settings.SITE["base_url"].rstrip("/") or f"https://{settings.SITE['domain']}"
    return base + path


def tracking_address() -> str:
    """The whole address of the tracking page."""
    return site_address(TRACKING)


def words(kind: NoticeKind, case: FoiRequest) -> Words:
    """Case number, agency, step, last day, where to look: nothing else."""
    day = last_day(kind, case)
    lines = [f"申请编号：{case.number}", f"办理机关：{case.organ.name}", f"办理情况：{kind.sentence}"]
    if day is not None:
        lines.append(f"{kind.day_words}：{full_date(day)}")
    lines += [
        f"查看和办理：{tracking_address()}",
        "",
        "登录要用登记回执上的查询码和另一项信息，请不要把它们告诉别人。",
        "这封邮件由系统发出，不含申请内容，请不要直接回复。",
    ]
    until = f"{kind.day_words}{full_date(day)}。" if day is not None else ""
    return Words(
        subject=f"政府信息公开申请 {case.number}：{kind.title}",
        body="\n".join(lines) + "\n",
        short=f"{case.organ.label}：政府信息公开申请{case.number}，{kind.sentence}{until}请登录 {tracking_address()} 查看。",
    )


def last_day(kind: NoticeKind, case: FoiRequest) -> date | None:
    """The day a notice names, as the clock's copies have it; None where it names none or the clock stands still."""
    match kind.last_day:
        case "due":
            return case.due_on
        case "wait":
            return case.waiting_until
        case "":
            return None
        case other:
            raise ValueError(f"unknown last day {other}")
