"""What a file of a case would give away about its applicant, or about anybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gongkai.files.memory import as_path
from gongkai.files.reading import read_text
from gongkai.files.recognised import NOT_RECOGNISED
from gongkai.files.refusal import Unreadable
from gongkai.files.sniff import sniff
from gongkai.foi.models import CaseFile, FoiRequest
from gongkai.foi.particulars import Particulars, plain
from gongkai.foi.queries.copies import is_ready, withheld_in
from gongkai.foi.queries.sealed import file_bytes, file_name, particulars
from gongkai.foi.replying import Composition
from gongkai.law.reply_checks import Finding as ReplyFinding
from gongkai.law.reply_tree import walk
from gongkai.law.verdicts import Refusal, Refused
from gongkai.scanning.rules import carries_secrecy_mark, scan
from gongkai.scanning.rules.findings import Finding

#: Shorter values turn up in any text by chance.
LEAST = 2
#: Replies that say the information is given as it is.
GRANTED_WHOLE = ("R1", "R2")
_SAID = {"name": "姓名或者名称", "identity_number": "证件号码", "phone": "电话", "address": "地址", "email": "电子邮箱"}


@dataclass(frozen=True, slots=True)
class Opened:
    """A file of the case with what can be read in it; `text` is None where nothing can (pictures, scans)."""

    paper: CaseFile
    name: str
    kind: str
    data: bytes
    text: str | None


def opened(paper: CaseFile) -> Opened:
    """Read in the sandbox. What cannot be read at all raises `Unreadable`, a Refusal with its sentence."""
    data, name = file_bytes(paper), file_name(paper)
    kind = sniff(data, name)
    with as_path(data, kind.suffixes[0]) as path:
        try:
            text = read_text(path, kind).text
        except Unreadable as refused:
            if refused.code not in NOT_RECOGNISED:
                raise
            return Opened(paper, name, kind.name, data, None)
    return Opened(paper, name, kind.name, data, text if text.strip() else None)


def told_of(told: Particulars, text: str) -> list[str]:
    """Which of the applicant's particulars stand in the text, by their names; spacing and width do not hide them."""
    whole = plain(text)
    found = []
    for field, title in _SAID.items():
        value = plain(getattr(told, field))
        if len(value) >= LEAST and value in whole:
            found.append(title)
    return found


def require_free_of(case: FoiRequest, texts: Iterable[str], *, name_allowed: bool = False) -> None:
    """Refuse texts in which the applicant can be recognised; the name may belong to the matter itself."""
    told = particulars(case.applicant)
    found = dict.fromkeys(title for text in texts for title in told_of(told, text))
    if name_allowed:
        found.pop(_SAID["name"], None)
    if found:
        raise Refusal(
            Refused(
                "applicant_inside",
                f"其中有申请人的{'、'.join(found)}，没有办理。请先去掉申请人的信息再公开。",
                "《个人信息保护法》第二十五条",
            )
        )


def findings_in(file: Opened) -> list[Finding]:
    """What the rules find in the text of a file and in its name."""
    return scan(file.name) + scan(file.text or "")


def reply_findings(case: FoiRequest, made: Composition) -> list[ReplyFinding]:
    """What a reply would give away that it must not, beside what law finds in its wording (`law.reply_checks`).

    A secrecy mark stops it, and an attachment that is no checked copy, or whose marks are not all decided. Whole numbers
    of people that are left in a copy, and a copy nobody can read, need a reason; so does covering what is granted whole.
    """
    found = []
    if mark := carries_secrecy_mark(made.text):
        found.append(
            ReplyFinding("secrecy_mark", "must_fix", "答复书里有密级标志，不能答复。请按保密规定处理。", mark.article)
        )
    rows = case.files.select_related("request__key", "blob", "copy__redaction").filter(pk__in=made.files)
    kept = {paper.pk: paper for paper in rows}
    for pk in made.files:
        if pk in kept:
            found += _of_attachment(opened(kept[pk]))
    found += _of_covering(case, made)
    return list({finding.code: finding for finding in reversed(found)}.values())[::-1]


def _of_covering(case: FoiRequest, made: Composition) -> list[ReplyFinding]:
    """Where parts are covered, a letter that grants the whole says something else than it gives (条例37)."""
    end = walk(made.answers).outcome
    if end is None or end.row.code not in GRANTED_WHOLE:
        return []
    covered = list(dict.fromkeys(title for title, _ in withheld_in(case, made.files)))
    if not covered:
        return []
    said = (
        f"附件{'、'.join(f'“{title}”' for title in covered)}遮盖了部分内容，答复却是“{end.row.title}”。"
        "遮盖的属于所申请信息的，请改为部分公开；不属于的，写明理由。"
    )
    return [ReplyFinding("attachment_covered", "explain", said, "《政府信息公开条例》第三十七条")]


def _of_copy(file: Opened) -> list[ReplyFinding]:
    """Only a checked copy goes out, and only with every mark on it decided."""
    if file.paper.copy_id is None:
        said = f"附件“{file.name}”是原件，不能随答复提供。请在“随答复提供的附件”里为它制作提供用副本，改选副本。"
        return [ReplyFinding("attachment_no_copy", "must_fix", said, "《政府信息公开条例》第十七条")]
    verdict = is_ready(file.paper)
    if isinstance(verdict, Refused):
        said = f"附件“{file.name}”：{verdict.sentence}"
        return [ReplyFinding("attachment_open", "must_fix", said, "《政府信息公开条例》第三十七条")]
    return []


def _of_attachment(file: Opened) -> list[ReplyFinding]:
    mark = carries_secrecy_mark(f"{file.name}\n{file.text or ''}")
    if mark:
        said = f"附件“{file.name}”里有密级标志，不能提供。请取下附件，按保密规定处理。"
        return [ReplyFinding("secrecy_mark", "must_fix", said, mark.article)]
    if stops := _of_copy(file):
        return stops
    if file.text is None:
        said = f"附件“{file.name}”读不出文字（图片或者扫描件），系统没有检查。请逐页看过，写明其中没有不应提供的内容。"
        return [ReplyFinding("attachment_unread", "explain", said, "《政府信息公开条例》第十七条")]
    grave = [finding for finding in findings_in(file) if finding.severity == "block"]
    if not grave:
        return []
    kinds = "、".join(dict.fromkeys(finding.title for finding in grave))
    said = f"附件“{file.name}”里有{kinds}等 {len(grave)} 处。属于他人的请先遮盖；可以提供的，写明理由。"
    return [ReplyFinding("attachment_personal", "explain", said, grave[0].article)]
