"""Which of the proposed requests are left out."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class NewBatchForm(forms.Form):
    """The leading request, and numbers to leave out."""

    lead = forms.CharField(max_length=60, widget=forms.HiddenInput)
    left_out = forms.CharField(
        label=_("不归入这一批的申请编号"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("一行一个。归入以后不能移出，但仍然可以单独办理。"),
    )

    def clean_left_out(self) -> frozenset[str]:
        return frozenset(self.cleaned_data["left_out"].split())
