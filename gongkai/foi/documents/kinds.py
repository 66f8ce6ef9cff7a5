"""Every kind of document: one row each, and one text file of the same name in `templates`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from gongkai.law.articles import cite
from gongkai.law.replies import REPLIES

Layout = Literal["letter", "form", "list"]
REPLY_TITLE: Final = "政府信息公开申请答复书"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind. `to_applicant`: the applicant may open it. `numbered`: has to carry a 文号.

    `layout`: a letter; a form, each paragraph “栏目：内容”; a list, each paragraph one row of tabbed cells, heads first.
    """

    code: str
    title: str
    article: str
    to_applicant: bool
    numbered: bool = False
    layout: Layout = "letter"

    @property
    def template(self) -> str:
        """Name of the text file that holds the wording."""
        return f"{self.code}.txt"


_REPLIES = tuple(
    Kind(f"reply_{row.code}", REPLY_TITLE, row.article, True, numbered=True) for row in REPLIES if row.is_letter
)

KINDS: Final[dict[str, Kind]] = {
    kind.code: kind
    for kind in (
        Kind("receipt", "政府信息公开申请登记回执", cite("条例31；条例45"), True),
        Kind("clarification", "政府信息公开申请补正告知书", cite("条例30"), True),
        Kind("consultation", "政府信息公开第三方意见征询书", cite("条例32"), False),
        Kind("consultation_agency", "政府信息公开征求意见函", cite("条例11；条例34"), False),
        Kind("consultation_notice", "政府信息公开申请征求意见告知书", cite("条例33.3"), True),
        Kind("third_party_told", "决定公开政府信息告知书", cite("条例32"), False),
        Kind("extension", "政府信息公开申请延期答复告知书", cite("条例33.2"), True),
        Kind("reasons", "政府信息公开申请说明理由告知书", cite("条例35"), True),
        Kind("delay", "政府信息公开申请延迟答复告知书", cite("条例35"), True),
        Kind("fee", "政府信息公开信息处理费收费通知书", cite("条例42；109号"), True),
        *_REPLIES,
        Kind("delivery_proof", "政府信息公开送达回证", cite("235号"), False, layout="form"),
        Kind("correction_answer", "政府信息更正申请答复书", cite("条例41"), True),
        Kind("dossier_index", "卷内文件目录", cite("条例45"), False, layout="list"),
    )
}


def kind_of(code: str) -> Kind:
    """The row of a code. Raises LookupError."""
    try:
        return KINDS[code]
    except KeyError:
        raise LookupError(f"没有代码为“{code}”的文书。") from None
