"""What staff write down of a request that came on paper, by fax or by word of mouth."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Organ
from gongkai.desk.forms.draft import DayField
from gongkai.desk.forms.foi.files import FilesField
from gongkai.foi.models.cases import DELIVERIES, FORMS
from gongkai.foi.particulars import COLUMNS, IDENTITY_KINDS, Particulars
from gongkai.foi.wishes import Wish
from gongkai.law.articles import cite
from gongkai.law.reply_clock.steps import CONFIRMED_CHANNELS

MOST_ITEMS: Final = 20  # [I] items of one paper


@dataclass(frozen=True, slots=True)
class Way:
    """How a request came: `channel` is law's word for it, `rule` what makes the day of receipt (条例31)."""

    code: str
    title: Any
    channel: str
    rule: Any


WAYS: Final[tuple[Way, ...]] = (
    Way("in_person", _("当面提交书面申请"), "in_person", _("提交之日为收到申请之日。")),
    Way("oral", _("当面口头提出，由工作人员代填"), "in_person", _("书面形式确有困难的可以口头提出；提出之日为收到申请之日。")),
    Way("registered_mail", _("邮寄，需要签收（挂号信、特快专递）"), "registered_mail", _("签收之日为收到申请之日。")),
    Way(
        "ordinary_mail", _("平常信函等无需签收的邮寄"), "ordinary_mail",
        _("收到当日与申请人确认，双方确认之日为收到申请之日。"),
    ),
    Way("fax", _("传真"), "fax", _("双方确认之日为收到申请之日。")),
    Way("email", _("电子邮件等互联网渠道"), "online", _("双方确认之日为收到申请之日。")),
)  # fmt: skip
RULE: Final = cite("条例31")
_WAYS: Final = {way.code: way for way in WAYS}


class ItemForm(forms.Form):
    """One matter: 一事一申请."""

    name = forms.CharField(
        label=_("信息名称"), max_length=500, error_messages={"required": _("请写明所需政府信息的名称或者特征。")}
    )
    document_number = forms.CharField(label=_("文号"), max_length=100, required=False)
    features = forms.CharField(
        label=_("其他特征"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("便于查询的时间、地点、形式等描述。"),
    )


class Items(forms.BaseFormSet):  # type: ignore[type-arg]
    """At least one; an item left empty is no item."""

    def clean(self) -> None:
        if not any(self.errors) and not self.wishes("electronic", "online"):
            self.forms[0].add_error("name", _("请写明所需政府信息的名称或者特征。"))

    def wishes(self, form: str, delivery: str) -> list[Wish]:
        """What is asked for, in order."""
        return [
            Wish(
                row["name"].strip(), row.get("document_number", "").strip(), row.get("features", "").strip(), form,
                delivery,
            )
            for row in (item.cleaned_data for item in self.forms if item.has_changed())
            if row.get("name", "").strip()
        ]  # fmt: skip


ItemSet = forms.formset_factory(
    ItemForm, formset=Items, extra=0, min_num=1, max_num=MOST_ITEMS, absolute_max=MOST_ITEMS
)


class IntakeForm(forms.Form):
    """How it came, who asks, how to answer; the scans."""

    organ = forms.ModelChoiceField(label=_("收到申请的机关"), queryset=Organ.objects.none(), empty_label=None)
    way = forms.ChoiceField(
        label=_("怎样提出"),
        choices=[(way.code, way.title) for way in WAYS],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择申请怎样提出，收到之日由此确定。")},
    )
    arrived_on = DayField(label=_("到达日期"), required=True, help_text=_("提交、签收、信件送到或者传真到达的日期。"))
    confirmed_on = DayField(
        label=_("双方确认的日期"),
        help_text=_("平常信函、传真、互联网渠道填写。还没有确认的不填，先登记，期限从确认之日起算。"),
    )
    column = forms.ChoiceField(
        label=_("申请人类别"),
        choices=[("", _("请选择")), *COLUMNS.items()],
        help_text=_("年度报告按此统计。"),
        error_messages={"required": _("请选择申请人类别。")},
    )
    name = forms.CharField(
        label=_("姓名或者名称"), max_length=120, error_messages={"required": _("请填写申请人的姓名或者名称。")}
    )
    contact = forms.CharField(label=_("联系人（法人和其他组织）"), max_length=60, required=False)
    identity_kind = forms.ChoiceField(label=_("身份证明"), choices=list(IDENTITY_KINDS.items()), initial="id_card")
    identity_number = forms.CharField(label=_("证件号码"), max_length=60, required=False)
    phone = forms.CharField(label=_("电话"), max_length=40, required=False)
    email = forms.CharField(label=_("电子邮箱"), max_length=120, required=False)
    address = forms.CharField(label=_("地址"), max_length=300, required=False)
    postcode = forms.CharField(label=_("邮政编码"), max_length=20, required=False)
    form = forms.ChoiceField(label=_("提供形式"), choices=list(FORMS.items()), initial="paper")
    delivery = forms.ChoiceField(label=_("获取方式"), choices=list(DELIVERIES.items()), initial="post")
    requests = FilesField(label=_("申请书扫描件"), required=False)
    identities = FilesField(label=_("身份证明扫描件"), required=False)
    submission_key = forms.CharField(max_length=60, widget=forms.HiddenInput)

    def __init__(self, organs: list[Organ], *args: Any, **kwargs: Any) -> None:
        initial = {"submission_key": secrets.token_urlsafe(32), "organ": organs[0]} | kwargs.pop("initial", {})
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["organ"].queryset = Organ.objects.filter(pk__in=[o.pk for o in organs])  # type: ignore[attr-defined]
        if len(organs) == 1:
            self.fields["organ"].widget = forms.HiddenInput()

    def clean_submission_key(self) -> str:
        key = str(self.cleaned_data["submission_key"])
        if len(key) < 22:
            raise forms.ValidationError(_("表单不完整，请重新打开“登记申请”填写。"))
        return key

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.channel() in CONFIRMED_CHANNELS:
            arrived, confirmed = values.get("arrived_on"), values.get("confirmed_on")
            if arrived and confirmed and confirmed < arrived:
                self.add_error("confirmed_on", _("双方确认的日期早于到达日期，请核对。"))
        else:
            values["confirmed_on"] = None
        return values

    def channel(self) -> str:
        """Law's word for how it came; empty while nothing was chosen."""
        code = self.cleaned_data.get("way", "")
        return _WAYS[code].channel if code in _WAYS else ""

    def applicant(self) -> Particulars:
        names = ("name", "identity_kind", "identity_number", "phone", "address", "postcode", "email", "contact")
        told = {name: self.cleaned_data[name].strip() for name in names}
        return Particulars(**told | ({} if told["identity_number"] else {"identity_kind": "none"}))
