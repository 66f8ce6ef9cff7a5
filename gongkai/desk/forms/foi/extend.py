"""Propose an extension; decide on it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.desk.forms.foi.step import StepForm, words
from gongkai.law.reply_clock.acts import EXTENSION_WORKING_DAYS


class ExtensionForm(StepForm):
    """How many working days, and why."""

    working_days = forms.IntegerField(
        label=_("延长的工作日数"), min_value=1, max_value=EXTENSION_WORKING_DAYS, initial=EXTENSION_WORKING_DAYS,
        help_text=_("1 至 20 个工作日，只能延长一次；需要几日填几日。"),
        error_messages={
            "required": _("请填写延长的工作日数。"), "invalid": _("请填写数字，例如 10。"),
            "min_value": _("延长的期限是 1 至 20 个工作日。"), "max_value": _("延长的期限是 1 至 20 个工作日。"),
        },
    )  # fmt: skip
    reason = words(_("延长的理由"), hint=_("写进延期告知书，申请人会看到。"), missing=_("请写明需要延长的理由。"))


class DecisionForm(StepForm):
    """Agreeing needs no more words than the notice."""


class RefusalForm(StepForm):
    """Not agreeing needs a reason."""

    reason = words(_("不同意的理由"), hint=_("经办人会看到。"), missing=_("请写明不同意的理由。"))
