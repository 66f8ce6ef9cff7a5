"""The draft editor's form and the form of a new item."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Organ, Section
from gongkai.disclosure.models import CatalogueEntry, Column, Draft, Item
from gongkai.disclosure.models.content import OPENNESS
from gongkai.law.headings import headings_for
from gongkai.law.negative_list import GROUNDS
from gongkai.law.themes import THEMES

INDEX_NUMBERS = re.compile(r"[\s，,；;、]+")
# Which field a refusal of an action belongs to; the others stand above the form.
FIELD_OF = {
    "title_missing": "title",
    "title_long": "title",
    "body_long": "body",
    "body-too-long": "body",
    "body-unsafe": "body",
    "date_in_future": "formed_on",
    "validity_reversed": "valid_until",
    "organ_unknown": "co_organs",
}


class DayField(forms.DateField):
    """A day, typed or picked."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            input_formats=["%Y-%m-%d", "%Y年%m月%d日", "%Y/%m/%d", "%Y.%m.%d"],
            error_messages={
                "invalid": _("日期不对，请写成 2026-10-29 或者 2026年10月29日。"),
                "required": _("请填写日期。"),
            },
            **kwargs,
        )


def heading_choices(organ: Organ) -> list[tuple[str, str]]:
    level = "township" if organ.kind == "township" else "city"
    return [("", str(_("请选择")))] + [(row.code, row.short) for row in headings_for(level)]  # type: ignore[arg-type]


def entries_of(organ: Organ) -> Iterable[CatalogueEntry]:
    """Entries of the catalogue in force."""
    return CatalogueEntry.objects.filter(catalogue__organ=organ, catalogue__current=True).select_related("column")


class NewItemForm(forms.Form):
    """What there must be to begin: a section, a title, and where the information belongs."""

    section = forms.ModelChoiceField(
        label=_("责任科室"), queryset=Section.objects.none(), error_messages={"required": _("请选择责任科室。")}
    )
    title = forms.CharField(
        label=_("标题"),
        max_length=300,
        error_messages={"required": _("请填写标题。"), "max_length": _("标题最长 300 字，请精简。")},
    )
    entry = forms.ModelChoiceField(
        label=_("公开事项（本机关公开目录）"),
        queryset=CatalogueEntry.objects.none(),
        required=False,
        empty_label=_("目录里没有，按公开类别"),
        help_text=_("选定事项后，公开时限、栏目和类别按目录执行。"),
    )
    heading = forms.ChoiceField(
        label=_("公开类别"), required=False, help_text=_("目录里没有对应事项时选择，依据第二十条、第二十一条。")
    )
    # Named by whoever comes from a column that lacks something; the editor shows it and may change it.
    column = forms.ModelChoiceField(
        queryset=Column.objects.filter(active=True), to_field_name="slug", required=False, widget=forms.HiddenInput
    )

    def __init__(self, sections: Sequence[Section], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organs = {section.organ_id: section.organ for section in sections}
        self.fields["section"].queryset = Section.objects.filter(pk__in=[s.pk for s in sections]).select_related(
            "organ"
        )  # type: ignore[attr-defined]
        self.fields["section"].label_from_instance = lambda s: f"{s.organ.label} {s.name}"  # type: ignore[attr-defined]
        self.fields["section"].empty_label = None if len(sections) == 1 else _("请选择")  # type: ignore[attr-defined]
        self.fields["entry"].queryset = CatalogueEntry.objects.filter(  # type: ignore[attr-defined]
            catalogue__organ__in=organs, catalogue__current=True
        ).select_related("column", "catalogue")
        self.fields["entry"].label_from_instance = entry_label  # type: ignore[attr-defined]
        widest = next((organ for organ in organs.values() if organ.kind == "township"), None)
        first = widest or next(iter(organs.values()))
        self.fields["heading"].choices = heading_choices(first)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        section, entry = values.get("section"), values.get("entry")
        if section and entry and entry.catalogue.organ_id != section.organ_id:
            self.add_error("entry", _("这个公开事项属于另一个机关的目录，请重新选择。"))
        if not self.errors and not entry and not values.get("heading"):
            self.add_error("heading", _("请选择公开事项，或者选择公开类别。"))
        return values


def entry_label(entry: CatalogueEntry) -> str:
    return f"{entry.serial}　{entry.label}（{entry.limit_text}）"


class DraftForm(forms.Form):
    """Every column of the draft. Nothing but its shape is checked here; `save_draft` and `submit` decide."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    title = forms.CharField(
        label=_("标题"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "class": "input--short"}),
        error_messages={"required": _("请填写标题。"), "max_length": _("标题最长 300 字，请精简。")},
    )
    doc_number = forms.CharField(
        label=_("发文字号"), required=False, max_length=80, help_text=_("例如：云民发〔2026〕12号")
    )
    issuer = forms.CharField(label=_("发文机关"), required=False, max_length=200)
    formed_on = DayField(label=_("成文日期"), help_text=_("公开期限从这一天的次日起算。"))
    changed_on = DayField(label=_("变更日期"), help_text=_("修订已发布的信息时填写，期限从变更之日重新起算。"))
    entry = forms.ModelChoiceField(
        label=_("公开事项（本机关公开目录）"),
        queryset=CatalogueEntry.objects.none(),
        required=False,
        empty_label=_("目录里没有，按公开类别"),
    )
    heading = forms.ChoiceField(label=_("公开类别"), required=False)
    column = forms.ModelChoiceField(
        label=_("栏目"), queryset=Column.objects.none(), required=False, empty_label=_("不放入栏目")
    )
    theme = forms.ChoiceField(label=_("主题分类"), required=False)
    keywords = forms.CharField(label=_("主题词"), required=False, max_length=200, help_text=_("用空格隔开。"))
    summary = forms.CharField(
        label=_("内容概述"), required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 3})
    )
    source = forms.CharField(label=_("信息来源"), required=False, max_length=120)
    openness = forms.ChoiceField(label=_("公开属性"), choices=list(OPENNESS.items()), widget=forms.RadioSelect)
    ground = forms.ChoiceField(label=_("法定情形"), required=False, widget=forms.RadioSelect)
    ground_reason = forms.CharField(
        label=_("理由和依据"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    no_rule_requires = forms.BooleanField(label=_("已经查对：没有法律、法规、规章规定这类信息应当公开"), required=False)
    effective_from = DayField(label=_("生效日期"))
    valid_until = DayField(
        label=_("有效期至"), help_text=_("到期次日自动标为失效。公示填公示期的最后一天，次日标为公示期满。")
    )
    is_trial = forms.BooleanField(label=_("暂行或者试行"), required=False)
    names_persons = forms.BooleanField(label=_("写有个人（姓名、住址、处罚对象等）"), required=False)
    impact_assessment = forms.CharField(
        label=_("个人信息保护影响评估"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 5})
    )
    co_organs = forms.MultipleChoiceField(label=_("联合发文机关"), required=False, widget=forms.CheckboxSelectMultiple)
    interprets = forms.CharField(
        label=_("解读的文件"), required=False, max_length=2000, help_text=_("填索引号，多个用空格隔开。")
    )
    body = forms.CharField(
        label=_("正文"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "lang": "zh-CN", "spellcheck": "false"}),
    )

    def __init__(self, item: Item, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entry"].queryset = entries_of(item.organ)  # type: ignore[attr-defined]
        self.fields["entry"].label_from_instance = entry_label  # type: ignore[attr-defined]
        self.fields["heading"].choices = heading_choices(item.organ)  # type: ignore[attr-defined]
        self.fields["column"].queryset = Column.objects.filter(active=True)  # type: ignore[attr-defined]
        self.fields["theme"].choices = self._themes()  # type: ignore[attr-defined]
        self.fields["ground"].choices = [(g.code, g.title) for g in GROUNDS]  # type: ignore[attr-defined]
        others = Organ.objects.filter(active=True).exclude(pk=item.organ_id).exclude(kind="historic")
        self.fields["co_organs"].choices = [(o.code, o.name) for o in others]  # type: ignore[attr-defined]
        if item.public != "live":
            self.fields["changed_on"].help_text = _("第一次发布不用填写。")

    def _themes(self) -> list[tuple[str, str]]:
        known = [(theme.name, theme.name) for theme in THEMES]
        now = self.initial.get("theme", "")
        extra = [(now, now)] if now and now not in dict(known) else []
        return [("", str(_("请选择"))), *extra, *known]

    def clean_interprets(self) -> list[str]:
        return [number for number in INDEX_NUMBERS.split(self.cleaned_data["interprets"]) if number]

    def changes(self, draft: Draft, item: Item) -> dict[str, Any]:
        """Columns whose valid value differs from what is stored; dates blank are None."""
        found = {}
        for name, value in self.cleaned_data.items():
            if name == "based_on":
                continue
            now = getattr(item if name in ("entry", "column", "heading") else draft, name)
            if value != now and not (value in ("", None) and now in ("", None)):
                found[name] = value
        return found


def initial_of(draft: Draft, item: Item) -> dict[str, Any]:
    """The stored draft as the form shows it; the body is put in by the caller, who knows the image addresses."""
    values = {name: getattr(draft, name) for name in DraftForm.base_fields if hasattr(draft, name)}
    return values | {
        "based_on": draft.revision,
        "entry": item.entry_id,
        "column": item.column_id,
        "heading": item.heading,
        "interprets": " ".join(draft.interprets),
    }
