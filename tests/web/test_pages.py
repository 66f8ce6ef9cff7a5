"""What public pages show and, above all, what they do not."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils.safestring import mark_safe

from tests.web.test_frames import Outline, draw

AT = datetime(2026, 9, 8, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
CURRENT = {"title": "现行办法", "url": "/items/2/"}

pytestmark = pytest.mark.urls("tests.web.routes")


def item(**changes: object) -> dict[str, object]:
    return {
        "title": "青禾市临时救助办法",
        "index_number": "900000001/2026-00001",
        "document_number": "青政办规〔2026〕7号",
        "url": "/items/1/",
        "agency": "青禾市民政局",
        "joint_agencies": ["青禾市财政局"],
        "heading": "规范性文件",
        "theme": "民政、扶贫、救灾",
        "formed_on": date(2026, 9, 3),
        "released_at": AT,
        "validity": "effective",
        "effective_from": date(2026, 10, 8),
        "valid_until": date(2031, 10, 7),
        "provisional": False,
        "keywords": ["临时救助"],
        "summary": "",
        "ended": None,
        "notice": None,
        "interpretations": [{"title": "办法解读", "url": "/items/3/"}],
        "interprets": [],
        "body": mark_safe("<p>正文第一段。</p>"),
        "contents": [],
        "attachments": [
            {"title": "申请表", "url": "/f/1", "kind": "DOCX", "size": 38912, "pages": 2, "sheets": None, "note": ""}
        ],
    } | changes


def show(**changes: object) -> str:
    return draw("portal/item.html", item=item(**changes), print_url="/items/1/print/", correction_url="/correction/")


def test_an_item_in_force():
    text = show()
    for words in (
        "青禾市民政局、青禾市财政局",
        "2026年9月3日",
        "2026年10月8日至2031年10月7日",
        "正文第一段",
        "38 KB",
        "2 页",
        "办法解读",
    ):
        assert words in text
    assert 'class="banner' not in text
    assert 'class="ends-' not in text
    assert Outline(text).count("h1") == 1


@pytest.mark.parametrize(
    ("code", "sentence", "css"),
    [
        ("abolished", "本文件自2026年10月8日起废止，不再作为办事依据", "ends-abolished"),
        ("expired", "本文件自2026年10月8日起失效，不再作为办事依据", "ends-expired"),
        ("amended", "本文件已于2026年10月8日修改，以现行文本为准", ""),
    ],
)
def test_an_item_no_longer_current_says_so_and_stays_readable(code, sentence, css):
    ended = {"on": date(2026, 10, 8), "current": CURRENT, "ground": "第二十三条", "difference_url": ""}
    text = show(validity=code, ended=ended)
    assert sentence in text
    assert 'href="/items/2/"' in text
    assert "正文第一段" in text
    assert f'<body class="{css}">' in text
    assert text.index(sentence) < text.index("索引号")


def test_what_was_published_in_error_shows_its_notice_and_nothing_else():
    text = show(notice={"on": date(2026, 10, 9), "reason": "名单有误，正在核对。"})
    assert "这条信息已于2026年10月9日撤下" in text
    assert "名单有误" in text
    for hidden in ("正文第一段", "青政办规", "申请表", "/f/1", "办法解读", "打印本页", "临时救助</span>"):
        assert hidden not in text


def test_feedback_stands_only_where_it_can_be_given():
    assert "这份信息对您有用吗" not in show()


def test_the_paper_form_has_no_menu_and_says_where():
    text = draw("pages/print.html", item=item(), address="https://example.org/items/1/")
    assert "https://example.org/items/1/" in text
    assert Outline(text).count("nav") == 0


def test_home_promises_only_what_the_context_carries():
    text = draw("portal/home.html", total=10913, today={"date": date(2026, 10, 13), "rows": []}, latest=[], headings=[])
    assert "10,913" in text
    assert "今天还没有新发布的信息" in text
    for absent in ("正在征求意见", "大家常问的事", "今年以来的公开工作", "近期常查"):
        assert absent not in text


def test_a_list_of_25_stays_small():
    rows = [
        {
            "url": f"/items/900000001/2026-{n:05}/",
            "title": "青禾市人民政府办公室关于印发《青禾市城镇老旧小区加装电梯实施办法》的通知",
            "validity": "abolished",
            "agency": "青禾市人民政府办公室",
            "document_number": f"青政办规〔2026〕{n}号",
            "heading": "法规、规章和规范性文件",
            "released_at": AT,
        }
        for n in range(25)
    ]
    options = [{"value": str(n), "label": "青禾市住房和城乡建设局", "count": 1284, "checked": False} for n in range(40)]
    text = draw(
        "portal/browse.html",
        page={"title": "规范性文件", "lead": "", "count": 312},
        groups=[{"year": 2026, "rows": rows}],
        filters=[{"name": "agency", "label": "机关", "options": options}],
        pager={"next_url": "?after=x"},
    )
    assert len(text.encode()) < 60_000
    assert text.count("已废止") == 25
    assert "上一页" not in text


def test_an_excerpt_is_marked_and_a_title_is_not_trusted():
    hit = {
        "url": "/items/1/",
        "title_html": "<b>未标记安全的标题</b>",
        "excerpt_html": mark_safe("每台<mark>补贴</mark>20万元"),
        "validity": "",
        "agency": "市民政局",
        "released_at": AT,
    }
    text = draw(
        "portal/search.html", query="补贴<script>", count=1, rows=[hit], order="relevance", order_urls={}, filters=[]
    )
    assert "每台<mark>补贴</mark>20万元" in text
    assert "&lt;b&gt;未标记安全的标题" in text
    assert "<script>" not in text
