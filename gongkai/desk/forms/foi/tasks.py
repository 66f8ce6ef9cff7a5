"""Accept, give a section its part, hand it back, write down a search."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Section
from gongkai.desk.forms.foi.step import StepForm, choice, day, line, words


class SectionField(forms.ModelChoiceField):
    """A section of the organ; the choices come with the request."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Section.objects.none(),
            error_messages={
                "required": _("请选择科室。"),
                "invalid_choice": _("请选择本机关的科室；涉及其他机关的，请征求意见。"),
            },
            **kwargs,
        )


class AcceptForm(StepForm):
    """The leading section."""

    section = SectionField(
        label=_("承办科室"), empty_label=_("请选择"), help_text=_("承办科室的负责人先审核答复。可以与分办的科室相同。")
    )


class AssignForm(StepForm):
    """A section's part."""

    section = SectionField(label=_("分办给"), empty_label=_("请选择"))
    due_on = day(_("科室办理期限"), hint=_("内部期限，不影响法定答复期限。"))
    asked = words(_("要科室办什么"), missing=_("请写明要科室办什么，例如检索哪些信息、对哪些内容提出意见。"))


class FinishForm(StepForm):
    """What the section did."""

    answer = words(_("办理情况"), missing=_("请写明办理情况：找到了什么、有什么意见。"), rows=6)


class SearchForm(StepForm):
    """Where, how, with what result."""

    places = words(
        _("检索的地方"), missing=_("请写明检索了哪些系统、档案和科室。"), rows=3,
        hint=_("例如：本机关档案室2019年至2021年文书档案、办公自动化系统、社会救助科业务台账。"),
    )  # fmt: skip
    terms = line(
        _("检索用词和方法"),
        missing=_("请写明检索用词和方法。"),
        hint=_("例如：以“救助”“2025”检索题名和全文，人工翻阅目录。"),
    )
    found = choice(_("结果"), [("yes", _("检索到"))] + [("no", _("没有检索到"))], missing=_("请选择检索结果。"))
    result = words(_("检索到的信息，或者为什么没有"), rows=3)
    on = day(_("检索日期"))
