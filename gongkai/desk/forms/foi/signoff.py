"""Recalling a reply: why."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class RecallForm(forms.Form):
    """A reason, which stays in the file."""

    reason = forms.CharField(
        label=_("撤回的理由"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("留在案卷里，审签人会看到。"),
        error_messages={"required": _("请写明撤回的理由。"), "max_length": _("内容太长，请精简。")},
    )  # fmt: skip
