"""Correcting a record about the applicant (条例41)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.desk.forms.foi.step import StepForm, choice, day, line, words
from gongkai.foi.models.care import CORRECTION_DECISIONS


class AskedForm(StepForm):
    """What is wrong, what is right, and the evidence."""

    what = words(
        _("更正的事项"), missing=_("请写明哪项记录不准确、应当怎样更正。"), rows=5,
        hint=_("哪份信息、哪一处、现在怎样写、应当怎样写。"),
    )  # fmt: skip
    file_id = forms.ChoiceField(
        label=_("证据材料"), required=False, help_text=_("先在案卷中存入“更正申请的证据”，再到这里选择。")
    )
    on = day(_("收到的日期"))

    def __init__(self, *args: Any, files: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed: Any = self.fields["file_id"]
        listed.choices = [("", _("没有提供")), *files]


class DecideForm(StepForm):
    """One of four outcomes."""

    decision = choice(_("办理结果"), list(CORRECTION_DECISIONS.items()), missing=_("请选择办理结果。"))
    reason = words(_("审核的情况和理由"), missing=_("请写明审核的情况和理由。"), rows=6, hint=_("写进答复书。"))
    other_organ = line(_("有权更正的机关"), longest=120, hint=_("转送或者告知的填写。"))
