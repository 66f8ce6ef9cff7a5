"""The guess at a document's own data: every form in invented samples, with the stretch it was read from."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.chinese.metadata import Found, Guess, guess, normalised_doc_number, parse_date

NOTICE = """000012
特急

云州市人民政府办公室文件

云政办规〔2026〕7号

云州市人民政府办公室关于印发云州市
窗口服务管理办法（试行）的通知

各县（市、区）人民政府，市政府各部门：
　　《云州市窗口服务管理办法（试行）》已经2026年8月20日市政府第12次常务会议通过，现印发给你们。
　　本办法自2026年10月1日起施行，有效期2年。《关于规范窗口的通知》（云政办发〔2019〕3号）同时废止。

　　　　　　　　　　　　　云州市人民政府办公室
　　　　　　　　　　　　　　　2026年9月3日
（此件公开发布）

附件1

窗口服务事项清单
2026年8月1日
"""


def written(text: str, found: Found | None) -> str:
    """The stretch of a finding, without blanks."""
    assert found is not None
    return "".join(text[found.start : found.end].split())


def test_a_whole_notice() -> None:
    found = guess(NOTICE)
    assert found.title.value == "云州市人民政府办公室关于印发云州市窗口服务管理办法（试行）的通知"
    assert written(NOTICE, found.title) == found.title.value
    assert found.doc_number.value == "云政办规〔2026〕7号"
    assert written(NOTICE, found.doc_number) == "云政办规〔2026〕7号"
    assert found.formed_on.value == date(2026, 9, 3)
    assert written(NOTICE, found.formed_on) == "2026年9月3日"
    assert [issuer.value for issuer in found.issuers] == ["云州市人民政府办公室"]
    assert written(NOTICE, found.issuer) == "云州市人民政府办公室"
    assert (found.kind, found.is_provisional) == ("通知", True)
    assert found.heading.value == "20-01"
    assert found.effective_on.value == date(2026, 10, 1)
    assert found.valid_years.value == 2
    assert found.valid_until is None


def test_nothing_says_nothing() -> None:
    for text in ("", "  \n", "。", "各位：", "今天开会。"):
        assert guess(text) == Guess()


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("云政办规〔2026〕7号", "云政办规〔2026〕7号"),
        ("云政办规[2026]7号", "云政办规〔2026〕7号"),
        ("云政办规(2026)7号", "云政办规〔2026〕7号"),
        ("云政办规（2026）第07号", "云政办规〔2026〕7号"),
        ("云政办规【２０２６】７号", "云政办规〔2026〕7号"),
        ("云政办规［2026］ 7 号", "云政办规〔2026〕7号"),
        ("云政办规﹝2026﹞007号", "云政办规〔2026〕7号"),
        ("2026年第7号", None),
        ("〔2026〕7号", None),
        ("云政办规〔26〕7号", None),
        ("见云政办规〔2026〕7号文", None),
    ],
)
def test_document_numbers_have_one_form(typed: str, number: str | None) -> None:
    assert normalised_doc_number(typed) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("云州市财政局\n云财发[2026]31号\n关于做好决算公开的通知\n各单位：\n请办理。", "云财发〔2026〕31号"),
        ("云州市财政局文件 云财发〔2026〕31号\n关于做好决算公开的通知", "云财发〔2026〕31号"),
        ("关于做好决算公开的通知云财发〔2026〕31号各单位：请按时办理。", "云财发〔2026〕31号"),
        ("发文字号：云财发〔2026〕31号\n关于做好决算公开的通知", "云财发〔2026〕31号"),
        ("云州市人民政府令\n第12号\n云州市停车管理规定", None),
        ("云州市人民政府令第12号\n云州市停车管理规定\n第一条 为了规范。", "云州市人民政府令第12号"),
        ("云州市财政局公告2026年第3号\n现将有关事项公告如下。", "云州市财政局公告2026年第3号"),
        ("关于停车的通知\n根据《停车办法》（云政发〔2020〕1号）规定，现通知如下：", None),
        ("各单位：\n按照云政发〔2020〕1号文件要求办理。", None),
        ("关于转发《云政发〔2020〕1号》的通知", None),
    ],
)
def test_the_own_number_and_not_a_cited_one(text: str, number: str | None) -> None:
    found = guess(text).doc_number
    assert (found.value if found else None) == number


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026年9月3日", date(2026, 9, 3)),
        ("２０２６年９月３日", date(2026, 9, 3)),
        ("2026 年 12 月 31 日", date(2026, 12, 31)),
        ("二〇二六年九月三日", date(2026, 9, 3)),
        ("二○二六年十月二十一日", date(2026, 10, 21)),
        ("二O二六年十二月三十一日", date(2026, 12, 31)),
        ("二〇二六年元月十日", date(2026, 1, 10)),
        ("一九九八年二月二十日", date(1998, 2, 20)),
        ("2026年2月30日", None),
        ("二〇二六年十三月一日", None),
        ("2026年9月", None),
        ("2026-09-03", None),
    ],
)
def test_dates(text: str, day: date | None) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize(
    ("text", "day", "issuers"),
    [
        ("特此通知。\n云州市财政局\n二〇二六年九月三日", date(2026, 9, 3), ["云州市财政局"]),
        ("特此通知。\n云州市财政局　云州市教育局\n2026年9月3日", date(2026, 9, 3), ["云州市财政局", "云州市教育局"]),
        (
            "特此通知。\n云州市财政局\n云州市教育局\n2026年9月3日\n抄送：市委",
            date(2026, 9, 3),
            ["云州市财政局", "云州市教育局"],
        ),
        ("特此通知。\n云州市财政局2026年9月3日", date(2026, 9, 3), ["云州市财政局"]),
        ("特此通知。\n财 政 局\n2026年9月3日", date(2026, 9, 3), ["财政局"]),
        ("请遵照执行。云州市财政局2026年9月3日更多信息请关注公众号", date(2026, 9, 3), ["云州市财政局"]),
        ("请遵照执行。云州市财政局云州市教育局2026年9月3日", date(2026, 9, 3), ["云州市财政局", "云州市教育局"]),
        (
            "请遵照执行。云州省财政厅国家税务总局云州省税务局2026年9月3日",
            date(2026, 9, 3),
            ["云州省财政厅", "国家税务总局云州省税务局"],
        ),
        ("请遵照执行。 附件：清单.docx 云州市财政局 2026年9月3日", date(2026, 9, 3), ["云州市财政局"]),
        ("请遵照执行。 二〇二六年九月三日 为规范管理，制定本办法。", date(2026, 9, 3), []),
        ("成文日期：2026年9月3日\n正文。\n云州市财政局\n2026年10月8日", date(2026, 9, 3), []),
        ("本办法自2026年9月3日起施行。", None, []),
        ("会议于2026年9月3日召开。", None, []),
        ("《办法》2026年9月3日印发的第三条。", None, []),
        ("附件\n清单\n2026年9月3日", date(2026, 9, 3), []),
    ],
)
def test_signature(text: str, day: date | None, issuers: list[str]) -> None:
    found = guess(text)
    assert (found.formed_on.value if found.formed_on else None) == day
    assert [issuer.value for issuer in found.issuers] == issuers
    assert [written(text, issuer) for issuer in found.issuers] == issuers


@pytest.mark.parametrize(
    ("text", "title", "kind"),
    [
        ("关于做好秋季公开工作的通知\n各单位：\n请办理。", "关于做好秋季公开工作的通知", "通知"),
        (
            "云州市财政局\n关于2026年部门预算的\n批复\n市教育局：\n同意。",
            "云州市财政局关于2026年部门预算的批复",
            "批复",
        ),
        (
            "云州市停车管理办法（征求意见稿）\n第一条 为了规范停车，制定本办法。",
            "云州市停车管理办法（征求意见稿）",
            "办法",
        ),
        ("关 于 停 车 的 公 告\n现公告如下：", "关于停车的公告", "公告"),
        ("标题：云州市停车管理规定\n来源：市政府", "云州市停车管理规定", "规定"),
        (
            "索引号：X001\n发布日期：2026年9月3日\n主动公开\n云州市2026年统计公报\n一、综合\n全年……",
            "云州市2026年统计公报",
            "公报",
        ),
        (
            "　　关于印发《云州市停车办法》的通知各区人民政府：现印发给你们，请认真贯彻执行，并结合实际落实。",
            "关于印发《云州市停车办法》的通知",
            "通知",
        ),
        ("市长到窗口调研\n　　9月3日，市长来到窗口。" + "他说，服务要好。" * 8, "市长到窗口调研", ""),
        ("会议指出，要做好公开工作。关于停车的问题也要办好。", None, ""),
    ],
)
def test_title(text: str, title: str | None, kind: str) -> None:
    found = guess(text)
    assert (found.title.value if found.title else None) == title
    assert found.kind == kind


@pytest.mark.parametrize(
    ("text", "issuers"),
    [
        ("云州市财政局文件\n关于决算的通知\n各单位：", ["云州市财政局"]),
        ("云州市财政局 云州市教育局文件\n关于决算的通知\n各单位：", ["云州市财政局", "云州市教育局"]),
        ("云州市人民政府令\n第3号\n云州市停车规定", ["云州市人民政府"]),
        ("云州市财政局\n关于决算的通知\n各单位：", ["云州市财政局"]),
        ("云州市人民政府转发省水利厅关于防汛的通知\n各单位：", ["云州市人民政府"]),
        ("发文机关：云州市水利局\n关于防汛的通知", ["云州市水利局"]),
        ("国家税务总局云州省税务局关于征期的公告\n现公告如下：", ["国家税务总局云州省税务局"]),
        ("关于决算的通知\n各单位：", []),
    ],
)
def test_issuers_without_a_signature(text: str, issuers: list[str]) -> None:
    found = guess(text)
    assert [issuer.value for issuer in found.issuers] == issuers
    assert [written(text, issuer) for issuer in found.issuers] == issuers


@pytest.mark.parametrize(
    ("title", "heading"),
    [
        ("关于公布2026年部门预算的通知", "20-07"),
        ("云州市防汛应急预案", "20-12"),
        ("云州市2026年公务员招录公告", "20-14"),
        ("云州市国土空间规划", "20-03"),
        ("云州市停车管理办法", "20-01"),
        ("关于停车的公告", None),
    ],
)
def test_heading_of_article_20(title: str, heading: str | None) -> None:
    found = guess(title + "\n各单位：\n请办理。").heading
    assert (found.value if found else None) == heading


def test_validity() -> None:
    found = guess("关于停车的规定\n本规定自二〇二六年十月一日起正式施行，有效期至2031年9月30日。")
    assert found.effective_on.value == date(2026, 10, 1)
    assert found.valid_until.value == date(2031, 9, 30)
    assert guess("本办法有效期五年。").valid_years.value == 5


PIECES = st.sampled_from(
    [
        "云州市财政局",
        "关于",
        "的通知",
        "\n",
        "　",
        " ",
        "云财发〔2026〕3号",
        "2026年9月3日",
        "二〇二六年九月三日",
        "各单位：",
        "。",
    ]
    + ["附件1", "（", "）", "文件", "自2026年9月3日起施行", "停车", "有效期3年", "《", "》", "1"]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_every_stretch_lies_in_the_text_and_holds_its_value(text: str) -> None:
    found = guess(text)
    for each in (found.title, *found.issuers):
        if each is not None:
            assert written(text, each) == "".join(each.value.split())
    for each in (found.formed_on, found.effective_on):
        if each is not None:
            assert parse_date(text[each.start : each.end]) == each.value
    if found.doc_number is not None:
        stretch = text[found.doc_number.start : found.doc_number.end]
        assert normalised_doc_number(stretch) == found.doc_number.value


DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "documents" / "hebei.jsonl"


@pytest.mark.skipif(not DATA.is_file(), reason="the shared documents are not beside this checkout")
def test_rates_on_real_documents() -> None:
    """Titles put before the text are found; dates found lie before the day of publication."""
    import json

    with DATA.open(encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines]
    titles = dates = late = 0
    for document in documents:
        found = guess(f"{document['title']}\n{document['body']}")
        titles += found.title is not None and found.title.value == "".join(document["title"].split())
        if found.formed_on is not None and document["date"]:
            dates += 1
            late += found.formed_on.value > date.fromisoformat(document["date"])
    assert titles >= 0.9 * len(documents)
    assert dates >= 0.5 * len(documents)
    assert late <= 0.05 * dates
