"""What a subscriber fills in: an address, and what to be told of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.disclosure.queries.public import facets
from gongkai.law.headings import HEADINGS
from gongkai.notices.subscribing import FILTERS, MOST_VALUES
from gongkai.portal.views.shapes import LABELS, label_of

SHOWN = 40  # [I] themes and agencies that are offered, those with most items first; chosen ones always


class SubscribeForm(forms.Form):
    """Nothing chosen means everything."""

    address = forms.EmailField(
        label=_("电子邮箱"),
        max_length=254,
        help_text=_("只用于发送您订阅的更新，退订时清除，不公开。"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": _("请填写电子邮箱。"),
            "invalid": _("电子邮箱写得不对，应当像 name@example.cn 这样，请核对。"),
        },
    )
    heading = forms.MultipleChoiceField(label=LABELS["heading"], required=False, widget=forms.CheckboxSelectMultiple)
    agency = forms.MultipleChoiceField(label=LABELS["agency"], required=False, widget=forms.CheckboxSelectMultiple)
    theme = forms.MultipleChoiceField(label=LABELS["theme"], required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        found = facets({})
        known = {
            "heading": [h.code for h in HEADINGS if h.code in found.by["heading"]],
            "agency": sorted(found.organ_names, key=lambda code: (-found.by["agency"].get(code, 0), code)),
            "theme": sorted(found.by["theme"], key=lambda name: (-found.by["theme"][name], name)),
        }
        picked = self.data if self.is_bound else self.initial
        for name in FILTERS:
            field = self.fields[name]
            chosen = picked.getlist(name) if hasattr(picked, "getlist") else picked.get(name, ())
            values = known[name]
            shown = [v for v in values if v in chosen] + [v for v in values if v not in chosen]
            shown = values if name == "heading" else shown[: max(SHOWN, len(chosen))]
            field.choices = [(value, label_of(name, value, found)) for value in shown]
            field.error_messages["invalid_choice"] = _("没有这一项，请重新选择。")

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        if not address.isascii():
            raise forms.ValidationError(_("暂时只能用英文字母、数字写的邮箱，请换一个邮箱。"))
        return address

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        for name in FILTERS:
            if len(told.get(name, ())) > MOST_VALUES:
                self.add_error(name, _("最多选 %(most)s 项；要看得更多的，可以一项也不选。") % {"most": MOST_VALUES})
        return told

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The filters that have anything to offer; one that nothing is chosen of may be folded."""
        rows = ((self[name], [str(v) for v in self[name].value() or ()]) for name in ("heading", "agency", "theme"))
        return [{"field": f, "chosen": len(v), "open": bool(v or f.errors)} for f, v in rows if f.field.choices]
