"""`gongkai law fee | check-report | remedy | replies | check-reply`: the JSON programs rely on, and the documentation."""

import json
import shlex
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from gongkai.cli import law_rest
from gongkai.law.reply_checks import CHECKS

DOCS = Path(__file__).parents[2] / "docs" / "howto" / "law-cli-replies-fees-report.md"
app = typer.Typer()
app.command("fee")(law_rest.fee)
app.command("check-report")(law_rest.check_report)
app.command("remedy")(law_rest.remedy)
app.command("replies")(law_rest.replies)
app.command("check-reply")(law_rest.check_reply)


def run(*words, given=None):
    result = CliRunner().invoke(app, list(words), input=given)
    return result.exit_code, json.loads(result.stdout)


def error_of(*words, given=None):
    status, answer = run(*words, given=given)
    assert (status, list(answer)) == (2, ["error"])
    assert list(answer["error"]) == ["code", "sentence"]
    assert answer["error"]["sentence"].endswith("。")
    return answer["error"]["code"]


def test_fee_by_piece_and_by_page():
    status, answer = run("fee", "--by", "piece", "--already", "10", "--pieces", "1")
    assert (status, answer["yuan"], [line["rate"] for line in answer["lines"]]) == (0, 100, [100])
    status, answer = run("fee", "--by", "page", "--pages", "250")
    assert (status, answer["yuan"], len(answer["lines"])) == (0, 4700, 4)
    assert list(answer) == ["yuan", "lines"]
    assert run("fee", "--by", "piece", "--pieces", "31")[1]["yuan"] == 2200


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--by", "page", "--pages", "-1"], "negative"),
        (["--by", "page", "--pages", "三十"], "not_a_number"),
        (["--by", "page", "--pages", "2.5"], "not_a_number"),
        (["--by", "page"], "missing"),
        (["--by", "piece"], "missing"),
        (["--by", "piece", "--pieces", "3", "--pages", "3"], "both_methods"),
        (["--by", "page", "--pages", "3", "--already", "3"], "both_methods"),
        (["--by", "word", "--pages", "3"], "unknown_method"),
        (["--by", "piece", "--already", "-2", "--pieces", "3"], "negative"),
        (["--by", "piece", "--pieces", "99999999"], "too_many"),
    ],
)
def test_bad_fee_questions_get_a_named_error(words, code):
    assert error_of("fee", *words) == code


def report(**change):
    rows = {
        "new_received": [2, 0, 0, 0, 0, 0, 2],
        "granted": [1, 0, 0, 0, 0, 0, 1],
        "total_processed": [1, 0, 0, 0, 0, 0, 1],
    }
    rows["carried_forward"] = [1, 0, 0, 0, 0, 0, 1]
    return {"form": "2021", "year": 2025, "requests": rows | change}


def test_a_sound_report_is_ok(tmp_path):
    file = tmp_path / "report.json"
    file.write_text(json.dumps(report()), encoding="utf-8-sig")
    assert run("check-report", str(file)) == (0, {"ok": True, "failures": []})
    assert run("check-report", "-", given=json.dumps(report()))[1]["ok"] is True


def test_a_broken_identity_names_the_cell_and_leaves_the_exit_code_to_strict():
    given = json.dumps(report(carried_forward=[1, 0, 0, 0, 0, 0, 2]))
    status, answer = run("check-report", "-", given=given)
    assert (status, answer["ok"]) == (0, False)
    assert [(f["identity"], f["row"], f["column"], f["expected"], f["found"]) for f in answer["failures"]] == [
        ("I1", "carried_forward", "总计", 1, 2),
        ("I3", "carried_forward", "总计", 1, 2),
    ]
    assert list(answer["failures"][0]) == ["identity", "table", "row", "column", "expected", "found", "sentence"]
    assert run("check-report", "-", "--strict", given=given)[0] == 1
    assert run("check-report", "-", "--strict", given=json.dumps(report()))[0] == 0


def test_last_years_report_is_joined(tmp_path):
    previous = tmp_path / "2024.json"
    previous.write_text(json.dumps(report() | {"year": 2024}), encoding="utf-8")
    _, answer = run("check-report", "-", "--previous", str(previous), given=json.dumps(report()))
    assert {f["identity"] for f in answer["failures"]} == {"I4"}
    previous.write_text(json.dumps(report() | {"year": 2022}), encoding="utf-8")
    assert error_of("check-report", "-", "--previous", str(previous), given=json.dumps(report())) == "not_last_year"


def test_warnings_leave_the_report_ok():
    _, answer = run("check-report", "-", given=json.dumps(report() | {"narrative": "本年新收申请3件。"}))
    assert (answer["ok"], [f["identity"] for f in answer["failures"]]) == (True, ["I8"])


def test_text_in_a_number_cell_is_an_error_and_a_failure():
    status, answer = run("check-report", "-", given=json.dumps(report(granted=["一", 0, 0, 0, 0, 0, 1])))
    assert (status, answer["ok"], answer["error"]["code"]) == (2, False, "text_in_number_cell")
    assert [(f["identity"], f["row"], f["column"], f["found"]) for f in answer["failures"]] == [
        ("I6", "granted", "自然人", "一")
    ]


def test_what_is_not_read_is_told_beside_the_answer():
    result = CliRunner().invoke(app, ["check-report", "-"], input=json.dumps(report() | {"agency": "云溪市"}))
    assert json.loads(result.stdout) == {"ok": True, "failures": []}
    assert result.stderr == "没有读的部分：agency。\n"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("{", "not_json"),
        ("[]", "bad_shape"),
        (json.dumps({"form": "2021", "year": 2025}), "no_requests"),
        (json.dumps(report(granted=[1, 2])), "wrong_row_length"),
        (json.dumps(report(approved=[0] * 7)), "unknown_row"),
        (json.dumps(report() | {"form": "2030"}), "unknown_form"),
    ],
)
def test_bad_reports_get_a_named_error(given, code):
    assert error_of("check-report", "-", given=given) == code


def test_a_file_that_is_not_there(tmp_path):
    assert error_of("check-report", str(tmp_path / "none.json")) == "cannot_read"
    assert error_of("check-reply", str(tmp_path)) == "cannot_read"


def test_remedy_by_date():
    status, new = run("remedy", "--reply", "R3", "--date", "2024-01-01", "--body", "云溪市人民政府")
    assert (status, new["first_step"], "先向云溪市人民政府申请行政复议" in new["text"]) == (0, "review_first", True)
    assert run("remedy", "--reply", "R3", "--date", "2023-12-31")[1]["first_step"] == "either"
    assert run("remedy", "--reply", "no_reply", "--date", "2026-01-05")[1]["first_step"] == "review_first"
    assert error_of("remedy", "--reply", "R3", "--date", "2026-02-30") == "bad_date"
    assert error_of("remedy", "--reply", "R33", "--date", "2026-02-03") == "unknown_code"
    assert error_of("remedy", "--reply", "R3", "--date", "2026-02-03", "--organ", "club") == "unknown_code"


def test_replies_lists_all_rows_one_row_or_the_questions():
    rows = run("replies")[1]
    assert [row["code"] for row in rows] == ["R1", "R2", "R2p", *(f"R{i}" for i in range(3, 17))]
    (refusal,) = run("replies", "R3")[1]
    assert [ground["report_row"] for ground in refusal["grounds"]] == [f"denied_{i}" for i in range(1, 8)]
    assert "法律依据的条、款、项" in refusal["must_contain"]
    questions = run("replies", "--tree")[1]
    assert (questions[0]["code"], len(questions)) == ("open", 19)
    assert error_of("replies", "R99") == "unknown_code"


LETTER = {
    "case": {"applicant": "陆知秋", "agency": "云溪市住建局", "due_on": "2026-10-28", "review_body": "云溪市人民政府"},
    "reply": {
        "code": "R4",
        "sent_on": "2026-10-20",
        "delivery": "courier",
        "articles": "《政府信息公开条例》第三十六条第四项",
        "reason": "本机关没有制作也没有获取过该信息。",
        "addressee": "陆知秋",
        "agency": "云溪市住建局",
        "number": "云建公复〔2026〕58号",
        "request": "2026年9月21日收到，申请公开验收报告",
        "dated": "2026-10-20",
        "sealed": True,
        "search_described": "检索了档案室和办公系统。",
        "remedy": "对本答复不服的，可以自收到之日起六十日内向云溪市人民政府申请行政复议，也可以自收到之日起六个月内提起行政诉讼。",
    },
}


def test_check_reply_lists_findings_and_what_passed():
    status, answer = run("check-reply", "-", given=json.dumps(LETTER))
    assert (status, answer["ok"]) == (0, False)
    assert [(f["code"], f["severity"], f["severity_label"]) for f in answer["findings"]] == [
        ("no_search_record", "must_fix", "必须改正"),
        ("courier", "must_fix", "必须改正"),
    ]
    assert list(answer) == ["ok", "findings", "passed"]
    assert "救济途径" in answer["passed"]
    assert run("check-reply", "-", "--strict", given=json.dumps(LETTER))[0] == 1


def test_a_mended_letter_is_ok():
    record = {"places": "档案室、办公系统", "terms": "验收报告", "by": "方予安", "on": "2026-10-12"}
    mended = {"case": LETTER["case"] | {"search": record}, "reply": LETTER["reply"] | {"delivery": "post"}}
    status, answer = run("check-reply", "-", "--strict", given=json.dumps(mended))
    assert (status, answer["ok"], answer["findings"], len(answer["passed"])) == (0, True, [], 11)


def test_bad_letters_get_a_named_error():
    assert error_of("check-reply", "-", given="{}") == "bad_shape"
    late = {"case": LETTER["case"], "reply": LETTER["reply"] | {"sent_on": "2026-02-30"}}
    assert error_of("check-reply", "-", given=json.dumps(late)) == "bad_date"


def examples():
    """The fenced examples of the page: a command after `$ gongkai law`, its input after `<<`, its answer below."""
    blocks = DOCS.read_text(encoding="utf-8").split("```console\n")[1:]
    for block in blocks:
        command, _, answer = block.split("\n```", 1)[0].partition("\n")
        yield command.removeprefix("$ gongkai law "), answer


@pytest.mark.parametrize(("command", "answer"), list(examples()), ids=lambda text: text.splitlines()[0][:40])
def test_the_examples_of_the_documentation_are_true(command, answer, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in files_of_the_page().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    words = shlex.split(command)
    assert run(*words)[1] == json.loads(answer)


def files_of_the_page():
    """Fenced `json title=NAME` blocks are the files the examples read."""
    parts = DOCS.read_text(encoding="utf-8").split("```json title=")[1:]
    return {part.split("\n", 1)[0]: part.split("\n", 1)[1].split("\n```", 1)[0] for part in parts}


def test_the_page_names_every_command_and_every_code():
    page = DOCS.read_text(encoding="utf-8")
    for command in ("fee", "check-report", "remedy", "replies", "check-reply"):
        assert f"gongkai law {command}" in page
    for check in CHECKS:
        assert all(f"`{code}`" in page for code in check.codes)
