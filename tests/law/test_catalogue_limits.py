"""The time limit, channel and audience columns of the grassroots disclosure catalogue."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.calendars.shipped import shipped_calendar
from gongkai.law.catalogue_limits import (
    AUDIENCES,
    CHANNELS,
    LEVELS,
    METHODS,
    Limit,
    check_limit,
    limit_due_on,
    match_choice,
    parse_channels,
    parse_limit,
)
from gongkai.law.verdicts import Allowed


@pytest.mark.parametrize(
    ("text", "kind", "n", "day", "anchor"),
    [
        ("信息形成或变更之日起20个工作日内", "working_days", 20, None, "formed_or_changed"),
        ("自信息形成或者变更之日起２０个工作日内", "working_days", 20, None, "formed_or_changed"),
        ("政府信息形成之日起 20 个\n工作日", "working_days", 20, None, "formed_or_changed"),
        ("7个工作日", "working_days", 7, None, "formed_or_changed"),
        ("十个工作日内", "working_days", 10, None, "formed_or_changed"),
        ("二十个工作日", "working_days", 20, None, "formed_or_changed"),
        ("制定或获取信息之日起10个工作日内", "working_days", 10, None, "made_or_obtained"),
        ("自作出行政决定之日起7个工作日", "working_days", 7, None, "decided"),
        ("及时", "working_days", 20, None, "formed_or_changed"),
        ("及时公开", "working_days", 20, None, "formed_or_changed"),
        ("3至5个工作日", "working_days", 5, None, "formed_or_changed"),
        ("20日内", "calendar_days", 20, None, "formed_or_changed"),
        ("本级人大批准后20日内", "calendar_days", 20, None, "approved"),
        ("批复之日起二十日内", "calendar_days", 20, None, "approved"),
        ("受理之日起5日内", "calendar_days", 5, None, "accepted"),
        ("每季度结束后15日内", "calendar_days", 15, None, "ended"),
        ("三十天", "calendar_days", 30, None, "formed_or_changed"),
        ("24小时内", "calendar_days", 1, None, "formed_or_changed"),
        ("2小时内", "realtime", 0, None, "formed_or_changed"),
        ("实时", "realtime", 0, None, "formed_or_changed"),
        ("收到信息当日", "realtime", 0, None, "formed_or_changed"),
        ("3月底前", "month_end", 3, None, "formed_or_changed"),
        ("每年12月末前", "month_end", 12, None, "formed_or_changed"),
        ("每年1月31日前", "month_end", 1, 31, "formed_or_changed"),
        ("每年年底前", "month_end", 12, None, "formed_or_changed"),
        ("长期公开", "free_text", None, None, "formed_or_changed"),
        ("每月5日前", "free_text", None, None, "formed_or_changed"),
        ("13月底前", "free_text", None, None, "formed_or_changed"),
        ("0个工作日", "free_text", None, None, "formed_or_changed"),
        ("日常公开", "free_text", None, None, "formed_or_changed"),
        ("", "free_text", None, None, "formed_or_changed"),
    ],
)
def test_wordings_met_in_published_catalogues(text, kind, n, day, anchor):
    limit = parse_limit(text)
    assert (limit.kind, limit.n, limit.day, limit.anchor, limit.text) == (kind, n, day, anchor, text.strip())


def test_a_publicity_period_is_kept_apart_from_the_limit():
    limit = parse_limit("10个工作日内，公示7个工作日")
    assert (limit.kind, limit.n, limit.notice_days, limit.notice_working) == ("working_days", 10, 7, True)
    only = parse_limit("公示期不少于5日")
    assert (only.kind, only.notice_days, only.notice_working) == ("free_text", 5, False)


def test_several_limits_take_the_shortest_and_say_so():
    limit = parse_limit("行政许可自作出决定之日起7个工作日；其他20个工作日")
    assert (limit.n, limit.note) == (7, "写有多个期限，取最短的工作日期限")


def test_sentences_say_what_is_counted():
    assert parse_limit("7个工作日").sentence == "自信息形成或者变更之日起7个工作日内公开"
    assert parse_limit("批准后20日内").sentence == "自批准、批复或者印发之日起20日内公开"
    assert parse_limit("实时").sentence == "信息形成或者变更之日当日公开"
    assert parse_limit("3月底前").sentence == "每年3月底前公开"
    assert parse_limit("每年1月31日前").sentence == "每年1月31日前公开"
    assert parse_limit("长期").sentence == "“长期”没有写明天数，按自信息形成或者变更之日起20个工作日计"


@pytest.mark.parametrize(
    ("text", "anchor", "due"),
    [
        ("20个工作日", date(2026, 9, 18), date(2026, 10, 22)),
        ("7个工作日", date(2026, 9, 30), date(2026, 10, 15)),
        ("长期公开", date(2026, 9, 18), date(2026, 10, 22)),
        ("实时", date(2026, 10, 3), date(2026, 10, 3)),
        ("20日内", date(2026, 9, 15), date(2026, 10, 8)),  # 5 October is a holiday: rolled to the 8th
        ("20日内", date(2026, 9, 1), date(2026, 9, 21)),
        ("3月底前", date(2026, 2, 1), date(2026, 3, 31)),
        ("3月底前", date(2026, 3, 31), date(2026, 3, 31)),
        ("3月底前", date(2026, 4, 1), date(2027, 3, 31)),
        ("2月底前", date(2028, 1, 1), date(2028, 2, 29)),
        ("每年1月31日前", date(2026, 1, 5), date(2026, 1, 31)),
        ("每年2月30日前", date(2026, 1, 5), date(2026, 2, 28)),
    ],
)
def test_due_days(text, anchor, due):
    assert limit_due_on(parse_limit(text), anchor, shipped_calendar()) == due


def test_a_limit_without_days_is_refused():
    with pytest.raises(ValueError, match="没有可用的天数"):
        limit_due_on(Limit("working_days", None, "decided", "若干日"), date(2026, 1, 5), shipped_calendar())


def test_longer_than_article_26_needs_a_statute():
    assert check_limit(parse_limit("20个工作日")) == Allowed()
    refused = check_limit(parse_limit("25个工作日"))
    assert (refused.code, refused.article) == ("limit_too_long", "《政府信息公开条例》第二十六条")
    assert check_limit(parse_limit("25个工作日"), statute="某法第三条") == Allowed()
    assert check_limit(parse_limit("45日内")).code == "limit_too_long"


@given(st.integers(1, 99))
def test_arabic_and_chinese_numerals_read_alike(n):
    digits = "零一二三四五六七八九"
    tens, ones = divmod(n, 10)
    chinese = ((digits[tens] if tens > 1 else "") + "十" if tens else "") + (digits[ones] if ones else "")
    assert parse_limit(f"{chinese}个工作日").n == parse_limit(f"{n}个工作日").n == n


@given(st.text(max_size=40))
def test_no_wording_makes_the_reader_fail(text):
    limit = parse_limit(text)
    assert limit.sentence
    due = limit_due_on(limit, date(2026, 3, 2), shipped_calendar()) if (limit.n or 0) < 250 else date(2026, 3, 2)
    assert due >= date(2026, 3, 2)


def test_ticked_boxes_are_read_and_empty_ones_are_not():
    cell = parse_channels(
        "■政府网站 □政府公报 ■两微一端\n□发布会/听证会 ■纸质媒体 ■社区/企事业单位/村公示栏（电子屏） ■其他 12345热线"
    )
    assert cell.codes == ("website", "new_media", "paper", "notice_board", "other")
    assert (cell.other, cell.unknown) == ("12345热线", ())


def test_plain_lists_keep_what_is_not_understood():
    cell = parse_channels("政府网站、政务服务中心、信用中国")
    assert (cell.codes, cell.unknown) == (("website", "service_centre"), ("信用中国",))
    assert parse_channels("").codes == ()


@pytest.mark.parametrize(
    ("table", "word", "code"),
    [
        (AUDIENCES, "全社会", "public"),
        (AUDIENCES, "特定群众", "specific"),
        (METHODS, "主动", "proactive"),
        (METHODS, "依申请", "on_request"),
        (LEVELS, "县级", "county"),
        (LEVELS, "乡（镇）级", "township"),
        (LEVELS, "国家级", None),
    ],
)
def test_code_tables(table, word, code):
    assert match_choice(table, word) == code


def test_thirteen_channels_with_unique_codes_and_names():
    assert len({row.code for row in CHANNELS}) == len(CHANNELS) == 13
    names = [name for row in CHANNELS for name in (row.label, *row.aliases)]
    assert len(names) == len(set(names))
