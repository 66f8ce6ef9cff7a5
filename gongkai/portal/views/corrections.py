"""Ask for correction or deletion of personal data on a public page (个保法45–47)."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.disclosure.actions.corrections import ask_correction
from gongkai.disclosure.queries import public
from gongkai.disclosure.queries.document import document
from gongkai.law.verdicts import Refusal
from gongkai.pages.render import item_url
from gongkai.portal.views import shapes


def _required(sentence: str) -> dict[str, str]:
    return {"required": sentence}


class CorrectionForm(forms.Form):
    """What is asked, about which page, and how to answer."""

    page = forms.CharField(
        label=_("页面的索引号"),
        max_length=60,
        help_text=_("页面标题下方“索引号”一栏。"),
        error_messages=_required(_("请填写页面的索引号，在标题下方的表格里。")),
    )
    kind = forms.ChoiceField(
        label=_("您要求"),
        choices=[("correct", _("更正、补充")), ("delete", _("删除")), ("copy", _("查阅、复制"))],
        error_messages=_required(_("请选择您的要求。")),
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("涉及的内容和理由"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages=_required(_("请写明涉及哪些内容、为什么。")),
    )
    contact = forms.CharField(
        label=_("姓名和联系方式"),
        max_length=200,
        help_text=_("只用于核对身份和告知结果，不会公开。"),
        error_messages=_required(_("请填写姓名和联系方式，我们才能告知结果。")),
    )

    def clean_page(self) -> str:
        number = self.cleaned_data["page"].strip()
        if public.item_in_front(number) is None:
            raise forms.ValidationError(_("没有索引号为“%(n)s”的公开信息，请核对。") % {"n": number})
        return str(number)


def correction(request: HttpRequest) -> HttpResponse:
    crumbs = shapes.crumbs((_("更正或者删除个人信息"), ""))
    if request.method == "POST":
        form = CorrectionForm(request.POST)
        if form.is_valid():
            item = public.item_in_front(form.cleaned_data["page"])
            if item is None:
                raise RuntimeError("the form has just found this item")
            try:
                asked = ask_correction(
                    item,
                    form.cleaned_data["kind"],
                    contact=form.cleaned_data["contact"],
                    words=form.cleaned_data["words"],
                    at=timezone.localtime(),
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                receipt = {"number": f"G{asked.pk:06d}", "received_at": asked.at, "agency": item.organ.name}
                return render(request, "portal/correction_done.html", {"receipt": receipt, "crumbs": crumbs})
    else:
        form = CorrectionForm(initial={"page": request.GET.get("page", "")})
    number = form["page"].value() or ""
    doc = document(number, on=timezone.localdate()) if number else None
    about = {"title": doc.title, "url": item_url(number)} if doc is not None and not doc.notice_only else None
    return render(request, "portal/correction.html", {"form": form, "item": about, "crumbs": crumbs})
