"""Where an item goes, and what people carried themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.channels.states import DELIVER, RECALL
from gongkai.desk.forms.draft import DayField


class ChooseForm(forms.Form):
    """The channels, and for what is public already the reason for changing them."""

    channels = forms.MultipleChoiceField(label=_("渠道"), required=False, widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(
        label=_("理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("信息已经发布，改变渠道请写明理由，留存备查。")},
    )

    def __init__(self, codes: Sequence[tuple[str, str]], *args: Any, needs_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channels"].choices = list(codes)  # type: ignore[attr-defined]
        self.fields["reason"].required = needs_reason
        self.fields["reason"].help_text = (
            _("留存备查。") if needs_reason else _("与公开目录不一致的，写明理由，审查人会看到。")
        )


class HandForm(forms.Form):
    """What was carried where and when, with a link or a scan."""

    carrier = forms.CharField(
        label=_("渠道"), max_length=40, help_text=_("例如政府公报、公示栏、村务公开栏、广播电视、发布会。"),
        error_messages={"required": _("请写明渠道，例如“政府公报”。")},
    )  # fmt: skip
    verb = forms.ChoiceField(
        label=_("登记什么"),
        choices=[(DELIVER, _("已经发布")), (RECALL, _("已经撤回、取下或者刊登更正"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择登记发布还是撤回。")},
    )
    on = DayField(label=_("日期"), required=True, help_text=_("实际办理的那一天。"))
    words = forms.CharField(
        label=_("在哪里、怎么办的"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例如“2026 年第 9 期第 3 页”。"),
        error_messages={"required": _("请写明在哪里、怎么办的，例如“2026 年第 9 期第 3 页”。")},
    )
    link = forms.CharField(
        label=_("链接"), max_length=500, required=False, help_text=_("链接和扫描件至少要有一样。"),
        widget=forms.TextInput(attrs={"inputmode": "url"}),
    )  # fmt: skip
    scan = forms.FileField(
        label=_("扫描件或者照片"), required=False, help_text=_("PDF、OFD、JPG 或者 PNG。"), allow_empty_file=True
    )
    corrects = forms.IntegerField(required=False, widget=forms.HiddenInput)
