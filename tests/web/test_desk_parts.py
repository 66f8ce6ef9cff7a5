"""Parts of the back office: reasons beside refused buttons, no way past a blocked finding, words for empty lists."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django import forms

from tests.web.test_frames import Outline, draw

AT = datetime(2026, 10, 12, 9, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
PARTS = "web/components/"

pytestmark = pytest.mark.urls("tests.web.routes")


def decision(**changes: object) -> dict[str, object]:
    verbs = [
        {"value": "return", "label": "退回", "allowed": True, "primary": True},
        {"value": "approve", "label": "通过", "allowed": False, "primary": False},
    ]
    return {
        "title": "您的审查意见", "url": "/x/", "digest": "9f3a", "label": "理由", "hint": "必须填写", "reason": "",
        "error": "", "returns": [], "verbs": verbs, "why_lead": "现在不能通过：", "why": "2 条发现没有答复。",
    } | changes  # fmt: skip


def test_a_button_that_may_not_be_pressed_stands_with_its_reason():
    outline = Outline(draw(PARTS + "decision.html", decision=decision()))
    passed, refused = outline.of("button")
    assert "disabled" not in passed
    assert (refused["disabled"], refused["aria-describedby"]) == ("", "decision-why")
    assert "现在不能通过：</b>2 条发现没有答复。" in draw(PARTS + "decision.html", decision=decision())


def test_the_decision_carries_the_digest_that_was_read():
    fields = {
        a["name"]: a.get("value") for a in Outline(draw(PARTS + "decision.html", decision=decision())).of("input")
    }
    assert fields["digest"] == "9f3a"


def test_an_error_of_the_reason_is_tied_to_its_field():
    outline = Outline(draw(PARTS + "decision.html", decision=decision(error="退回须写明理由。")))
    (field,) = outline.of("textarea")
    assert (field["aria-invalid"], field["aria-describedby"]) == ("true", "decision-error")


FINDING = {
    "number": 3, "title": "住址", "quote": "临波巷", "place": "第 2 行", "note": "", "rule": "《个人信息保护法》第三十四条",
    "choices": [{"value": "cut", "label": "须删改", "consequence": "", "checked": False}], "reason": "", "error": "",
    "url": "/x/", "stop": "请退回拟稿。", "answer": {"choice": "须删改", "reason": "改为街道", "url": ""},
}  # fmt: skip


@pytest.mark.parametrize(
    ("state", "may_answer", "forms_shown", "word"),
    [
        ("open", True, 1, "待答复"),
        ("open", False, 0, "待答复"),
        ("block", True, 0, "禁止公开"),
        ("answered", True, 0, "已答复"),
    ],
)
def test_only_an_open_finding_can_be_answered_and_only_by_who_may(state, may_answer, forms_shown, word):
    text = draw(PARTS + "finding.html", finding=FINDING | {"state": state}, may_answer=may_answer)
    assert text.count("<form") == forms_shown
    assert word in text
    assert 'href="#mark-3"' in text


def test_the_todo_list_says_date_rest_matter_and_verb():
    row = {
        "due": date(2026, 10, 10), "due_note": "周六，调休上班", "left": "逾期 2 日", "pressing": True, "url": "/x/",
        "title": "临时救助公示", "facts": ["主动公开", "第二十六条"], "step": "保密审查", "who": "您", "verb": "审查", "mine": True,
    }  # fmt: skip
    text = draw(PARTS + "todo_list.html", groups=[{"title": "已逾期", "pressing": True, "rows": [row]}])
    for words in ("已逾期", "1 件", "10月10日", "周六，调休上班", "逾期 2 日", "第二十六条", "审查"):
        assert words in text
    assert 'datetime="2026-10-10"' in text


def test_empty_lists_say_what_is_empty():
    assert "今天没有到期的事项。" in draw(PARTS + "todo_list.html", groups=[], nothing="今天没有到期的事项。")
    assert "还没有记录。" in draw(PARTS + "timeline.html", timeline=[])
    assert "与上一版相同。" in draw(PARTS + "difference.html", difference={"title": "差异", "rows": []})
    assert "这一版还没有人提出意见。" in draw(PARTS + "opinions.html", opinions=[])


class Sample(forms.Form):
    title = forms.CharField(label="标题", help_text="与正文一致")
    kind = forms.ChoiceField(
        label="公开属性", widget=forms.RadioSelect, choices=[("1", "主动公开"), ("2", "依申请公开")]
    )
    named = forms.BooleanField(label="涉及具体个人", required=False)
    note = forms.CharField(label="说明", required=False)


def test_a_field_has_its_label_hint_and_error_tied_to_it():
    form = Sample(data={})
    form.is_valid()
    text = draw(PARTS + "field.html", field=form["title"])
    (field,) = Outline(text).of("input")
    ids = {a["id"] for _, a in Outline(text).tags if "id" in a}
    assert set(field["aria-describedby"].split()) == {"id_title_helptext", "id_title_error"}
    assert {"id_title_helptext", "id_title_error"} <= ids
    assert field["aria-invalid"] == "true"
    assert Outline(text).of("label")[0]["for"] == "id_title"


def test_what_may_be_left_out_says_so():
    assert "（可以不填）" in draw(PARTS + "field.html", field=Sample()["note"])
    assert "（可以不填）" not in draw(PARTS + "field.html", field=Sample()["title"])


def test_radio_buttons_stand_in_a_group_with_a_legend():
    outline = Outline(draw(PARTS + "field.html", field=Sample()["kind"]))
    assert (outline.count("fieldset"), outline.count("legend")) == (1, 1)


def test_the_error_summary_leads_to_every_faulty_field_and_takes_the_focus():
    form = Sample(data={})
    form.is_valid()
    text = draw(PARTS + "error_summary.html", form=form)
    outline = Outline(text)
    assert {a["href"] for a in outline.of("a")} == {"#id_title", "#id_kind_0"}
    assert 'tabindex="-1" autofocus' in text
    assert draw(PARTS + "error_summary.html", form=Sample()).count("<div") == 0
