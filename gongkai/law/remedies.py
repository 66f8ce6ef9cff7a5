"""What a person may do against a reply: review first or a choice, before whom, within which time; by decision date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from gongkai.law.replies import RemedyOrder, reply

OrganKind = Literal[
    "department",
    "local_government",
    "provincial_government",
    "state_department",
    "vertical",
    "justice_department",
    "dispatched_organ",
    "dispatched_unit",
    "authorised_organisation",
    "public_institution",
]
FirstStep = Literal["review_first", "either", "appeal", "none"]

REVIEW_LAW_CHANGED_ON = date(2024, 1, 1)
ORGAN_KINDS: dict[OrganKind, str] = {
    "department": "县级以上地方人民政府工作部门",
    "local_government": "省级以下地方人民政府",
    "provincial_government": "省、自治区、直辖市人民政府",
    "state_department": "国务院部门",
    "vertical": "海关、金融、外汇管理等垂直领导的机关，税务和国家安全机关",
    "justice_department": "履行行政复议机构职责的地方司法行政部门",
    "dispatched_organ": "地方人民政府的派出机关（含街道办事处）",
    "dispatched_unit": "部门依法设立、以自己名义履职的派出机构",
    "authorised_organisation": "法律、法规、规章授权的组织",
    "public_institution": "教育、卫生健康、供水、供电、供气、供热、环境保护、公共交通等公共企事业单位",
}


@dataclass(frozen=True, slots=True)
class RemedyRules:
    """What statute leaves open, set per installation.

    `no_reply`: [I] 复议法23.1(3) makes failure to act a review-first case, 法释〔2025〕8号 2.2 words it as a choice.
    `special_query`: [I] replies under 36(7) are not in the court's list. `partial`: [I] the refused part follows R3.
    """

    no_reply: Literal["review_first", "either"] = "review_first"
    special_query: Literal["review_first", "either"] = "either"
    partial: Literal["review_first", "either"] = "review_first"


DEFAULT_RULES = RemedyRules()


@dataclass(frozen=True, slots=True)
class Remedy:
    """The remedy of one decision. `body`: kind of review body in words; `text`: what the letter prints, may be empty.

    `needs_online_channel`: the letter went out online, so it must name an online channel for review.
    """

    first_step: FirstStep
    body: str
    review_days: int
    court: str
    needs_online_channel: bool
    text: str
    help: str
    article: str


_BODY_SINCE_2024: dict[OrganKind, tuple[str, str]] = {
    "department": ("本级人民政府", "《行政复议法》第二十四条第一款第一项"),
    "local_government": ("上一级人民政府", "《行政复议法》第二十四条第一款第二项"),
    "provincial_government": ("作出答复的省级人民政府", "《行政复议法》第二十四条第二款"),
    "state_department": ("作出答复的国务院部门", "《行政复议法》第二十五条第一项"),
    "vertical": ("上一级主管部门", "《行政复议法》第二十七条"),
    "justice_department": ("本级人民政府或者上一级司法行政部门", "《行政复议法》第二十八条"),
    "dispatched_organ": ("设立该派出机关的人民政府", "《行政复议法》第二十四条第一款第三项"),
    "dispatched_unit": ("设立该派出机构的部门的本级人民政府", "《行政复议法》第二十四条第四款"),
    "authorised_organisation": ("管理该组织的本级人民政府", "《行政复议法》第二十四条第一款第四项"),
}
_OLD_LAW = "《行政复议法》（2017年修正）第{}条"
_BODY_BEFORE_2024: dict[OrganKind, tuple[str, str]] = {
    "department": ("本级人民政府或者上一级主管部门", _OLD_LAW.format("十二")),
    "local_government": ("上一级人民政府", _OLD_LAW.format("十三")),
    "provincial_government": ("作出答复的省级人民政府", _OLD_LAW.format("十四")),
    "state_department": ("作出答复的国务院部门", _OLD_LAW.format("十四")),
    "vertical": ("上一级主管部门", _OLD_LAW.format("十二")),
    "justice_department": ("本级人民政府或者上一级主管部门", _OLD_LAW.format("十二")),
    "dispatched_organ": ("设立该派出机关的人民政府", _OLD_LAW.format("十五")),
    "dispatched_unit": ("设立该派出机构的部门或者该部门的本级人民政府", _OLD_LAW.format("十五")),
    "authorised_organisation": ("直接管理该组织的人民政府或者部门", _OLD_LAW.format("十五")),
}
_COURT_DAYS = "收到行政复议决定书之日起十五日内"
_COURT_MONTHS = "收到本答复书之日起六个月内"


def review_body(organ: OrganKind, decided_on: date) -> tuple[str, str]:
    """The review body in words and its article, by the law in force on the day of the decision. Raises LookupError.

    依据：行政复议法24；行政复议法25；行政复议法27；行政复议法28
    """
    table = _BODY_SINCE_2024 if decided_on >= REVIEW_LAW_CHANGED_ON else _BODY_BEFORE_2024
    try:
        return table[organ]
    except KeyError:
        known = "、".join(ORGAN_KINDS)
        raise LookupError(f"没有“{organ}”的行政复议机关，机关类别应当是：{known}。") from None


def first_step(decision: str, decided_on: date, *, rules: RemedyRules = DEFAULT_RULES) -> RemedyOrder:
    """Which remedy comes first against a row of `replies`, or against "no_reply" (nothing within the time).

    依据：行政复议法23.1(3)；行政复议法23.1(4)；信息公开解释1；信息公开解释2
    """
    if decision == "no_reply":
        order: RemedyOrder = rules.no_reply
    elif decision == "R7":
        order = rules.special_query
    elif decision == "R2p":
        order = rules.partial
    else:
        order = reply(decision).remedy
    if order == "review_first" and decided_on < REVIEW_LAW_CHANGED_ON:
        return "either"
    return order


def remedy(
    decision: str,
    organ: OrganKind,
    decided_on: date,
    *,
    body_name: str = "",
    court_name: str = "",
    online: bool = False,
    online_channel: str = "",
    rules: RemedyRules = DEFAULT_RULES,
) -> Remedy:
    """The remedy against a decision: order, review body, times, and the words the letter prints.

    `decision`: a row of `replies` or "no_reply". `body_name`, `court_name`: proper names, else the words of the law.
    `online`: the letter is delivered over the internet. Raises LookupError for an unknown decision or organ.

    依据：条例51；条例55；行政复议法20；行政复议法22.2；行政复议法23；行政诉讼法45；行政诉讼法46
    """
    if organ == "public_institution":
        return _appeal()
    order = first_step(decision, decided_on, rules=rules)
    body, article = review_body(organ, decided_on)
    needs_channel = online and decided_on >= REVIEW_LAW_CHANGED_ON and order != "none"
    channel = f"网上申请行政复议：{online_channel.strip()}。" if online and online_channel.strip() else ""
    named, court = body_name.strip() or body, court_name.strip() or "有管辖权的人民法院"
    match order:
        case "review_first":
            text = _text_review_first(decision, named, court) + channel
            return Remedy(
                order, body, 60, _COURT_DAYS, needs_channel, text, _help(decision, order),
                f"《行政复议法》第二十条、第二十三条第一款；{article}；《行政诉讼法》第四十五条",
            )  # fmt: skip
        case "either":
            text = _text_either(decision, named, court) + channel
            return Remedy(
                order, body, 60, _court_limit(decision), needs_channel, text, _help(decision, order),
                f"《行政复议法》第二十条；{article}；《行政诉讼法》第四十六条",
            )  # fmt: skip
        case "none":
            return Remedy(order, "", 0, "", False, "", "申请人撤回等情形不需要写救济途径。", "")
        case other:
            raise LookupError(f"没有“{other}”这种救济次序。")


def _appeal() -> Remedy:
    return Remedy(
        "appeal",
        "有关主管部门或者机构",
        0,
        "",
        False,
        "认为本单位没有依照有关规定公开信息的，可以向有关主管部门或者机构申诉。",
        "公共企事业单位的信息公开适用主管部门的规定，救济途径是申诉，不写行政复议和行政诉讼。",
        "《政府信息公开条例》第五十五条",
    )


def _court_limit(decision: str) -> str:
    return "答复期限届满之日起六个月内" if decision == "no_reply" else _COURT_MONTHS


def _subject(decision: str) -> str:
    return {
        "R2p": "对本答复书中不予公开的内容不服的",
        "no_reply": "本机关逾期没有答复的",
    }.get(decision, "对本答复不服的")


def _text_review_first(decision: str, body: str, court: str) -> str:
    start = "自答复期限届满之日起" if decision == "no_reply" else "自收到本答复书之日起"
    return (
        f"{_subject(decision)}，应当{start}六十日内，先向{body}申请行政复议；"
        f"对行政复议决定不服的，可以自{_COURT_DAYS}向{court}提起行政诉讼。"
    )


def _text_either(decision: str, body: str, court: str) -> str:
    start = "自答复期限届满之日起" if decision == "no_reply" else "自收到本答复书之日起"
    return (
        f"{_subject(decision)}，可以{start}六十日内向{body}申请行政复议，"
        f"也可以自{_court_limit(decision)}向{court}提起行政诉讼。"
    )


def _help(decision: str, order: FirstStep) -> str:
    if decision == "no_reply":
        return (
            "逾期不答复的救济，《行政复议法》第二十三条第一款第三项与司法解释的写法不同，各地法院做法可能不一，"
            "请与法制机构确认本地口径。"
        )
    if order == "review_first":
        return "2024年1月1日起，不予公开须先申请行政复议，机关应当告知申请人；没有告知的，期限最长可以到一年。"
    return "申请人可以选择行政复议或者行政诉讼；没有告知权利和期限的，期限最长可以到一年。"
