"""Withdraw, reassess, answer a correction: what has to be written."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.desk.forms.draft import DayField
from gongkai.law.moves import WITHDRAWAL_REASONS


class WithdrawForm(forms.Form):
    """A typed reason, an explanation, and for 已修改 the text that replaced it."""

    reason = forms.ChoiceField(
        label=_("原因"),
        choices=[(row.code, row.title) for row in WITHDRAWAL_REASONS],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择撤下的原因。")},
    )
    explanation = forms.CharField(
        label=_("说明"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("公众页面会显示这段说明，不要写个人信息。"),
        error_messages={"required": _("请写明撤下的原因，公众页面和记录都以此为准。")},
    )
    basis = forms.CharField(label=_("依据（文件名称和文号）"), required=False, max_length=200)
    effective_on = DayField(label=_("自哪一天起"), help_text=_("不填则为今天。"))
    replaced_by = forms.CharField(
        label=_("现行文本的索引号"),
        required=False,
        max_length=60,
        help_text=_("已修改、已废止的，填替代它的文本；没有替代文本的不填。"),
    )


class ReassessForm(forms.Form):
    """条例18: the outcome of looking again."""

    outcome = forms.ChoiceField(
        label=_("评估结论"),
        choices=[("withheld", _("仍不公开")), ("open", _("可以公开，由责任科室修订后送审"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择评估结论。")},
    )
    reason = forms.CharField(
        label=_("理由"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("请写明评估的理由。")},
    )


class AnswerForm(forms.Form):
    """What was done about a correction request."""

    answer = forms.CharField(
        label=_("办理结果和理由"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("请写明办理结果和理由。")},
    )
