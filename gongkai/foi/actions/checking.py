"""Whether a reply may go on: what law finds in it, and who has explained what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from gongkai.foi.models import FoiRequest
from gongkai.foi.queries.clock import calendar_for, steps_of
from gongkai.foi.queries.leaks import reply_findings
from gongkai.foi.queries.replies import law_facts
from gongkai.foi.replying import Composition
from gongkai.law.foi_moves import may_reply
from gongkai.law.reply_checks import Finding, check_reply
from gongkai.law.reply_clock import InputError
from gongkai.law.reply_facts import ReplyInputError
from gongkai.law.verdicts import Refusal, Refused, require

T = TypeVar("T")


def checked(look: Callable[[], T]) -> T:
    """What `look` gives; what law cannot read becomes a refusal with its own sentence."""
    try:
        return look()
    except (ReplyInputError, InputError) as error:
        raise Refusal(Refused(error.code, error.sentence)) from None
    except LookupError as error:
        raise Refusal(Refused("unreadable", str(error.args[0]))) from None


def require_sound(
    case: FoiRequest, made: Composition, *, on: date, delivery: str, explanations: Mapping[str, str]
) -> list[Finding]:
    """Refuse while somebody may still answer, and for every finding that must be mended or explained first.

    Returns the faults, which no rewriting can mend and which are put on record.
    """
    require(may_reply(steps_of(case), calendar_for(case.organ), on))
    facts = checked(lambda: law_facts(case, made, sent_on=on, delivery=delivery, sealed=True))
    findings = [*check_reply(*facts), *reply_findings(case, made)]
    mend = [f for f in findings if f.severity == "must_fix"]
    if mend:
        raise Refusal(Refused(mend[0].code, "；".join(f.sentence.rstrip("。") for f in mend) + "。", mend[0].article))
    silent = [f for f in findings if f.severity == "explain" and not explanations.get(f.code, "").strip()]
    if silent:
        said = "；".join(f.sentence.rstrip("。") for f in silent)
        raise Refusal(Refused("explanation_missing", f"{said}。请逐项说明理由。", silent[0].article))
    return [f for f in findings if f.severity == "fault"]
