"""The composer's form: facts found, parts of the letter, its paragraphs."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.law.remedies import ORGAN_KINDS

LONGEST: Final = 4000
TEXT_LONGEST: Final = 20_000
#: Fields that are `replying.FINDINGS`; `text` stands alone, all others are parts of the letter.
FOUND: Final = ("organ", "review_body", "basis", "external_effect")
EFFECTS: Final = (("", _("还没有判断")), ("no", _("没有对外效力")), ("yes", _("对外产生效力")))


def _words(label: Any, *, rows: int = 4, hint: Any = "", longest: int = LONGEST) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=longest, help_text=hint, widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"max_length": _("内容太长，请精简。")},
    )  # fmt: skip


def _line(label: Any, *, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=300, help_text=hint,
        error_messages={"max_length": _("内容太长，请精简。")},
    )  # fmt: skip


class ReplyForm(forms.Form):
    """Every field may be empty while the reply is being written; what is missing is told by the checks."""

    reason = _words(
        _("理由（写入答复书）"), hint=_("写清为什么属于这种情形，与所涉文件一一对应；只写条文和情形名称不算理由。")
    )
    withheld = _line(_("不予公开的是哪些内容"), hint=_("例如“附件二综合单价表”；写进答复书。"))
    basis = _line(_("依据"), hint=_("定密依据，禁止公开的法律、行政法规条款，或者可能危及的是哪一项、凭什么判断。"))
    external_effect = forms.ChoiceField(label=_("该文件是否对外产生效力"), required=False, choices=EFFECTS)
    access = _words(_("获取的方式、途径"), rows=3, hint=_("在哪里、怎样得到；网址写全。"))
    access_time = _line(_("获取的时间"), hint=_("随答复提供的不填。"))
    content_provided = forms.BooleanField(
        label=_("信息以其他方式随答复提供"), required=False, help_text=_("例如纸质复印件、光盘。选了附件的不用再选。")
    )
    search_described = _words(_("检索情况（写入答复书）"), hint=_("检索的范围、方法和用词。"))
    responsible_agency = _line(_("负责公开的机关"))
    responsible_contact = _line(_("该机关的联系方式"))
    special_rule = _line(_("有特别规定的法律、行政法规"), hint=_("写全名和条款；规章和其他文件不算。"))
    earlier_reply = _line(_("前次答复的文号和日期"))
    organ = forms.ChoiceField(
        label=_("本机关的类别"), required=False, choices=list(ORGAN_KINDS.items()),
        help_text=_("决定向谁申请行政复议。《行政复议法》第二十四条至第二十八条"),
    )  # fmt: skip
    review_body = _line(_("行政复议机关的名称"), hint=_("不填时按机关类别写，例如“本级人民政府”。"))
    online_channel = _line(_("网上申请行政复议的渠道"), hint=_("网上送达的必须写明。《行政复议法》第二十二条第二款"))
    request = _words(_("申请内容的复述"), rows=3)
    articles = _words(_("引用的条、款、项"), rows=2)
    remedy = _words(_("救济途径和期限"), rows=4)
    text = _words(_("答复书正文"), rows=18, hint=_("一行一段。"), longest=TEXT_LONGEST)
