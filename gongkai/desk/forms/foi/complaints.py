"""The answer to a complaint."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.desk.forms.foi.step import words


class ComplaintAnswerForm(forms.Form):
    """What was found and what is done about it; the applicant reads it."""

    answer = words(
        _("调查结果和处理意见"), missing=_("请写明调查的结果和处理意见。"), rows=8,
        hint=_("申请人凭查询码看到这段文字。不要写他人的个人信息。"),
    )  # fmt: skip
