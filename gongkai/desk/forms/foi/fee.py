"""Propose a fee, decide on it, register the payment."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.desk.forms.foi.step import StepForm, choice, day, words
from gongkai.law.fees import MOST_PAGES

METHODS = [("piece", _("按件计收")), ("page", _("按量计收"))]


class FeeForm(StepForm):
    """By piece or by page, and why at all. The amount is never typed."""

    method = choice(_("计收办法"), METHODS, missing=_("请选择按件或者按量计收，两者不能并用。"))
    pages = forms.IntegerField(
        label=_("页数"), required=False, min_value=0, max_value=MOST_PAGES,
        help_text=_("按量计收的填写：A4 及以下幅面的单面为 1 页。按件计收的不填，件数由系统按本月累计。"),
        error_messages={
            "invalid": _("请填写数字，例如 120。"), "min_value": _("页数不能是负数，请核对。"),
            "max_value": _("页数超过 1,000,000，请核对是否写错。"),
        },
    )  # fmt: skip
    only_told_where = forms.BooleanField(
        label=_("信息已经主动公开，只告知获取途径"), required=False, help_text=_("这种情形不按量计收。")
    )
    excessive = forms.BooleanField(
        label=_("申请的数量、频次明显超过合理范围"), required=False, help_text=_("这是收费的前提，由本机关认定。")
    )
    reason = words(
        _("认定的理由"), missing=_("请写明数量、频次为什么明显超过合理范围。"), rows=4,
        hint=_("写明一定期间内的申请件数、页数。"),
    )  # fmt: skip


class PaymentForm(StepForm):
    """The day of payment."""

    on = day(_("缴费日期"), hint=_("缴费完成的那一天；从次日起重新计算 20 个工作日。"))
