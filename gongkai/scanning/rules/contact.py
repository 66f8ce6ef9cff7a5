"""Ways to reach a person: mobile and landline telephones, e-mail."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from gongkai.chinese.normalise import half_width
from gongkai.scanning.rules import tables
from gongkai.scanning.rules.findings import Place, Rule, Span
from gongkai.scanning.rules.identity import of_kind
from gongkai.scanning.rules.masking import keep_ends
from gongkai.scanning.rules.prepared import Prepared

# Telephones and mailboxes of an office are meant to be public; those of a household are not. The nearest word decides.
_OFFICE = re.compile(
    r"办公|联系电话|联系方式|咨询|传\s*真|举报|监督|投诉|服务|热线|值班|受理|拨打|会|组|窗口|单位|公司|中心|大厅|"
    r"[局厅委办处科室院站所校社]|邮\s*编|总机|报名|客服|联系人"
)
_PERSONAL = re.compile(r"家庭|住宅|宅电|本人|申请人|户主|家长|监护人|居民|村民|患者|学生|住户|业主|家属")
_NEAR = 24


def _is_of_office(prepared: Prepared, place: Place) -> bool:
    """Whether the words around speak of an office; not where they speak of a person or say nothing."""
    before, after = prepared.before(place.start, _NEAR), prepared.after(place.end, 8)
    return not _PERSONAL.search(before) and bool(_OFFICE.search(before) or _OFFICE.search(after))


def _of_nobody(place: Place) -> bool:
    return False


def _by_severity(
    prepared: Prepared, places: Iterable[Place], official: Callable[[Place], bool] = _of_nobody
) -> Iterable[Span]:
    """Personal ones one by one, office ones as a single note; `official` tells an office by the place itself."""
    office = []
    for place in places:
        if official(place) or _is_of_office(prepared, place):
            office.append(place)
        else:
            yield Span(*place)
    yield from Span.collapsed(office, "note")


def _find_mobile(prepared: Prepared) -> Iterable[Span]:
    return [Span(n.start, n.end, keep_ends(n.digits, 3, 4)) for n in of_kind(prepared, "mobile")]


def _mask_landline(digits: str) -> str:
    """Area code and the last three digits stay."""
    if digits[0] != "0":
        return keep_ends(digits, 1, 3)
    area = 3 if digits[1] in "12" else 4
    return digits[:area] + "-" + keep_ends(digits[area:], 1, 3)


def _find_landline(prepared: Prepared) -> Iterable[Span]:
    places = (Place(n.start, n.end, _mask_landline(n.digits)) for n in of_kind(prepared, "landline"))
    return _by_severity(prepared, places)


_MAILBOX = re.compile(r"(?<![*＊])\b[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}\Z", re.ASCII)
_GLUED_PHONE = re.compile(r"\A0\d{2,3}-\d{7,8}(?=[A-Za-z])", re.ASCII)
_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,5}[A-Za-z]{2,12}", re.ASCII)


def _each(text: str, character: str) -> Iterator[int]:
    at = text.find(character)
    while at != -1:
        yield at
        at = text.find(character, at + 1)


def _mailboxes(prepared: Prepared) -> Iterable[Place]:
    for at in (*_each(prepared.text, "@"), *_each(prepared.text, "＠")):
        name = _MAILBOX.search(half_width(prepared.before(at, 64)))
        domain = _DOMAIN.match(half_width(prepared.after(at + 1, 128)))
        if name and domain:
            mailbox = _GLUED_PHONE.sub("", name.group())  # 022-28230000zhang@…: a telephone stuck to the name
            start, end = at - len(mailbox), at + 1 + domain.end()
            yield Place(start, end, f"{mailbox[0]}***@{domain.group()}")


def _find_email(prepared: Prepared) -> Iterable[Span]:
    def official(place: Place) -> bool:
        return half_width(prepared.text[place.start : place.end]).lower().endswith(".gov.cn")

    return _by_severity(prepared, _mailboxes(prepared), official)


_WECHAT_WORDS = ("微信号", "微信：", "微信:", "加微信", "微信ID", "WeChat", "wechat")
_WECHAT = re.compile(r"[\s:：为是(（]{0,4}([A-Za-z][A-Za-z0-9_-]{5,19})(?![A-Za-z0-9_.@-])")
_QQ_WORDS = ("QQ", "qq", "Qq", "ＱＱ", "扣扣")
_QQ = re.compile(r"(?:号码?|账号|ID)?[\s:：为是(（]{0,4}([1-9][0-9]{4,10})(?![0-9A-Za-z@])")


def _accounts(prepared: Prepared, words: tuple[str, ...], form: re.Pattern[str], kind: str) -> Iterator[Place]:
    """Accounts after one of the words or under a head that names them. `form` has the account as its group."""
    taken = set()
    for start, end in prepared.places(words):
        if start and prepared.text[start - 1] == "@":  # of a mailbox
            continue
        if match := form.match(half_width(prepared.after(end, 40))):
            account = match.group(1)
            taken.add(end + match.start(1))
            yield Place(end + match.start(1), end + match.end(1), keep_ends(account, 1, 2))
    for start, end, cell in prepared.below(kind):
        match = form.fullmatch(half_width(cell))
        if match and start + match.start(1) not in taken:
            yield Place(start + match.start(1), end, keep_ends(match.group(1), 1, 2))


def _find_wechat(prepared: Prepared) -> Iterable[Span]:
    return [Span(*place) for place in _accounts(prepared, _WECHAT_WORDS, _WECHAT, "wechat")]


def _find_qq(prepared: Prepared) -> Iterable[Span]:
    return [Span(*place) for place in _accounts(prepared, _QQ_WORDS, _QQ, "qq")]


_DISCLOSURE = "《个人信息保护法》第二十五条"

MOBILE = Rule(
    code="mobile",
    family="contact",
    severity="confirm",
    title="手机号码",
    article=_DISCLOSURE,
    sentence="个人手机号码未经本人单独同意不得公开。请遮盖中间四位；属于对外公布的工作电话的，说明理由后保留。",
    find=_find_mobile,
)
LANDLINE = Rule(
    code="landline",
    family="contact",
    severity="confirm",
    title="固定电话号码",
    article=_DISCLOSURE,
    sentence="办公电话可以公开，住宅电话未经本人单独同意不得公开。请核对这是谁的电话，住宅电话应当删除或者遮盖。",
    find=_find_landline,
)
EMAIL = Rule(
    code="email",
    family="contact",
    severity="confirm",
    title="电子邮箱",
    article=_DISCLOSURE,
    sentence="单位邮箱可以公开，个人邮箱未经本人单独同意不得公开。请核对这是谁的邮箱，个人邮箱应当删除或者遮盖。",
    find=_find_email,
)
WECHAT = Rule(
    code="wechat",
    family="contact",
    severity="confirm",
    title="微信号",
    article=_DISCLOSURE,
    sentence="个人微信号未经本人单独同意不得公开。请删除或者遮盖；属于单位对外公布的账号的，说明理由后保留。",
    find=_find_wechat,
    triggers=(*_WECHAT_WORDS, *tables.TRIGGERS),
)
QQ = Rule(
    code="qq",
    family="contact",
    severity="confirm",
    title="QQ号码",
    article=_DISCLOSURE,
    sentence="个人的QQ号码未经本人单独同意不得公开。请删除或者遮盖；属于单位对外公布的账号的，说明理由后保留。",
    find=_find_qq,
    triggers=(*_QQ_WORDS, *tables.TRIGGERS),
)
