"""Sign in and change one's password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Person


class SignInForm(AuthenticationForm):
    """Staff number and password. One answer for either being wrong."""

    error_messages = {
        "invalid_login": _("工号或者密码不正确，请核对后再试。连续输错 5 次，这个账号在这台电脑上暂停登录 15 分钟。"),
        "inactive": _("工号或者密码不正确，请核对后再试。连续输错 5 次，这个账号在这台电脑上暂停登录 15 分钟。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("工号")
        self.fields["username"].error_messages = {"required": _("请填写工号。")}
        self.fields["password"].label = _("密码")
        self.fields["password"].error_messages = {"required": _("请填写密码。")}

    def clean(self) -> dict[str, Any]:
        """As Django's, with the name under the account model's own column too: the count of wrong tries reads it there,
        and would otherwise look for the lock under another name than it was set for."""
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if name is not None and len(name) > Person._meta.get_field("staff_number").max_length:
            raise self.get_invalid_login_error()
        if name is not None and password:
            self.user_cache = authenticate(
                self.request, username=name, password=password, **{Person.USERNAME_FIELD: name}
            )
            if self.user_cache is None:
                raise self.get_invalid_login_error()
            self.confirm_login_allowed(self.user_cache)
        return self.cleaned_data


class PasswordForm(forms.Form):
    """The old password and twice the new one."""

    old = forms.CharField(
        label=_("现在的密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("请填写现在的密码。")},
    )
    new = forms.CharField(
        label=_("新密码"),
        strip=False,
        help_text=_("至少 10 个字符，不能是常见的密码，也不能与姓名、工号相近。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("请填写新密码。")},
    )
    again = forms.CharField(
        label=_("再填一次新密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("请再填一次新密码。")},
    )

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._person = person

    def clean_old(self) -> str:
        old = str(self.cleaned_data["old"])
        if not self._person.check_password(old):
            raise forms.ValidationError(_("现在的密码不正确，请重新填写。"))
        return old

    def clean_new(self) -> str:
        new = str(self.cleaned_data["new"])
        password_validation.validate_password(new, self._person)
        return new

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("new") and values.get("again") and values["new"] != values["again"]:
            self.add_error("again", _("两次填写的新密码不一致，请重新填写。"))
        return values
