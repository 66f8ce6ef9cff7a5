"""The instant of release: what has to be written to set it, to move it, to give it up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongkai.desk.forms.draft import DayField
from gongkai.law.scheduling import LONGEST_REASON

# Which field a refusal of an action belongs to; the others stand above the form.
FIELD_OF = {
    "instant_past": "day", "instant_far": "day", "not_sooner": "day", "same_instant": "day", "reason_missing": "reason",
    "reason_long": "reason", "after_last_day": "reason", "secrecy_mark": "reason",
}  # fmt: skip


class ReasonForm(forms.Form):
    """Why; it stays on record."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": _("请写明理由，留在记录里。"),
            "max_length": _("理由最长 %(limit_value)d 字，请精简。"),
        },
    )


class InstantForm(ReasonForm):
    """A day and a time of day, where the organ is."""

    field_order = ("day", "clock", "reason")

    day = DayField(label=_("日期"), required=True)
    clock = forms.TimeField(
        label=_("时间"),
        help_text=_("北京时间，24 小时制，例如 9:00。到这一刻才公开，一分钟内各渠道可见。"),
        input_formats=["%H:%M", "%H:%M:%S", "%H：%M"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": _("请填写时间。"), "invalid": _("时间不对，请写成 9:00 或者 14:30。")},
    )

    def __init__(self, *args: Any, first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if first:
            self.fields["reason"].required = False
            self.fields["reason"].label = _("晚于公开期限的理由")
            self.fields["reason"].help_text = _("在公开期限以内的不填。期限不因定时而改变。")

    def instant(self) -> datetime:
        """The moment that was written, once the form is valid."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data["clock"]))
