"""What every form of a step carries: its own fields, the wording of the document, and what the officer has seen."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from gongkai.desk.forms.draft import DayField
from gongkai.law.workdays import FIRST_YEAR

LONGEST = 20_000  # characters of a document's text

#: Fields of the frame, not of the act.
FRAME = ("seen", "body", "body_of", "heeded")


class StepForm(forms.Form):
    """`seen`: the state of the case this page was made from. `body`: the officer's own wording of the document, with
    `body_of`, a digest of the fields it was written from. `heeded`: warnings that were shown on the page before."""

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    body = forms.CharField(
        label=_("文书正文"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("一行一段。不填则按上面的内容自动写成；标题、编号、抬头、落款由系统排版。"),
        error_messages={"max_length": _("文书正文最长 20,000 字，请精简。")},
    )
    body_of = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    heeded = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields of the act itself."""
        return [field for field in self if field.name not in FRAME]

    def given(self) -> dict[str, Any]:
        """The values of the act: what was sent where it is sound, else what the form begins with."""
        sent = self.cleaned_data if self.is_bound and self.errors is not None else {}
        return {name: self._one(name, sent) for name in self.fields if name not in FRAME}

    def _one(self, name: str, sent: dict[str, Any]) -> Any:
        value = sent.get(name)
        open_yet = value is None and (name not in sent or self.fields[name].required)
        return self.get_initial_for_field(self.fields[name], name) if open_yet else value

    def leniently(self) -> bool:
        """Is it sound as far as it is filled in? For trying and previewing, where something may still be open."""
        needed = [field for field in self.fields.values() if field.required]
        for field in needed:
            field.required = False
        sound = self.is_valid()
        for field in needed:
            field.required = True
        return sound


def digest_of(values: dict[str, Any]) -> str:
    """One short word for the fields a document was written from."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


#: Days from which law can still count two years on (its calendar ends in 2050); any other is a slip of the hand.
FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1), date(2048, 12, 31)


def day(label: Any, *, hint: Any = "", required: bool = True) -> DayField:
    """A day of an act, within the years of the calendar."""
    said = _("日期超出工作日历的年份，请核对。")
    known = [MinValueValidator(FIRST_DAY, said), MaxValueValidator(LAST_DAY, said)]
    return DayField(label=label, help_text=hint, required=required, validators=known)


def words(label: Any, *, hint: Any = "", missing: Any = "", rows: int = 5, longest: int = 4000) -> forms.CharField:
    """A text; required exactly when `missing` says what to do about its absence."""
    errors = {"required": missing, "max_length": _("内容太长，请精简。")}
    return forms.CharField(
        label=label, required=bool(missing), max_length=longest, help_text=hint, error_messages=errors,
        widget=forms.Textarea(attrs={"rows": rows}),
    )  # fmt: skip


def line(label: Any, *, hint: Any = "", missing: Any = "", longest: int = 200) -> forms.CharField:
    """One line."""
    errors = {"required": missing, "max_length": _("内容太长，请精简。")}
    return forms.CharField(
        label=label, required=bool(missing), max_length=longest, help_text=hint, error_messages=errors
    )


def choice(label: Any, choices: Any, *, missing: Any) -> forms.ChoiceField:
    """One of a few, as radio buttons."""
    errors = {"required": missing, "invalid_choice": missing}
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=errors)
