"""Forms of the three administrators."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Organ, Section
from gongkai.desk.forms.draft import DayField
from gongkai.disclosure.actions.columns import KINDS as COLUMN_KINDS
from gongkai.law.headings import HEADINGS
from gongkai.law.roles import ROLES

KINDS = [("government", _("人民政府")), ("department", _("部门")), ("township", _("乡镇、街道")), ("other", _("其他"))]
NEEDED = {"required": _("请填写这一项。")}


class OrganForm(forms.Form):
    """What the directory tells of an organ."""

    name = forms.CharField(label=_("名称"), max_length=120, error_messages=NEEDED)
    short_name = forms.CharField(label=_("简称"), max_length=60, required=False)
    kind = forms.ChoiceField(label=_("类型"), choices=KINDS)
    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    hours = forms.CharField(label=_("办公时间"), max_length=120, required=False)
    phone = forms.CharField(label=_("电话"), max_length=60, required=False)
    fax = forms.CharField(label=_("传真"), max_length=60, required=False)
    email = forms.CharField(label=_("电子邮箱"), max_length=120, required=False)
    online = forms.CharField(label=_("网上渠道"), max_length=200, required=False)
    order = forms.IntegerField(label=_("排列次序"), initial=0)


class NewOrganForm(OrganForm):
    """The same with what never changes afterwards."""

    code = forms.CharField(label=_("机构代码"), max_length=40, error_messages=NEEDED, help_text=_("登记后不能改。"))
    org_code = forms.CharField(
        label=_("索引号中的机构部分"),
        max_length=40,
        error_messages=NEEDED,
        help_text=_("登记后不能改，机构改革后仍保留。"),
    )
    parent = forms.ModelChoiceField(
        label=_("上级机关"), queryset=Organ.objects.none(), required=False, empty_label=_("没有上级")
    )

    field_order = ["code", "org_code", "parent"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = Organ.objects.filter(active=True)  # type: ignore[attr-defined]


class SectionForm(forms.Form):
    """A section of an organ."""

    code = forms.CharField(label=_("科室代码"), max_length=60, error_messages=NEEDED)
    name = forms.CharField(label=_("科室名称"), max_length=120, error_messages=NEEDED)
    phone = forms.CharField(label=_("电话"), max_length=60, required=False)


class PersonForm(forms.Form):
    """A new account."""

    staff_number = forms.CharField(label=_("工号"), max_length=40, error_messages=NEEDED)
    name = forms.CharField(label=_("姓名"), max_length=60, error_messages=NEEDED)
    password = forms.CharField(
        label=_("初始密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("至少 10 个字符，请本人首次登录后修改。"),
        error_messages=NEEDED,
    )

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        password_validation.validate_password(password)
        return password


class ResetForm(forms.Form):
    """A new password for somebody."""

    password = forms.CharField(
        label=_("新密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("至少 10 个字符，请本人登录后修改。"),
        error_messages=NEEDED,
    )

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        password_validation.validate_password(password)
        return password


class PostForm(forms.Form):
    """A post from a day on."""

    section = forms.ModelChoiceField(
        label=_("科室"),
        queryset=Section.objects.none(),
        empty_label=_("请选择"),
        error_messages={"required": _("请选择科室。")},
    )
    role = forms.ChoiceField(label=_("岗位"), choices=[(r.code, f"{r.title}：{r.duty}") for r in ROLES])
    starts_on = DayField(label=_("任岗日期"), required=True)
    ends_on = DayField(label=_("离岗日期"), help_text=_("不填则没有期限。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Section.objects.filter(active=True, organ__active=True).select_related("organ")
        self.fields["section"].queryset = rows  # type: ignore[attr-defined]
        self.fields["section"].label_from_instance = lambda s: f"{s.organ.name} {s.name}"  # type: ignore[attr-defined]


class GrantForm(forms.Form):
    """代办: another organ's people for a role, between two days."""

    organ = forms.ModelChoiceField(
        label=_("委托机关"), queryset=Organ.objects.none(), empty_label=_("请选择"), error_messages=NEEDED
    )
    acting_organ = forms.ModelChoiceField(
        label=_("代办机关"), queryset=Organ.objects.none(), empty_label=_("请选择"), error_messages=NEEDED
    )
    role = forms.ChoiceField(label=_("岗位"), choices=[(r.code, r.title) for r in ROLES if r.scope != "all"])
    starts_on = DayField(label=_("开始日期"), required=True)
    ends_on = DayField(label=_("终止日期"), required=True)
    reason = forms.CharField(label=_("理由和依据"), max_length=300, error_messages=NEEDED)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("organ", "acting_organ"):
            self.fields[name].queryset = Organ.objects.filter(active=True)  # type: ignore[attr-defined]


class ColumnForm(forms.Form):
    """What is told about a column; description and keywords become the meta tags of its page."""

    name = forms.CharField(label=_("栏目名称"), max_length=60, error_messages=NEEDED)
    description = forms.CharField(
        label=_("栏目描述"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}), error_messages=NEEDED
    )
    keywords = forms.CharField(label=_("关键词"), max_length=200, error_messages=NEEDED, help_text=_("用空格隔开。"))
    kind = forms.ChoiceField(label=_("栏目类别"), choices=[(kind, kind) for kind in COLUMN_KINDS])
    heading = forms.ChoiceField(
        label=_("公开类别"), required=False, choices=[("", _("不限"))] + [(row.code, row.short) for row in HEADINGS]
    )
    order = forms.IntegerField(label=_("排列次序"), initial=0)


class NewColumnForm(ColumnForm):
    """The same with the part of the address that never changes."""

    slug = forms.SlugField(
        label=_("网址代码"),
        max_length=60,
        help_text=_("小写字母、数字和短横线，设立后不能改。"),
        error_messages=NEEDED | {"invalid": _("只能用字母、数字、下划线和短横线。")},
    )

    field_order = ["slug"]
