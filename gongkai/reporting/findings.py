"""What is wrong with single released items: one function for each kind, entered in `KINDS`, that reads the data and says
which items. A new kind is one function and one row (docs/howto/add-an-upkeep-finding.md).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from django.db.models.functions import Length, Trim

from gongkai.agencies.queries import contacts_in_force, former_contacts
from gongkai.chinese.contacts import former
from gongkai.chinese.titles import plain_title
from gongkai.disclosure.models import Item, Release, VersionAttachment
from gongkai.disclosure.queries import citations
from gongkai.disclosure.queries.looks import unowned, validity_due
from gongkai.files.queries import path_of
from gongkai.law.explain import day_in_words
from gongkai.reporting.models import LinkPlace

#: [I] a body of fewer characters says nothing by itself where the page has files or pictures
SHORTEST_BODY = 20
LONGEST_TOLD = 300

#: Where a finding is mended: by a look, by handing the item over, by a revision or withdrawal on the item's page.
Way = Literal["look", "hand_over", "item"]


@dataclass(frozen=True, slots=True)
class Found:
    """One thing wrong with one item. `key` tells two of one kind at one item apart (120 characters)."""

    item_id: int
    told: str
    key: str = ""
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FindingKind:
    """`code` is stored and stays. `mend` says what to do, `way` where. find(on) reads everything anew."""

    code: str
    title: str
    mend: str
    way: Way
    find: Callable[[date], Iterable[Found]]


def no_owner(on: date) -> Iterator[Found]:
    """Nobody is left in the section that answers for the item."""
    for item in unowned(on=on):
        name = item.section.name if item.section else item.organ.name
        mend = "" if item.section else "请登记科室和人员，或者授权其他机关代办。"
        yield Found(item.pk, f"{'责任科室' if item.section else ''}{name}没有在岗人员。{mend}")


def look_overdue(on: date) -> Iterator[Found]:
    """The day of the next look has passed."""
    rows = Item.objects.filter(public="live", next_look_on__lt=on).order_by("next_look_on")
    for pk, day in rows.values_list("pk", "next_look_on").iterator():
        yield Found(pk, f"应于{day_in_words(day)}复核，已经过了{(on - day).days}天。")


def validity_ending(on: date) -> Iterator[Found]:
    """Six months or less are left of the validity of a document, and nobody has looked at it since."""
    for pk, until in validity_due(on):
        yield Found(pk, f"有效期至{day_in_words(until)}，还有{(until - on).days}天，到期自行失效。")


def contacts_changed(on: date) -> Iterator[Found]:
    """A page shows a telephone number, mail or street address that the directory had before and has no more."""
    old, now = former_contacts(), contacts_in_force()
    looked_for = former(
        numbers=[*old["phone"], *old["fax"]], numbers_now=[*now["phone"], *now["fax"]],
        addresses=[*old["address"], *old["email"]], addresses_now=[*now["address"], *now["email"]],
    )  # fmt: skip
    if not looked_for:
        return
    # One pass over the bodies and one over the texts of files; what stands in both is told once.
    told: set[tuple[int, str]] = set()
    bodies = Release.objects.filter(standing="live").values_list("item_id", "version__body_text")
    files = VersionAttachment.objects.filter(version__release__standing="live").exclude(text="")
    for where, rows in (("正文", bodies), ("附件", files.values_list("version__item_id", "text"))):
        for pk, text in rows.order_by("pk").iterator(chunk_size=500):
            for value in looked_for.found_in(text):
                if (pk, value) not in told:
                    told.add((pk, value))
                    yield Found(pk, f"{where}里有“{value}”，机构信息已经改了。", _key(value), {"value": value})


def no_text(on: date) -> Iterator[Found]:
    """Nothing to read or to search: no text in the body, and none in any file."""
    rows = Release.objects.filter(standing="live").annotate(length=Length(Trim("version__body_text")))
    rows = rows.filter(length__lt=SHORTEST_BODY)
    short = {row["item_id"]: row for row in rows.values("item_id", "version_id", "version__body_text")}
    files: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    attached = VersionAttachment.objects.filter(version__in=[row["version_id"] for row in short.values()])
    for pk, text, inline in attached.values_list("version__item_id", "text", "inline"):
        files[pk].append((text, inline))
    for pk, row in short.items():
        beside, body = files[pk], row["version__body_text"].strip()
        if any(text.strip() for text, _ in beside) or (body and not beside):
            continue
        if not beside:
            yield Found(pk, "网页没有文字。")
        elif all(inline for _, inline in beside):
            yield Found(pk, "网页只有图片，没有文字，搜不到，也读不出来。")
        else:
            yield Found(pk, "正文没有内容，附件里也没有读出文字（可能是扫描的图片）。")


def missing_attachment(on: date) -> Iterator[Found]:
    """A file of a page whose bytes are gone, or that the page names and nothing serves."""
    rows = VersionAttachment.objects.filter(version__release__standing="live").order_by("pk")
    served: dict[int, set[int]] = defaultdict(set)
    for pk, order, name, blob, inline in rows.values_list(
        "version__item_id", "order", "filename", "blob_id", "inline"
    ).iterator():
        served[pk].add(order)
        if not path_of(blob).is_file():
            what = "正文里的图片" if inline else f"附件“{name}”"
            yield Found(pk, f"{what}的文件丢失，打不开。", str(order), {"order": order})
    named = Release.objects.filter(standing="live").exclude(version__files=[])
    for pk, files in named.values_list("item_id", "version__files").iterator():
        for file in files:
            if file["order"] not in served[pk]:
                told = f"网页列出附件“{file['filename']}”，系统里没有这个附件。"
                yield Found(pk, told, str(file["order"]), {"order": file["order"]})


def dead_link(on: date) -> Iterator[Found]:
    """A link that was asked and did not answer."""
    rows = LinkPlace.objects.filter(check_of__state="dead", item__public="live").order_by("pk")
    for pk, url, told in rows.values_list("item_id", "check_of__url", "check_of__told").iterator():
        yield Found(pk, f"{url}：{told}", _key(url), {"url": url})


def title_twice(on: date) -> Iterator[Found]:
    """One organ released the same title twice; blanks, brackets and punctuation aside."""
    same: dict[tuple[int, str], list[tuple[int, str, str]]] = defaultdict(list)
    rows = Release.objects.filter(standing="live").order_by("item_id")
    for organ, title, pk, number, code in rows.values_list(
        "organ_id", "version__title", "item_id", "item__index_number", "item__code"
    ).iterator():
        same[organ, plain_title(title)].append((pk, number, code))
    for group in same.values():
        for pk, number, _ in group if len(group) > 1 else ():
            others = [(n, c) for _, n, c in group if n != number]
            named = "、".join(n for n, _ in others[:3]) + (f"等{len(others)}条" if len(others) > 3 else "")
            yield Found(pk, f"与索引号 {named} 标题相同。", data={"others": [c for _, c in others[:20]]})


def cites_ended(on: date) -> Iterator[Found]:
    """A text names a document of this house that is amended, abolished or expired."""
    yield from _outdated(citations.cites_ended(on))


def interprets_changed(on: date) -> Iterator[Found]:
    """An interpretation of a document that has ended, or has a newer text than the one that was interpreted."""
    yield from _outdated(citations.interpretations_outdated(on))


def _outdated(rows: Iterable[citations.Outdated]) -> Iterator[Found]:
    for row in rows:
        yield Found(row.item_id, row.sentence[:LONGEST_TOLD], row.key, {"document": row.key, "excerpt": row.excerpt})


#: In the order in which they are listed: the most pressing first.
KINDS: tuple[FindingKind, ...] = (
    FindingKind("no_owner", "没有人负责", "移交给本机关有人员的科室。", "hand_over", no_owner),
    FindingKind("validity_ending", "有效期将满", "评估以后修订、废止，或者写明仍然正确的理由。", "look", validity_ending),
    FindingKind("look_overdue", "逾期没有复核", "看一遍，写明仍然正确的理由，或者修订、撤下。", "look", look_overdue),
    FindingKind("cites_ended", "引用已经失效的文件", "修订，改引现行的文件，或者写明不再适用；不再需要的撤下。", "item", cites_ended),
    FindingKind("interprets_changed", "解读的文件有变化", "核对解读是否一致，修订或者撤下。", "item", interprets_changed),
    FindingKind("contacts_changed", "联系方式已改", "修订，改成现在的电话、地址。", "item", contacts_changed),
    FindingKind("no_text", "没有文字", "修订，补上文字或者能读出文字的附件。", "item", no_text),
    FindingKind("missing_attachment", "附件缺失", "修订，重新添加附件；请告知系统管理员核查文件。", "item", missing_attachment),
    FindingKind("dead_link", "链接打不开", "修订，改掉或者去掉链接。", "item", dead_link),
    FindingKind("title_twice", "标题重复", "重复发布的撤下一条；不是同一件事的，修订标题。", "item", title_twice),
)  # fmt: skip
BY_CODE = {kind.code: kind for kind in KINDS}
if len(BY_CODE) != len(KINDS):
    raise TypeError("a code of a finding is used twice")


def _key(value: str) -> str:
    return value if len(value) <= 120 else hashlib.sha256(value.encode()).hexdigest()
