"""The clock of one's own case in words: whose last day it is, how many days are left, how they were counted."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from gongkai.foi.documents import KINDS
from gongkai.foi.models import IssuedPaper
from gongkai.foi.queries.progress import Progress
from gongkai.law.articles import cite
from gongkai.law.explain import full_date, short_date
from gongkai.law.reply_clock import Clock, picture

DAYS = gettext_noop("个工作日")


def clock_block(seen: Progress, papers: list[IssuedPaper]) -> dict[str, str]:
    """{state, lead, number, unit, title, text, article, url, url_text}; see `portal/track_clock.html`."""
    clock = seen.clock
    block = {"state": "running", "lead": "", "number": "", "unit": "", "title": "", "text": "", "article": ""}
    if clock is None:
        block |= {
            "state": "waiting", "lead": _("等待确认"), "title": _("机关会与您确认收到申请的日期"),
            "text": _("网上、传真和平常信函提出的申请，以双方确认之日为收到申请之日，答复期限从次日起计算。"),
            "article": cite("条例31"),
        }  # fmt: skip
    elif seen.phase in ("clarify", "pay"):
        block |= _waiting(seen, clock)
    elif seen.phase in ("replied", "withdrawn", "given_up"):
        block |= _ended(seen, clock)
    else:
        block |= _counting(clock)
    return block | _paper_button(seen, papers)


def _waiting(seen: Progress, clock: Clock) -> dict[str, str]:
    """The applicant's own last day: working days to clarify, calendar days to pay."""
    last, clarify = clock.waiting_until, seen.phase == "clarify"
    verb = _("补正") if clarify else _("缴费")
    told = {
        "state": "waiting",
        "article": cite("条例30") if clarify else cite("109号6"),
        "text": _("收到您的补正后，20 个工作日的答复期限从次日起重新计算。")
        if clarify
        else _("缴费后，20 个工作日的答复期限从次日起重新计算。"),
    }
    if last is None:
        return told | {
            "lead": _("等您%(verb)s") % {"verb": verb},
            "title": _("机关已恢复办理，请尽快%(verb)s") % {"verb": verb},
        }
    left = seen.calendar.count(seen.today, last) if clarify else (last - seen.today).days
    told |= {
        "title": _("请最迟在%(day)s%(verb)s") % {"day": full_date(last), "verb": verb},
        "last": short_date(last, beside=seen.today),
    }
    if last == seen.today:
        return told | {"state": "pressing", "lead": _("今天到期")}
    if left == 0:
        return told | {"lead": _("休息日")}  # no working day is left, the last day itself is leave
    return told | {"lead": _("还有"), "number": str(left), "unit": _(DAYS) if clarify else _("天")}


def _ended(seen: Progress, clock: Clock) -> dict[str, str]:
    match seen.phase:
        case "replied":
            assert clock.closed_on is not None
            over = clock.calendar.count(clock.due_on, clock.closed_on) if clock.due_on and clock.status == "late" else 0
            told = {
                "lead": _("已经答复"),
                "title": _("机关于%(day)s答复您") % {"day": full_date(clock.closed_on)},
                "article": cite("条例33"),
            }
            if clock.due_on is None:
                return told
            text = (
                _("最后一日是%(day)s，按期答复。")
                if clock.status == "met"
                else _("最后一日是%(day)s，逾期 %(n)s 个工作日。")
            )
            return told | {"text": text % {"day": full_date(clock.due_on), "n": over}}
        case "withdrawn":
            assert clock.closed_on is not None
            return {
                "lead": _("已经撤回"), "title": _("您于%(day)s撤回申请") % {"day": full_date(clock.closed_on)},
                "text": _("机关不再办理。仍需要这些信息的，可以重新提出申请。"), "article": cite("条例27"),
            }  # fmt: skip
        case "given_up":
            lapsed = next(note for note in reversed(clock.notes) if note.effect == "abandoned")
            return {
                "state": "waiting", "lead": _("视为放弃"), "title": f"{lapsed.sentence}。",
                "text": _("最后一日是%(day)s。有正当理由的，请与机关联系；也可以重新提出申请。")
                % {"day": full_date(lapsed.on or clock.as_of)},
                "article": lapsed.article,
            }  # fmt: skip
        case other:
            raise ValueError(f"{other!r} has not ended")


def _counting(clock: Clock) -> dict[str, str]:
    """The agency's last day: running, suspended, due today or past."""
    assert clock.due_on is not None
    due = {"day": full_date(clock.due_on)}
    told = {"title": _("机关最迟在%(day)s答复您") % due, "text": _counted(clock), "article": cite("条例33")}
    if clock.delayed:
        told |= {"text": _("机关已告知您延迟到这一天答复。"), "article": cite("条例35")}
    if clock.provisional:
        told["text"] += _("%(year)s年的放假安排还没有公布，日期为预估。") % {
            "year": clock.calendar.last_official_year + 1
        }
    if clock.status == "late":
        over = clock.calendar.count(clock.due_on, clock.as_of)
        late = {"state": "pressing", "title": _("机关应当在%(day)s答复您，还没有答复") % due}
        return (
            told | late | ({"lead": _("逾期"), "number": str(over), "unit": _(DAYS)} if over else {"lead": _("已逾期")})
        )
    if not clock.remaining:
        return told | {"state": "pressing", "lead": _("今天到期")}
    if clock.status == "suspended":
        return told | {"state": "waiting", "lead": _("暂停，余"), "number": str(clock.remaining), "unit": _(DAYS)}
    return told | {"lead": _("还有"), "number": str(clock.remaining), "unit": _(DAYS)}


def _counted(clock: Clock) -> str:
    """期限共 20 个工作日，已用 9 个，暂停的 4 个不计。"""
    days = picture(clock)
    used = max((day.number or 0 for day in days if day.on <= clock.as_of), default=0)
    paused = sum(day.kind == "suspended" for day in days)
    told = _("期限共 %(length)s 个工作日，已用 %(used)s 个") % {"length": clock.length, "used": used}
    return told + (_("，暂停的 %(n)s 个不计。") % {"n": paused} if paused else "。")


#: The paper that explains a phase, and the words of its button.
_BUTTONS = {
    "clarify": ("clarification", gettext_noop("查看补正告知书")),
    "pay": ("fee", gettext_noop("查看收费通知")),
    "reasons": ("reasons", gettext_noop("查看告知书")),
}


def _paper_button(seen: Progress, papers: list[IssuedPaper]) -> dict[str, str]:
    if seen.phase == "replied" and seen.delivery is not None and seen.delivery.by == "online":
        return {"url": reverse("portal:track_reply"), "url_text": _("接收答复")}
    kind, words = _BUTTONS.get(seen.phase, ("receipt", _("查看登记回执")))
    paper = next((p for p in reversed(papers) if p.kind == kind), None)
    return {"url": paper_url(paper), "url_text": _(words)} if paper is not None else {"url": "", "url_text": ""}


def paper_name(paper: IssuedPaper) -> str:
    """补正告知书: the title without the words that every title here begins with."""
    return KINDS[paper.kind].title.removeprefix(_("政府信息公开")).removeprefix(_("申请"))


def paper_url(paper: IssuedPaper) -> str:
    return reverse("portal:track_paper", args=[paper.serial])
