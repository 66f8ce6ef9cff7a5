"""Delivery: how, on which day, with what proof."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.desk.forms.draft import DayField

#: Way → (name, what proves it). A courier is listed so that nobody wonders why it is not there; law refuses it.
WAYS = {
    "in_person": (_("当面送达"), _("凭证：申请人在送达回证上签名，写明签收人和时间。")),
    "post": (_("邮寄"), _("凭证：邮政回执号。交邮之日为答复之日，由本机关付邮费。")),
    "online": (_("网上送达"), _("凭证：发送的时间和记录。申请人凭查询码在网上收取。")),
    "courier": (_("快递公司"), _("不能用：邮寄答复应当通过邮政企业。国办公开办函〔2016〕235号")),
}


class DeliverForm(forms.Form):
    """`by` may be any way there is: what law refuses is refused with its article."""

    by = forms.ChoiceField(
        label=_("送达方式"), choices=[(code, name) for code, (name, _hint) in WAYS.items()], widget=forms.RadioSelect,
        error_messages={"required": _("请选择送达方式。"), "invalid_choice": _("请选择列出的送达方式。")},
    )  # fmt: skip
    on = DayField(
        label=_("送达日期"), required=True, help_text=_("当面签收之日、交邮之日或者网上发出之日，即为答复之日。")
    )
    proof = forms.CharField(
        label=_("送达凭证"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("签收人、邮政回执号或者网上送达的记录。"),
        error_messages={
            "required": _("请登记送达凭证：签收人、邮政回执号或者网上送达的记录。"), "max_length": _("内容太长，请精简。"),
        },
    )  # fmt: skip

    def ways(self) -> list[dict[str, Any]]:
        chosen = self["by"].value()
        return [
            {"code": code, "name": name, "hint": hint, "checked": code == chosen} for code, (name, hint) in WAYS.items()
        ]
