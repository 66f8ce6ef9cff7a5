"""The facts a reply is checked against: the case as it stands in the file, and the letter as it is about to go out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Literal, cast, get_args

from gongkai.law.negative_list import ThirdParty, ground
from gongkai.law.remedies import ORGAN_KINDS, OrganKind
from gongkai.law.replies import reply as reply_row

Delivery = Literal["in_person", "post", "courier", "online"]
DELIVERIES: tuple[Delivery, ...] = get_args(Delivery)


class ReplyInputError(ValueError):
    """A file that cannot be read as case and reply; `code` is permanent, `sentence` says what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class SearchRecord:
    """What was searched: places, terms, by whom, on which day."""

    places: str = ""
    terms: str = ""
    by: str = ""
    on: date | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        wanted = (("检索的地方", self.places), ("检索用词", self.terms), ("检索人", self.by), ("检索日期", self.on))
        return tuple(label for label, value in wanted if not value)


@dataclass(frozen=True, slots=True)
class Case:
    """The file. `due_on` None: no clock is running. `basis`: classification, statute or danger behind the ground.

    `external_effect`: whether the document has effect outside the agency; None means nobody looked.
    `responsible_agency`: the organ that has to answer, where it is known. `review_body`: proper name, may be empty.
    """

    applicant: str
    agency: str
    organ: OrganKind = "department"
    received_on: date | None = None
    due_on: date | None = None
    review_body: str = ""
    clarifications: int = 0
    clarification_late: bool = False
    reasons_asked: bool = False
    search: SearchRecord | None = None
    third_party: ThirdParty | None = None
    basis: str = ""
    no_rule_requires: bool | None = None
    external_effect: bool | None = None
    separability_examined: bool = False
    responsible_agency: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """The letter. `articles` and `remedy` are its own words. `sent_on`: day of answering by its way of delivery."""

    code: str
    sent_on: date
    delivery: Delivery
    ground: str = ""
    articles: str = ""
    reason: str = ""
    addressee: str = ""
    agency: str = ""
    number: str = ""
    request: str = ""
    dated: date | None = None
    sealed: bool = False
    access: str = ""
    content_provided: bool = False
    access_time: str = ""
    search_described: str = ""
    responsible_agency: str = ""
    responsible_contact: str = ""
    special_rule: str = ""
    earlier_reply: str = ""
    withheld: str = ""
    remedy: str = ""
    online_channel: str = ""
    collect_on_delivery: bool = False
    text: str = field(default="", repr=False)


def read_facts(data: object) -> tuple[Case, Reply]:
    """Read `{"case": {...}, "reply": {...}}` as JSON gives it; dates as YYYY-MM-DD. Raises ReplyInputError.

    依据：设计
    """
    if not isinstance(data, dict) or not isinstance(data.get("case"), dict) or not isinstance(data.get("reply"), dict):
        raise ReplyInputError("bad_shape", '文件应当写成 {"case": {…}, "reply": {…}} 两部分，请补全。')
    if extra := set(data) - {"case", "reply"}:
        raise ReplyInputError("unknown_field", f"不认识的部分：{'、'.join(sorted(extra))}，只写 case 和 reply。")
    case_data = dict(data["case"])
    if isinstance(case_data.get("search"), dict):
        case_data["search"] = _build(SearchRecord, case_data["search"], "case.search")
    if isinstance(case_data.get("third_party"), dict):
        case_data["third_party"] = _build(ThirdParty, case_data["third_party"], "case.third_party")
    case = cast(Case, _build(Case, case_data, "case"))
    reply = cast(Reply, _build(Reply, data["reply"], "reply"))
    _check_codes(case, reply)
    return case, reply


def _check_codes(case: Case, reply: Reply) -> None:
    try:
        reply_row(reply.code)
        if reply.ground:
            ground(reply.ground)
    except LookupError as error:
        raise ReplyInputError("unknown_code", str(error.args[0])) from None
    if case.organ not in ORGAN_KINDS:
        raise ReplyInputError("unknown_code", f"case.organ 应当是 {'、'.join(ORGAN_KINDS)} 之一。")
    if reply.delivery not in DELIVERIES:
        raise ReplyInputError("unknown_code", f"reply.delivery 应当是 {'、'.join(DELIVERIES)} 之一。")
    if case.third_party and case.third_party.position not in (None, "agreed", "objected", "silent"):
        raise ReplyInputError("unknown_code", "case.third_party.position 应当是 agreed、objected、silent 之一或者空。")
    if case.received_on and reply.sent_on < case.received_on:
        raise ReplyInputError("replied_before_receipt", "答复日期早于收到申请的日期，请核对两个日期。")


def _build(kind: type[Any], data: Mapping[str, object], where: str) -> Any:
    known = {f.name: str(f.type) for f in fields(kind)}
    if unknown := [name for name in data if name not in known]:
        raise ReplyInputError(
            "unknown_field", f"{where} 中有不认识的项：{'、'.join(unknown)}。可以用的是：{'、'.join(known)}。"
        )
    values = {name: _value(value, known[name], f"{where}.{name}") for name, value in data.items()}
    try:
        return kind(**values)
    except TypeError:
        needed = "、".join(f.name for f in fields(kind) if _is_required(f) and f.name not in values)
        raise ReplyInputError("missing_field", f"{where} 缺少必填的项：{needed}。") from None


def _is_required(f: Any) -> bool:
    return type(f.default).__name__ == "_MISSING_TYPE" and type(f.default_factory).__name__ == "_MISSING_TYPE"


def _value(value: object, kind: str, where: str) -> object:
    if value is None and "None" in kind:
        return None
    if "date" in kind:
        return _date(value, where)
    if kind.startswith("bool") and not isinstance(value, bool):
        raise ReplyInputError("bad_value", f"{where} 应当写 true 或者 false。")
    if kind == "int" and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
        raise ReplyInputError("bad_value", f"{where} 应当是不小于0的整数。")
    if (kind == "str" or kind in ("OrganKind", "Delivery")) and not isinstance(value, str):
        raise ReplyInputError("bad_value", f"{where} 应当是文字。")
    if kind.startswith(("SearchRecord", "ThirdParty")) and isinstance(value, str | int | list):
        raise ReplyInputError("bad_value", f"{where} 应当写成一组带名称的项。")
    return value


def _date(value: object, where: str) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ReplyInputError("bad_date", f"{where} 的日期“{value}”不存在或者写法不对，应当写成 2026-10-29。") from None
