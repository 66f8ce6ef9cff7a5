"""A document that was given to one applicant becomes a draft for everybody: which, under what title, where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Organ, Section
from gongkai.desk.forms.draft import entries_of, entry_label
from gongkai.disclosure.models import CatalogueEntry, Column


class PublishForm(forms.Form):
    """`files`: (primary key, name) of what was given; `sections`: where the person drafts."""

    file = forms.TypedChoiceField(
        label=_("附件"), coerce=int, widget=forms.RadioSelect,
        error_messages={"required": _("请选择一个附件。"), "invalid_choice": _("请选择列出的附件。")},
    )  # fmt: skip
    title = forms.CharField(
        label=_("标题"), max_length=300, help_text=_("公众会看到，不要写申请人的信息。"),
        error_messages={"required": _("请填写标题。"), "max_length": _("标题最长 300 字，请精简。")},
    )  # fmt: skip
    section = forms.ModelChoiceField(
        label=_("责任科室"), queryset=Section.objects.none(), empty_label=None,
        error_messages={"required": _("请选择责任科室。"), "invalid_choice": _("请选择列出的科室。")},
    )  # fmt: skip
    entry = forms.ModelChoiceField(
        label=_("公开事项（本机关公开目录）"), queryset=CatalogueEntry.objects.none(), required=False,
        empty_label=_("目录里没有，拟稿时再选公开类别"),
        error_messages={"invalid_choice": _("请选择列出的公开事项。")},
    )  # fmt: skip
    column = forms.ModelChoiceField(
        label=_("栏目"), queryset=Column.objects.filter(active=True), required=False, empty_label=_("按公开事项"),
        error_messages={"invalid_choice": _("请选择列出的栏目。")},
    )  # fmt: skip

    def __init__(
        self, *args: Any, files: Sequence[tuple[int, str]], organ: Organ, sections: Sequence[int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].choices = list(files)  # type: ignore[attr-defined]
        self.fields["section"].queryset = Section.objects.filter(pk__in=sections)  # type: ignore[attr-defined]
        self.fields["section"].label_from_instance = lambda s: s.name  # type: ignore[attr-defined]
        self.fields["entry"].queryset = entries_of(organ)  # type: ignore[attr-defined]
        self.fields["entry"].label_from_instance = entry_label  # type: ignore[attr-defined]
