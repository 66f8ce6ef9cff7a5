"""`gongkai law fee | check-report | remedy | replies | check-reply`: JSON out, for programs.

Exit 0: the question was answered, whatever the answer. Exit 1: only with --strict, when something must be mended.
Exit 2: the question could not be read (wholly or in part); the answer then has `"error": {"code", "sentence"}`.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NoReturn, cast

import typer

from gongkai.cli.law_due import _
from gongkai.law.fees import METHODS, FeeError, FeeProposal, fee_by_page, fee_by_piece
from gongkai.law.negative_list import GROUNDS
from gongkai.law.remedies import OrganKind
from gongkai.law.remedies import remedy as remedy_against
from gongkai.law.replies import CATEGORIES, ELEMENTS, REPLIES, ReplyRow
from gongkai.law.reply_checks import SEVERITIES, passed_checks
from gongkai.law.reply_checks import check_reply as find_defects
from gongkai.law.reply_facts import ReplyInputError, read_facts
from gongkai.law.reply_tree import QUESTIONS
from gongkai.law.report_checks import check_report as find_failures
from gongkai.law.report_checks import is_ok
from gongkai.law.report_form import Report
from gongkai.law.report_input import ReportError, read_report

STRICT = typer.Option("--strict", help="有必须改正的问题时以退出码 1 结束")


# fee --------------------------------------------------------------------------------------------------------------


def fee(
    by: Annotated[str, typer.Option(help="piece 按件，page 按页（按量）")],
    already: Annotated[str | None, typer.Option(help="按件：同一申请人本自然月已有的件数")] = None,
    pieces: Annotated[str | None, typer.Option(help="按件：这次的件数")] = None,
    pages: Annotated[str | None, typer.Option(help="按页：这一件申请的页数")] = None,
) -> None:
    """计算信息处理费的数额；只是建议，是否收取由机关决定。"""
    try:
        proposal = _proposal(by, already, pieces, pages)
    except FeeError as error:
        _fail(error.code, error.sentence)
    _say(
        {
            "yuan": proposal.yuan,
            "lines": [
                {
                    "first": line.first,
                    "last": line.last,
                    "units": line.units,
                    "rate": line.rate,
                    "yuan": line.yuan,
                    "sentence": line.sentence,
                }
                for line in proposal.lines
            ],
        }
    )


def _proposal(by: str, already: str | None, pieces: str | None, pages: str | None) -> FeeProposal:
    if by not in METHODS:
        raise FeeError("unknown_method", _("--by 应当写 piece（按件）或者 page（按页）。"))
    if by == "page":
        if already is not None or pieces is not None:
            raise FeeError("both_methods", _("按件和按页不能并用：按页只写 --pages。"))
        if pages is None:
            raise FeeError("missing", _("按页计收要写 --pages 页数。"))
        return fee_by_page(_number(pages, "--pages"))
    if pages is not None:
        raise FeeError("both_methods", _("按件和按页不能并用：按件只写 --already 和 --pieces。"))
    if pieces is None:
        raise FeeError("missing", _("按件计收要写 --pieces 件数。"))
    return fee_by_piece(_number(already or "0", "--already"), _number(pieces, "--pieces"))


def _number(text: str, option: str) -> int:
    try:
        return int(text)
    except ValueError:
        sentence = _("%(option)s 应当是整数，现在写的是“%(text)s”，请填写数字。") % {"option": option, "text": text}
        raise FeeError("not_a_number", sentence) from None


# check-report -----------------------------------------------------------------------------------------------------


def check_report(
    file: Annotated[str, typer.Argument(metavar="FILE.json", help="年报各表；- 为标准输入")],
    previous: Annotated[str | None, typer.Option(help="上一年的年报，核对结转和现行有效件数")] = None,
    strict: Annotated[bool, STRICT] = False,
) -> None:
    """核对年报各表的勾稽关系 I1 至 I8。"""
    try:
        report = read_report(_read(file))
        last = read_report(_read(previous)) if previous is not None else None
        failures = find_failures(report, last)
    except ReportError as error:
        _fail(error.code, error.sentence)
    for each in (report, last):
        if each is not None and each.unread:
            typer.echo(_("没有读的部分：%(names)s。") % {"names": "、".join(each.unread)}, err=True)
    ok = is_ok(failures)
    answer: dict[str, Any] = {"ok": ok, "failures": [asdict(failure) for failure in failures]}
    unreadable = [cell for each in (report, last) if each is not None for cell in _text_cells(each)]
    if unreadable:
        answer["ok"] = False
        answer["error"] = {"code": "text_in_number_cell", "sentence": "".join(unreadable)}
    _say(answer)
    _leave(2 if unreadable else int(strict and not ok))


def _text_cells(report: Report) -> list[str]:
    return [
        _("%(year)s年年报：%(sentence)s") % {"year": report.year, "sentence": cell.sentence}
        for cell in report.bad_cells
        if cell.is_text
    ]


# remedy, replies, check-reply -------------------------------------------------------------------------------------


def remedy(
    reply: Annotated[str, typer.Option(help="答复类型 R1 至 R16，或者 no_reply（逾期不答复）")],
    decided_on: Annotated[str, typer.Option("--date", help="答复日期，如 2026-10-20")],
    organ: Annotated[str, typer.Option(help="机关类别，如 department、local_government、vertical")] = "department",
    body: Annotated[str, typer.Option(help="行政复议机关的名称")] = "",
    court: Annotated[str, typer.Option(help="人民法院的名称")] = "",
    online: Annotated[bool, typer.Option("--online", help="答复通过互联网送达")] = False,
    channel: Annotated[str, typer.Option(help="网上申请行政复议的渠道")] = "",
) -> None:
    """给出一种答复的救济途径：次序、复议机关、期限和应当写进答复书的话。"""
    try:
        day = date.fromisoformat(decided_on)
    except ValueError:
        _fail("bad_date", _("日期“%(date)s”不存在或者写法不对，应当写成 2026-10-20。") % {"date": decided_on})
    try:
        found = remedy_against(
            reply,
            cast(OrganKind, organ),
            day,
            body_name=body,
            court_name=court,
            online=online,
            online_channel=channel,
        )
    except LookupError as error:
        _fail("unknown_code", str(error.args[0]))
    _say(asdict(found))


def replies(
    code: Annotated[str | None, typer.Argument(help="只列一种，如 R3")] = None,
    tree: Annotated[bool, typer.Option("--tree", help="列出逐项判断的问题")] = False,
) -> None:
    """列出全部答复类型（R1 至 R16），或者通向它们的问题。"""
    if tree:
        _say([asdict(question) for question in QUESTIONS])
        return
    rows = [row for row in REPLIES if code in (None, row.code)]
    if not rows:
        known = "、".join(row.code for row in REPLIES)
        _fail(
            "unknown_code",
            _("没有代码为“%(code)s”的答复类型，可以用的是：%(known)s。") % {"code": code, "known": known},
        )
    _say([_row(row) for row in rows])


def _row(row: ReplyRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "title": row.title,
        "category": CATEGORIES[row.category],
        "article": row.article,
        "cites": [str(cite) for cite in row.cites],
        "must_contain": [ELEMENTS[element] for element in row.elements],
        "grounds": [
            {
                "code": ground.code,
                "title": ground.title,
                "article": ground.article,
                "wording": ground.wording,
                "report_row": row.report_row or ground.report_row,
            }
            for ground in GROUNDS
            if ground.code in row.grounds
        ],
        "force": row.force,
        "remedy": row.remedy,
        "clock": row.clock,
        "report_row": row.report_row,
        "advice": row.advice,
    }


def check_reply(
    file: Annotated[str, typer.Argument(metavar="FILE.json", help='{"case": …, "reply": …}；- 为标准输入')],
    strict: Annotated[bool, STRICT] = False,
) -> None:
    """签发前检查一份答复：逐项指出会被复议机关或者法院纠正的问题。"""
    try:
        case, reply = read_facts(_read(file))
    except ReplyInputError as error:
        _fail(error.code, error.sentence)
    findings = find_defects(case, reply)
    must_fix = any(finding.severity == "must_fix" for finding in findings)
    _say(
        {
            "ok": not findings,
            "findings": [asdict(finding) | {"severity_label": SEVERITIES[finding.severity]} for finding in findings],
            "passed": [check.title for check in passed_checks(case, reply)],
        }
    )
    _leave(int(strict and must_fix))


# files and answers ------------------------------------------------------------------------------------------------


def _read(name: str) -> object:
    """The JSON of a file or of standard input; UTF-8 with or without a byte order mark."""
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        _fail("cannot_read", _("读不了文件 %(file)s：%(reason)s。") % {"file": name, "reason": error.strerror})
    try:
        return cast(object, json.loads(raw.decode("utf-8-sig")))
    except (ValueError, RecursionError):
        _fail("not_json", _("文件 %(file)s 不是完整的 JSON（UTF-8），请核对。") % {"file": name})


def _say(answer: object) -> None:
    typer.echo(json.dumps(answer, ensure_ascii=False))


def _fail(code: str, sentence: str) -> NoReturn:
    _say({"error": {"code": code, "sentence": sentence}})
    raise typer.Exit(2)


def _leave(status: int) -> None:
    if status:
        raise typer.Exit(status)
