"""The fields a template may name: what each is called where it is missing, and how its value is said."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from gongkai.foi.documents.document import clean
from gongkai.foi.documents.kinds import Kind
from gongkai.foi.documents.money import in_words
from gongkai.law.explain import day_in_words
from gongkai.law.remedies import remedy

Raw = Mapping[str, Any]
Say = Callable[[Raw, Kind], str]

#: How an application came (条例31), in the words of a receipt.
CHANNEL_WORDS: Final = {
    "in_person": "当面提交",
    "registered_mail": "邮寄（需签收）",
    "ordinary_mail": "邮寄（平常信函）",
    "online": "互联网",
    "fax": "传真",
}
DELIVERY_WORDS: Final = {"in_person": "直接送达", "post": "邮寄送达（邮政企业）", "online": "通过互联网送达"}
#: Ground of the negative list → the finding as a letter states it, ready to follow “该信息”.
GROUND_WORDS: Final = {
    "G14a": "已依照法定程序确定为国家秘密",
    "G14b": "属于法律、行政法规禁止公开的政府信息",
    "G14c": "公开后可能危及国家安全、公共安全、经济安全、社会稳定",
    "G15": "涉及商业秘密、个人隐私等，公开会对第三方合法权益造成损害",
    "G16a": "属于本机关的内部事务信息",
    "G16b": "属于本机关在履行行政管理职能过程中形成的过程性信息",
    "G16c": "属于行政执法案卷信息",
}
_UNNAMED: Final = {"reply_R2": "所申请的政府信息", "reply_R2p": "除第二项所述内容以外的部分"}
_LAW = re.compile(r"《(?:中华人民共和国)?(?:政府信息公开)?条例》")
_EXTENSION = re.compile(r"\.(?:pdf|docx?|xlsx?|csv|txt|ofd|wps|et|png|jpe?g|tiff?|zip)$", re.IGNORECASE)
_QUOTED = str.maketrans("【】", "〖〗")


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `label` stands in 【】 where there is no value."""

    label: str
    say: Say


def plain(name: str) -> Say:
    """The text as given."""
    return lambda raw, kind: clean(str(raw.get(name) or "")).strip()


def quoted(name: str) -> Say:
    """Words of somebody outside the agency: their 【】 are theirs and no gap of ours, so they are drawn as 〖〗."""
    return lambda raw, kind: plain(name)(raw, kind).translate(_QUOTED)


def day(name: str) -> Say:
    """A date, or the same as ISO text."""

    def say(raw: Raw, kind: Kind) -> str:
        found = as_date(raw.get(name))
        return day_in_words(found) if found else ""

    return say


def word(name: str, words: Mapping[str, str]) -> Say:
    """A code in words. An unknown code raises KeyError."""
    return lambda raw, kind: words[raw[name]] if raw.get(name) else ""


def lines(name: str, default: str = "") -> Say:
    """Several texts, one per line."""
    return lambda raw, kind: "\n".join(clean(str(part)).strip() for part in raw.get(name) or ()) or default


def as_date(value: object) -> date | None:
    """A date as it comes from columns or from JSON. Raises ValueError for a text that is none."""
    if value in (None, ""):
        return None
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def file_titles(raw: Raw) -> tuple[str, ...]:
    """Names of the attached files as a letter lists them, without what Windows appends."""
    names = (clean(str(name)).replace("\n", " ").strip() for name in raw.get("files") or ())
    return tuple(_EXTENSION.sub("", name).translate(_QUOTED) for name in names if name)


def _articles(raw: Raw, kind: Kind) -> str:
    """“第三十六条第三项、第十四条”: the article of the outcome first, then what was given; other laws by name, last."""
    if not kind.code.startswith("reply_") or not _LAW.match(kind.article):
        return plain("articles")(raw, kind)
    own, others = [_LAW.sub("", kind.article)], []
    for part in re.split(r"[；;、\n]+", plain("articles")(raw, kind)):
        if not part or _LAW.fullmatch(part):
            continue
        bare = _LAW.sub("", part)
        others.append(bare) if bare.startswith("《") or not bare.startswith("第") else own.append(bare)
    return "、".join(dict.fromkeys((*own, *others)))


def _content(raw: Raw, kind: Kind) -> str:
    """What is handed over, by name; in general words where it is handed over without a name."""
    given = plain("content")(raw, kind)
    if given:
        return given
    if titles := file_titles(raw):
        return "".join(title if title.startswith("《") else f"“{title}”" for title in titles)
    return _UNNAMED.get(kind.code, "") if raw.get("content_provided") else ""


def _remedy(raw: Raw, kind: Kind) -> str:
    """As given, else as law has it for the kind of organ; a letter sent online always speaks of the online way."""
    words = plain("remedy")(raw, kind)
    channel = plain("online_channel")(raw, kind)
    online = raw.get("delivery") == "online"
    dated = as_date(raw.get("dated"))
    if not words and raw.get("organ") and dated and kind.code.startswith("reply_"):
        words = remedy(
            kind.code.removeprefix("reply_"), raw["organ"], dated, body_name=plain("review_body")(raw, kind),
            court_name=plain("court")(raw, kind), online=online, online_channel=channel,
        ).text  # fmt: skip
    if words and online and "复议" in words and not (channel and channel in words) and "网上申请" not in words:
        words += f"网上申请行政复议：{channel or '【网上申请行政复议的渠道】'}。"
    return words


def _ground_words(raw: Raw, kind: Kind) -> str:
    return GROUND_WORDS[raw["ground"]] if raw.get("ground") else ""


def _yuan(raw: Raw, kind: Kind) -> str:
    return f"{raw['yuan']:,}元（大写：{in_words(raw['yuan'])}）" if raw.get("yuan") else ""


def _number_of(name: str) -> Say:
    return lambda raw, kind: str(raw[name]) if raw.get(name) else ""


def _rows(raw: Raw, kind: Kind) -> str:
    rows: Iterable[Iterable[object]] = raw.get("rows") or ()
    cells = ("\t".join(clean(str(cell)).replace("\n", " ") for cell in row) for row in rows)
    return "\n".join(cells).translate(_QUOTED)


def _defaulted(say: Say, default: str) -> Say:
    return lambda raw, kind: say(raw, kind) or default


FIELDS: Final[dict[str, Field]] = {
    # who, what, when
    "agency": Field("机关名称", plain("agency")),
    "addressee": Field("收件人", quoted("addressee")),
    "case_number": Field("申请编号", plain("case_number")),
    "request": Field("申请内容", quoted("request")),
    "you": Field("称呼", _defaulted(plain("you"), "您")),
    "arrived_on": Field("申请到达的日期", day("arrived_on")),
    "received_on": Field("收到申请的日期", day("received_on")),
    "clarified_on": Field("收到补正的日期", day("clarified_on")),
    "due_on": Field("答复的最后日期", day("due_on")),
    "clock_sentence": Field("期限的说明", plain("clock_sentence")),
    "channel": Field("申请方式", word("channel", CHANNEL_WORDS)),
    # along the way
    "items": Field("需要补正的事项", plain("items")),
    "guidance": Field("补正的指导", plain("guidance")),
    "reply_by": Field("补正的最后日期", day("reply_by")),
    "letter": Field("征求意见的内容", plain("letter")),
    "asked_on": Field("征求意见的日期", day("asked_on")),
    "parties": Field("征求意见的方数", _number_of("parties")),
    "working_days": Field("延长的工作日数", _number_of("working_days")),
    "new_due_on": Field("延长后的最后日期", day("new_due_on")),
    "reason": Field("理由", plain("reason")),
    "text": Field("数量、频次的情况", plain("text")),
    "until": Field("延迟到的日期", day("until")),
    "yuan": Field("收费数额", _yuan),
    "fee_lines": Field("计算过程", lines("fee_lines")),
    "pay_by_days": Field("缴费期限", _defaulted(_number_of("pay_by_days"), "30")),
    "pay_how": Field("缴纳方式", _defaulted(plain("pay_how"), "凭本通知书到本机关政府信息公开工作机构办理")),
    # the reply
    "procedure": Field("办理经过", plain("procedure")),
    "articles": Field("法律依据的条、款、项", _articles),
    "access": Field("获取方式、途径", plain("access")),
    "access_time": Field("获取时间", plain("access_time")),
    "content": Field("可以公开的信息内容", _content),
    "how_given": Field("提供方式", lambda raw, kind: plain("access")(raw, kind) or "随本答复书提供"),
    "withheld": Field("不予公开的内容", _defaulted(plain("withheld"), "部分内容")),
    "withheld_list": Field("遮盖内容的清单", lines("withheld_list")),
    "separability": Field("区分处理的审查", plain("separability")),
    "ground": Field("不予公开的情形", _ground_words),
    "ground_basis": Field("认定依据", plain("ground_basis")),
    "search_described": Field("检索情况", plain("search_described")),
    "responsible_agency": Field("负责公开的机关", plain("responsible_agency")),
    "responsible_contact": Field("该机关的联系方式", plain("responsible_contact")),
    "special_rule": Field("有特别规定的法律、行政法规名称", plain("special_rule")),
    "proper_channel": Field(
        "提出信访、投诉、举报的渠道", lambda raw, kind: plain("proper_channel")(raw, kind) or plain("access")(raw, kind)
    ),
    "earlier_reply": Field("前次答复的文号和日期", plain("earlier_reply")),
    "remedy": Field("救济途径和期限", _remedy),
    # afterwards
    "reply_number": Field("答复书文号", plain("reply_number")),
    "on": Field("送达日期", day("on")),
    "by": Field("送达方式", word("by", DELIVERY_WORDS)),
    "proof": Field("送达凭证", plain("proof")),
    "what": Field("要求更正的内容", quoted("what")),
    "other_organ": Field("有权更正的机关", plain("other_organ")),
    "rows": Field("目录", _rows),
}  # fmt: skip


def said(name: str, raw: Raw, kind: Kind) -> str:
    """The value in words, or its label in 【】. A field that is not in the table raises KeyError."""
    field = FIELDS[name]
    return field.say(raw, kind) or f"【{field.label}】"


def has(name: str, raw: Raw, kind: Kind) -> bool:
    """Is there a value? A name that is no field is a plain mark of the caller (content_provided, extended)."""
    return bool(FIELDS[name].say(raw, kind)) if name in FIELDS else bool(raw.get(name))
