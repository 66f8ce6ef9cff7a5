"""The pages of the request form. Each form judges one page; what was typed is kept whether it passes or not."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.foi.models.cases import DELIVERIES, FORMS
from gongkai.foi.particulars import IDENTITY_KINDS, Particulars, plain
from gongkai.foi.queries.drafts import Asked, Filled
from gongkai.scanning.rules.numbers import valid_id, valid_uscc

LONGEST = {"name": 200, "document_number": 60, "features": 2000}
#: What is kept of an answer that is far too long; the message says how long it may be.
KEPT = 5000
COLUMN_LABELS = {
    "natural": (_("公民"), _("以本人名义提出。")),
    "enterprise": (_("商业企业"), ""),
    "research": (_("科研机构"), ""),
    "welfare": (_("社会公益组织"), ""),
    "legal_service": (_("法律服务机构"), _("律师事务所等以自己名义提出的；代理他人提出的，选被代理人的类型。")),
    "other": (_("其他组织"), ""),
}
FORM_HINTS = {
    "paper": _("复印件、打印件。"),
    "electronic": _("PDF、表格等文件。"),
    "disc": _("文件很大时用，邮寄或者当面领取。"),
    "inspect": _("到机关阅览、抄录。"),
}
DELIVERY_HINTS = {
    "online": _("用查询码在本网站查看和下载。"),
    "email": _("发到您填写的电子邮箱。"),
    "post": _("寄到您填写的通信地址，不收邮费。"),
    "in_person": _("到机关领取，请带身份证件。"),
    "fax": _("传到您填写的联系电话，请确认这个号码能收传真。"),
}
#: Which way of getting it fits which form.
FITS = {
    "paper": ("post", "in_person", "fax"),
    "electronic": ("online", "email", "in_person"),
    "disc": ("post", "in_person"),
    "inspect": ("in_person",),
}
#: What a way of getting it needs: field of the applicant, and what to say when it is missing.
NEEDS = {
    "email": ("email", _("请先在“申请人”一页填写电子邮箱，或者改选别的方式。")),
    "post": ("address", _("请先在“申请人”一页填写通信地址，或者改选别的方式。")),
    "fax": ("phone", _("请先在“申请人”一页填写能收传真的电话，或者改选别的方式。")),
}
_TURNS = {chr(c) for c in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)}


def typed(value: str) -> str:
    """What was typed without characters nobody can see that would break a line or turn the reading direction."""
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    seen = (c for c in lines if c == "\n" or (unicodedata.category(c) not in ("Cc", "Cs") and c not in _TURNS))
    return "".join(seen)[:KEPT]


def one_line(value: str) -> str:
    return " ".join(typed(value).split())


def _missing(sentence: str) -> dict[str, str]:
    return {"required": sentence, "invalid_choice": sentence}


def _too_long(form: forms.Form, most: dict[str, int]) -> None:
    """Say how long it may be and how long it is."""
    for name, limit in most.items():
        length = len(form.cleaned_data.get(name) or "")
        if length > limit:
            told = {"label": form[name].label, "limit": limit, "length": length}
            form.add_error(name, _("%(label)s最多 %(limit)s 字，您写了 %(length)s 字，请缩短或者分成几项。") % told)


class ItemForm(forms.Form):
    """One item; any of the three is enough."""

    name = forms.CharField(
        label=_("信息的名称"), required=False,
        help_text=_("不知道准确名称的，写您知道的叫法。例如：2025年临时救助资金发放明细"),
    )  # fmt: skip
    document_number = forms.CharField(
        label=_("文号"), required=False, help_text=_("知道才填。例如：云政办规〔2026〕7号")
    )
    features = forms.CharField(
        label=_("其他特征"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("哪一年、哪个地方、哪个项目、涉及谁，写得越具体越容易找到。"),
    )  # fmt: skip

    def __init__(self, number: int, item: Asked, *, judge: bool) -> None:
        self.number = number
        data = {f"item{number}-{name}": getattr(item, name) for name in LONGEST}
        super().__init__(data if judge else None, prefix=f"item{number}", initial=data_of(item))

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if not any((values.get(name) or "").strip() for name in LONGEST):
            self.add_error("name", _("请写明要什么信息：名称、文号、其他特征，至少填一样。"))
        _too_long(self, LONGEST)
        return values


def data_of(item: Asked) -> dict[str, str]:
    return {name: getattr(item, name) for name in LONGEST}


class AgencyForm(forms.Form):
    """Whom the request goes to; any agency may be chosen."""

    organ = forms.ChoiceField(
        label=_("受理申请的机关"), error_messages=_missing(_("请选择受理申请的机关。")), widget=forms.RadioSelect
    )

    def __init__(self, data: dict[str, str] | None, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["organ"].choices = list(choices)  # type: ignore[attr-defined]


class ApplicantForm(forms.Form):
    """Who asks, and how they can be reached. What looks wrong in a number is told and accepted."""

    column = forms.ChoiceField(
        label=_("您以什么身份申请"), choices=[(code, label) for code, (label, _hint) in COLUMN_LABELS.items()],
        widget=forms.RadioSelect, error_messages=_missing(_("请选择以公民还是以哪一类组织的身份申请。")),
    )  # fmt: skip
    name = forms.CharField(
        label=_("姓名或者名称"), help_text=_("公民写身份证件上的姓名，组织写登记的全称。"),
        error_messages=_missing(_("请填写申请人的姓名或者名称。")), widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    contact = forms.CharField(label=_("联系人"), required=False, help_text=_("组织申请的，写经办人的姓名。"))
    identity_kind = forms.ChoiceField(
        label=_("身份证明的种类"), choices=[("", _("请选择")), *IDENTITY_KINDS.items()],
        error_messages=_missing(_("请选择身份证明的种类；现在不便提供的，选“没有提供”。")),
        help_text=_("选“没有提供”的也可以提出，机关会请您补正。"),
    )  # fmt: skip
    identity_number = forms.CharField(
        label=_("证件号码"), required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    phone = forms.CharField(
        label=_("联系电话"), required=False, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )
    email = forms.EmailField(
        label=_("电子邮箱"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("电子邮箱应当像 name@example.com，请核对。")},
    )  # fmt: skip
    address = forms.CharField(
        label=_("通信地址"), required=False, widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
        help_text=_("邮寄答复需要。写到门牌号。"),
    )  # fmt: skip
    postcode = forms.CharField(
        label=_("邮政编码"), required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "postal-code", "class": "input--day"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        limits = {"name": 100, "contact": 60, "identity_number": 60, "phone": 40, "address": 200, "postcode": 12}
        _too_long(self, limits | {"email": 120})
        kind, number = values.get("identity_kind"), (values.get("identity_number") or "").strip()
        if kind and kind != "none" and not number:
            self.add_error("identity_number", _("请填写证件号码；现在不便提供的，把种类改为“没有提供”。"))
        if kind == "none" and number:
            self.add_error("identity_kind", _("您填写了证件号码，请选择它是哪一种证件。"))
        reachable = any((values.get(name) or "").strip() for name in ("phone", "email", "address"))
        if not reachable and "email" not in self.errors:
            self.add_error("phone", _("电话、电子邮箱、通信地址至少填一样，机关才能与您联系。"))
        return values


def doubts(told: Particulars) -> str:
    """What looks wrong in the identity number, as a sentence; "" when nothing does. It never keeps a request out."""
    number = plain(told.identity_number)
    if not number:
        return ""
    if told.identity_kind == "id_card":
        if len(number) != 18:
            return _("居民身份证号码应为 18 位，您填了 %(length)s 位。") % {"length": len(number)}
        return "" if number.isascii() and valid_id(number) else _("居民身份证号码的最后一位校验不对，可能有一位写错。")
    if told.identity_kind == "credit_code":
        if len(number) != 18:
            return _("统一社会信用代码应为 18 位，您填了 %(length)s 位。") % {"length": len(number)}
        return "" if valid_uscc(number) else _("统一社会信用代码的校验不对，可能有一位写错。")
    return ""


class DeliveryForm(forms.Form):
    """In what form and by what way the information is wanted (条例29(3)、40)."""

    form = forms.ChoiceField(
        label=_("要什么形式"), choices=list(FORMS.items()), widget=forms.RadioSelect,
        error_messages=_missing(_("请选择要什么形式的信息。")),
    )  # fmt: skip
    delivery = forms.ChoiceField(
        label=_("怎样获取"), choices=list(DELIVERIES.items()), widget=forms.RadioSelect,
        error_messages=_missing(_("请选择怎样获取。")),
    )  # fmt: skip

    def __init__(self, data: dict[str, str] | None, told: Particulars) -> None:
        super().__init__(data)
        self.told = told

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        form, delivery = values.get("form"), values.get("delivery")
        if not form or not delivery:
            return values
        if delivery not in FITS[form]:
            ways = "、".join(DELIVERIES[way] for way in FITS[form])
            told = {"form": FORMS[form], "delivery": DELIVERIES[delivery], "ways": ways}
            self.add_error("delivery", _("“%(form)s”不能用“%(delivery)s”的方式获取，请改选：%(ways)s。") % told)
        elif delivery in NEEDS and not getattr(self.told, NEEDS[delivery][0]).strip():
            self.add_error("delivery", NEEDS[delivery][1])
        return values


def options(form: forms.Form, name: str, hints: dict[str, str]) -> list[dict[str, Any]]:
    """The radio buttons of a field, each with its consequence in small type."""
    return [
        {
            "tag": button.tag(),
            "label": button.choice_label,
            "id": button.id_for_label,
            "hint": hints.get(str(button.data["value"]), ""),
        }
        for button in form[name]
    ]


def errors_of(*given: forms.Form) -> list[dict[str, str]]:
    """Every error with the field to jump to, for the summary on top."""
    found = []
    for form in given:
        for sentence in form.non_field_errors():
            found.append({"target": "", "label": "", "sentence": str(sentence)})
        for bound in form:
            target = f"{bound.auto_id}_0" if bound.use_fieldset else bound.auto_id
            label = str(bound.label)
            found += [{"target": target, "label": label, "sentence": str(e)} for e in bound.errors]
    return found


def unfinished(filled: Filled, organs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """Step code → what it still lacks; the summary may be sent in when this is empty."""
    steps: dict[str, tuple[forms.Form, ...]] = {
        "what": tuple(ItemForm(n, item, judge=True) for n, item in enumerate(filled.items)),
        "agency": (AgencyForm({"organ": filled.organ}, organs),),
        "applicant": (ApplicantForm({"column": filled.column, **filled.told.as_dict()}),),
        "delivery": (DeliveryForm({"form": filled.form, "delivery": filled.delivery}, filled.told),),
    }
    lacks = {code: [e["sentence"] for e in errors_of(*made)] for code, made in steps.items()}
    return {code: list(dict.fromkeys(sentences)) for code, sentences in lacks.items() if sentences}
