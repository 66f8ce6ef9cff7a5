"""The information processing fee, worked out by piece or by page: a calculation, never a decision to charge."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from gongkai.law.articles import cite
from gongkai.law.fees import FREE_PAGES, FREE_PIECES, FeeError, FeeProposal, fee_by_page, fee_by_piece
from gongkai.portal.views import shapes


class CountField(forms.CharField):
    """A whole number; law says what is wrong with anything else, and the typed text stays."""

    def __init__(self, *, ask: Callable[[Any], object], **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input--day"})
        required = gettext_lazy("请填写整数，没有就写 0。")
        super().__init__(widget=widget, error_messages={"required": required}, **kwargs)
        self.ask = ask

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            number: int | str = int(text)
        except ValueError:
            number = text
        try:
            self.ask(number)
        except FeeError as error:
            raise forms.ValidationError(error.sentence) from error
        return number


class PieceForm(forms.Form):
    already = CountField(
        label=gettext_lazy("本月已经申请的件数"),
        ask=lambda count: fee_by_piece(count, 0),
        initial="0",
        help_text=gettext_lazy("同一申请人向同一机关，在一个自然月内。"),
    )
    pieces = CountField(label=gettext_lazy("这次申请的件数"), ask=lambda count: fee_by_piece(0, count))

    def proposal(self) -> FeeProposal:
        return fee_by_piece(self.cleaned_data["already"], self.cleaned_data["pieces"])


class PageForm(forms.Form):
    pages = CountField(
        label=gettext_lazy("这件申请提供的页数"),
        ask=fee_by_page,
        help_text=gettext_lazy("不同申请的页数不相加。只告知获取途径的，不计。"),
    )

    def proposal(self) -> FeeProposal:
        return fee_by_page(self.cleaned_data["pages"])


@require_safe
def fee(request: HttpRequest) -> HttpResponse:
    method = request.GET.get("method", "piece")
    if method not in ("piece", "page"):
        method = "piece"
    form_of = {"piece": PieceForm, "page": PageForm}[method]
    form = form_of(request.GET if "go" in request.GET else None)
    proposal = form.proposal() if form.is_valid() else None
    context = {
        "section": "apply",
        "crumbs": shapes.crumbs(
            (_("依申请公开"), reverse("portal:apply")),
            (_("规则与测算"), reverse("portal:calculator")),
            (_("信息处理费"), ""),
        ),
        "noindex": bool(request.GET),
        "method": method,
        "form": form,
        "result": proposal and _result(proposal),
        "article": cite("条例42；109号"),
        "free": {"pieces": FREE_PIECES, "pages": FREE_PAGES},
    }
    return render(request, "portal/calculator_fee.html", context)


def _result(proposal: FeeProposal) -> dict[str, Any]:
    unit = {"piece": _("件"), "page": _("页")}[proposal.method]
    return {
        "yuan": proposal.yuan,
        "sentence": proposal.sentence,
        "lines": [
            {
                "span": f"{line.first}" if line.first == line.last else f"{line.first}–{line.last}",
                "units": line.units,
                "rate": line.rate,
                "yuan": line.yuan,
            }
            for line in proposal.lines
        ],
        "unit": unit,
        "units": sum(line.units for line in proposal.lines),
    }
