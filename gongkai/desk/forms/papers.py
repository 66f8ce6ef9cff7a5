"""Handbooks, printed copies, transfer lists: what has to be written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Organ
from gongkai.channels.models import Edition
from gongkai.channels.models.handbooks import AMENDED, CHAPTERS, ENDINGS, PAPERS
from gongkai.channels.models.transfers import RECEIVERS
from gongkai.desk.forms.draft import DayField

NEEDED = {"required": _("请填写这一项。")}


class OfOrgan(forms.Form):
    """A form for one of several organs; with a single one it is not asked."""

    organ = forms.ModelChoiceField(label=_("机关"), queryset=Organ.objects.none(), empty_label=None)

    def __init__(self, *args: Any, organs: Sequence[Organ] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not organs:
            del self.fields["organ"]
            return
        field = self.fields["organ"]
        field.queryset = Organ.objects.filter(pk__in=[organ.pk for organ in organs])  # type: ignore[attr-defined]
        field.initial = organs[0]
        if len(organs) == 1:
            field.widget = forms.HiddenInput()


class HandbookForm(OfOrgan):
    """Cover, last page and form of a handbook; its texts are chosen, not written."""

    title = forms.CharField(
        label=_("名称"),
        max_length=60,
        error_messages=NEEDED,
        help_text=_("印在封面和每页页眉，例如“青禾市便民服务手册”。"),
    )
    subtitle = forms.CharField(label=_("副标题"), max_length=100, required=False)
    contact = forms.CharField(
        label=_("咨询方式"),
        max_length=200,
        required=False,
        help_text=_("印在最后一页；机关的地址、办公时间和电话按机构信息自动印上。不要写个人手机号码。"),
    )
    paper = forms.ChoiceField(label=_("纸张"), choices=list(PAPERS.items()), widget=forms.RadioSelect, initial="A5")
    chapters = forms.ChoiceField(
        label=_("分章"), choices=list(CHAPTERS.items()), widget=forms.RadioSelect, initial="hand"
    )


class PrintForm(forms.Form):
    """Copies that were printed and handed out."""

    edition = forms.ModelChoiceField(label=_("版次"), queryset=Edition.objects.none(), empty_label=None)
    copies = forms.IntegerField(
        label=_("册数"), min_value=1, error_messages={"required": _("请填写印了多少册。"), "invalid": _("请填写整数。")}
    )
    place = forms.CharField(
        label=_("发到哪里"),
        max_length=200,
        help_text=_("例如：市政务服务中心大厅、各街道便民服务站。"),
        error_messages=NEEDED,
    )
    on = DayField(label=_("印发日期"), required=True)

    def __init__(self, *args: Any, editions: Sequence[Edition], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["edition"]
        rows = Edition.objects.filter(pk__in=[edition.pk for edition in editions]).order_by("-number")
        field.queryset = rows  # type: ignore[attr-defined]
        field.label_from_instance = _edition_label  # type: ignore[attr-defined]


def _edition_label(edition: Edition) -> str:
    return str(_("第 %(n)d 版，%(pages)d 页") % {"n": edition.number, "pages": edition.pages})


class PrintEndingForm(forms.Form):
    """What was done about printed copies that are out of date."""

    verb = forms.ChoiceField(
        label=_("怎样处理的"),
        choices=list(ENDINGS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择怎样处理的。")},
    )
    reason = forms.CharField(
        label=_("说明"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("收回多少册、怎样销毁、换到第几版。"),
        error_messages={"required": _("请写明怎样处理的。")},
    )
    on = DayField(label=_("办理日期"), required=True)

    def __init__(self, *args: Any, must_come_back: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if must_come_back:
            kept = [(code, word) for code, word in ENDINGS.items() if code != AMENDED]
            self.fields["verb"].choices = kept  # type: ignore[attr-defined]


class ReceiverForm(OfOrgan):
    """An archive, a library or a service hall."""

    kind = forms.ChoiceField(
        label=_("类别"), choices=list(RECEIVERS.items()), widget=forms.RadioSelect, initial="archive"
    )
    name = forms.CharField(label=_("名称"), max_length=120, error_messages=NEEDED, help_text=_("例如：青禾市档案馆。"))
    with_below = forms.BooleanField(
        label=_("下级机关的信息一并移交"), required=False, help_text=_("清单包括本机关和全部下级机关发布的信息。")
    )
    starts_on = DayField(
        label=_("从哪一天发布的开始"), help_text=_("以前的已经另行移交的，填写本系统开始移交的日期；不填则全部移交。")
    )


class HandOverForm(forms.Form):
    """The list was handed over."""

    on = DayField(label=_("移交日期"), required=True)
    receipt_number = forms.CharField(label=_("回执编号"), max_length=60, required=False)
    scan = forms.FileField(
        label=_("签收的扫描件"), required=False, help_text=_("PDF、OFD、JPG 或者 PNG。回执编号和扫描件至少要有一样。")
    )
