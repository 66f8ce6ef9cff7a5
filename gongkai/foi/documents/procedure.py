"""What was done in a case before its reply, dated, as one sentence of the letter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from gongkai.law.explain import day_in_words
from gongkai.law.reply_clock import ClockStep

_POSITIONS: Final = {"agreed": "答复同意公开", "objected": "答复不同意公开"}


def procedure(steps: Iterable[ClockStep]) -> str:
    """“2026年9月29日，本机关书面征求第三方意见；…。”; "" where nothing has to be told.

    Receipt and clarification stand in the letter's first sentence and are left out; no party is named.
    """
    told = [f"{day_in_words(s.on)}，{_SENTENCES[s.step](s)}" for s in steps if s.step in _SENTENCES]
    return "；".join(told) + "。" if told else ""


def _answered(step: ClockStep) -> str:
    who = "第三方" if step.step == "third_party_answered" else "被征求意见的机关"
    return f"{who}{_POSITIONS.get(step.position or '', '答复了意见')}"


_SENTENCES: Final[dict[str, Callable[[ClockStep], str]]] = {
    "third_party_asked": lambda s: "本机关书面征求第三方意见",
    "third_party_answered": _answered,
    "third_party_undelivered": lambda s: "征求意见的文书无法送达第三方",
    "agency_asked": lambda s: "本机关书面征求其他机关意见",
    "agency_answered": _answered,
    "extended": lambda s: f"经本机关政府信息公开工作机构负责人同意，答复期限延长{s.working_days}个工作日，并已告知您",
    "reasons_asked": lambda s: "本机关书面要求您说明理由",
    "reasons_received": lambda s: "本机关收到您的理由说明",
    "delayed": lambda s: f"本机关告知您延迟至{day_in_words(s.until) if s.until else '【延迟到的日期】'}前答复",
    "fee_notified": lambda s: "本机关通知您缴纳信息处理费",
    "fee_paid": lambda s: "您缴纳了信息处理费",
}
