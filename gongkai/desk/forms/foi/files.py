"""Files put into the file of a request."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from gongkai.files.refusal import Unreadable
from gongkai.files.sniff import ACCEPTED, sniff
from gongkai.foi.models.cases import FILE_KINDS

#: What staff put in by hand; a stamped letter, evidence for a correction and the dossier come by their own screens.
BY_HAND: Final = ("record", "request", "identity", "clarification", "consultation", "reply", "proof", "other")
MOST: Final = 20  # [I] files at a time


class Files(forms.ClearableFileInput):
    """Several files from one field."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of (bytes, name), each looked at before anything is kept."""

    widget = Files

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("可以选择几个文件，每个不超过 20 MB：%(kinds)s。") % {"kinds": ACCEPTED})
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[tuple[bytes, str]]:
        given: list[UploadedFile] = [file for file in data or [] if file]
        if self.required and not given:
            raise forms.ValidationError(_("请先选择文件。"))
        if len(given) > MOST:
            raise forms.ValidationError(_("一次最多存入 %(n)d 个文件，请分几次。") % {"n": MOST})
        return [self._one(file) for file in given]

    def _one(self, file: UploadedFile) -> tuple[bytes, str]:
        data, name = file.read(), file.name or ""
        try:
            sniff(data, name)
        except Unreadable as refused:
            raise forms.ValidationError(_("%(name)s：%(why)s") % {"name": name, "why": refused}) from None
        return data, name


class AddFilesForm(forms.Form):
    """What kind of paper, and the files."""

    kind = forms.ChoiceField(
        label=_("材料种类"),
        choices=[("", _("请选择")), *((code, FILE_KINDS[code]) for code in BY_HAND)],
        error_messages={"required": _("请选择材料种类。")},
    )
    files = FilesField(label=_("文件"))
