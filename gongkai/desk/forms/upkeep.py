"""What a look and a handing over have to say."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Section
from gongkai.agencies.queries import staffed
from gongkai.disclosure.models import Item


class LookForm(forms.Form):
    """Why the text is still right, and which text was on the screen."""

    reason = forms.CharField(
        label=_("为什么仍然正确"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明核对了什么、向谁核实。不能批量办理，也不能用一句话应付多条。"),
        error_messages={"required": _("请写明为什么内容仍然正确，例如核对了什么、向谁核实。")},
    )
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


class HandOverForm(forms.Form):
    """The other sections of the organ that have people, and why."""

    section = forms.ChoiceField(label=_("移交给"), error_messages={"required": _("请选择本机关的另一个科室。")})
    reason = forms.CharField(
        label=_("理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例如科室撤并、职责调整。"),
        error_messages={"required": _("请写明移交的理由。")},
    )

    def __init__(self, *args: Any, item: Item, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = Section.objects.filter(organ=item.organ, active=True, pk__in=staffed(on).sections)
        choices = [(row.code, row.name) for row in there if row.pk != item.section_id]
        self.fields["section"].choices = [("", _("请选择")), *choices]
        self.nobody = not choices
