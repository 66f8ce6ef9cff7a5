"""What an applicant types at the tracking pages."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from gongkai.files.sniff import LIMIT
from gongkai.foi.models.care import GRADES
from gongkai.foi.queries.tracking import code_letters
from gongkai.foi.vault import CODE_LETTERS
from gongkai.foi.wishes import Wish

MOST_FILES = 5  # [I] files with one answer
LONGEST_TEXT = 4000  # [I] characters of one answer
LIMIT_MB = LIMIT // 1024**2


def _required(sentence: Any) -> dict[str, Any]:
    return {"required": sentence}


class LoginForm(forms.Form):
    """Query code and second fact. Whether they belong together is not said here."""

    code = forms.CharField(
        label=_("查询码"),
        max_length=60,
        help_text=_("登记回执上的 20 位字母和数字。大小写、空格和横线都不影响。"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "inputmode": "text"}
        ),
        error_messages=_required(_("请填写查询码，在登记回执上。")),
    )
    fact = forms.CharField(
        label=_("核对信息"),
        max_length=120,
        help_text=_("申请人的姓名或者单位名称；也可以填写联系电话或者证件号码的后四位。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages=_required(_("请填写核对信息：姓名，或者联系电话、证件号码的后四位。")),
    )

    def clean_code(self) -> str:
        code = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        typed = code_letters(code)
        if typed != CODE_LETTERS:
            raise forms.ValidationError(
                _("查询码应为 %(whole)s 位，您填了 %(typed)s 位。") % {"whole": CODE_LETTERS, "typed": typed}
            )
        return code


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; none is an empty list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = [data] if isinstance(data, UploadedFile) else list(data or [])
        if len(given) > MOST_FILES:
            raise forms.ValidationError(_("一次最多添加 %(n)s 个文件。") % {"n": MOST_FILES})
        for file in given:
            if (file.size or 0) > LIMIT:
                raise forms.ValidationError(_("文件超过 %(mb)s MB，请拆分或者改为 PDF。") % {"mb": LIMIT_MB})
        return [super(FilesField, self).clean(file, initial) for file in given]


def _text(label: Any, missing: Any, *, rows: int = 5, required: bool = True, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST_TEXT,
        required=required,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows, "data-keep": ""}),
        error_messages=_required(missing)
        | {"max_length": _("写得太长，最多 %(limit_value)d 个字；更多的内容请作为文件添加。")},
    )


def files_field() -> FilesField:
    return FilesField(
        label=_("添加材料"),
        required=False,
        help_text=_("照片、PDF 或者 Word，每个不超过 %(mb)s MB，最多 %(n)s 个。") % {"mb": LIMIT_MB, "n": MOST_FILES},
        error_messages={"empty": _("文件是空的，请重新选择。")},
    )


class ClarifyForm(forms.Form):
    """The request as it should read now, and what else the agency asked."""

    text = _text(_("逐项回答"), _("请回答机关告知的补正事项；不清楚的可以写“不清楚”。"), rows=6)
    name = forms.CharField(
        label=_("所需信息的名称"),
        max_length=500,
        help_text=_("照您现在的需要修改；不用改的保持原样。"),
        widget=forms.Textarea(attrs={"rows": 2, "data-keep": ""}),
        error_messages=_required(_("请写明所需信息的名称或者特征。")),
    )
    document_number = forms.CharField(label=_("文号"), max_length=120, required=False)
    features = forms.CharField(
        label=_("其他特征"),
        max_length=2000,
        required=False,
        help_text=_("例如时间、地点、项目、当事人，便于机关查找。"),
        widget=forms.Textarea(attrs={"rows": 3, "data-keep": ""}),
    )
    files = files_field()

    def wish_after(self, before: Wish) -> Wish | None:
        """The request as it reads now; None when nothing in its description was changed."""
        after = Wish(
            self.cleaned_data["name"].strip(), self.cleaned_data["document_number"].strip(),
            self.cleaned_data["features"].strip(), before.form, before.delivery,
        )  # fmt: skip
        return None if after == before else after


class WithdrawForm(forms.Form):
    """Nothing has to be said."""

    text = _text(_("原因"), "", rows=3, required=False)


class ReasonsForm(forms.Form):
    text = _text(_("申请的理由"), _("请说明提出这些申请的理由。"))


class RateForm(forms.Form):
    grade = forms.TypedChoiceField(
        label=_("您对这次办理满意吗"),
        choices=[(grade, GRADES[grade]) for grade in sorted(GRADES, reverse=True)],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages=_required(_("请选择满意程度。")) | {"invalid_choice": _("请选择满意程度。")},
    )
    text = _text(_("意见和建议"), "", rows=4, required=False)


class ComplaintForm(forms.Form):
    text = _text(
        _("投诉的事项"), _("请写明投诉的事项。"), hint=_("例如没有按期答复、答复与申请不符。写明哪一天、什么事。")
    )


class CorrectionForm(forms.Form):
    what = _text(_("哪项记录不准确，应当怎样更正"), _("请写明哪项记录不准确、应当怎样更正。"))
    evidence = forms.FileField(
        label=_("证据"),
        required=False,
        help_text=_("照片、PDF 或者 Word，不超过 %(mb)s MB。") % {"mb": LIMIT_MB},
        error_messages={"empty": _("文件是空的，请重新选择。")},
    )

    def clean_evidence(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["evidence"]
        if file is not None and (file.size or 0) > LIMIT:
            raise forms.ValidationError(_("文件超过 %(mb)s MB，请拆分或者改为 PDF。") % {"mb": LIMIT_MB})
        return file
