"""清理: what has to be written to begin, to decide, to put on or take off the list, and to finish."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Organ, Section
from gongkai.agencies.queries import staffed
from gongkai.desk.forms.draft import DayField
from gongkai.law.cleaning import DECISIONS


class BeginForm(forms.Form):
    """Name, ground and last day of a campaign, and the organ where somebody answers for several."""

    organ = forms.ChoiceField(
        label=_("机关"), error_messages=dict.fromkeys(("required", "invalid_choice"), _("请选择机关。"))
    )
    title = forms.CharField(
        label=_("清理的名称"),
        max_length=200,
        help_text=_("例如“2026年规范性文件清理”，结果公布时在后面加“结果”二字。"),
        error_messages={"required": _("请填写清理的名称。")},
    )
    basis = forms.CharField(
        label=_("依据"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("写明通知或者规定的名称和文号，会写进公布的结果。"),
        error_messages={"required": _("请填写清理的依据。")},
    )
    closes_on = DayField(label=_("完成日期"), required=True)

    def __init__(self, *args: Any, organs: list[Organ], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organ"].choices = [(organ.code, organ.name) for organ in organs]  # type: ignore[attr-defined]
        if len(organs) == 1:
            self.fields["organ"].widget = forms.HiddenInput()
            self.fields["organ"].initial = organs[0].code


class DecideForm(forms.Form):
    """One decision about one document, with its reason."""

    decision = forms.ChoiceField(
        label=_("清理意见"),
        choices=[(row.code, row.title) for row in DECISIONS],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("请选择继续有效、修改、废止或者失效。")),
    )
    reason = forms.CharField(
        label=_("理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("会写进公布的清理结果，不要写个人信息。"),
        error_messages={"required": _("请写明理由，理由会写进公布的清理结果。")},
    )
    assessed = forms.BooleanField(label=_("已经评估实施情况"), required=False)
    new_number = forms.CharField(label=_("重新公布的文号"), required=False, max_length=80)
    new_valid_until = DayField(label=_("新的有效期截止日"))


class AddForm(forms.Form):
    """A document by its index number, and why."""

    index_number = forms.CharField(
        label=_("索引号"), max_length=60, error_messages={"required": _("请填写文件的索引号。")}
    )
    reason = forms.CharField(
        label=_("为什么列入"), max_length=300, error_messages={"required": _("请写明为什么列入清理。")}
    )


class DropForm(forms.Form):
    """Why a document is taken off the list."""

    dropped = forms.CharField(
        label=_("为什么移出"), max_length=300, error_messages={"required": _("请写明为什么移出清理。")}
    )


class SettleForm(forms.Form):
    """How a person saw to what was not done by itself."""

    told = forms.CharField(
        label=_("怎样办理的"),
        max_length=300,
        error_messages={"required": _("请写明怎样办理的，或者为什么不用办理。")},
    )


class FinishForm(forms.Form):
    """Which section drafts the result: one with people."""

    section = forms.ChoiceField(
        label=_("由哪个科室拟写并送审"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("请选择科室。")),
    )

    def __init__(self, *args: Any, organ: Organ, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Section.objects.filter(organ=organ, active=True, pk__in=staffed(on).sections)
        self.fields["section"].choices = [("", _("请选择")), *((row.code, row.name) for row in rows)]  # type: ignore[attr-defined]
