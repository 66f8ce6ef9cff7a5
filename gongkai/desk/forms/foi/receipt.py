"""Confirm receipt."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gongkai.desk.forms.foi.step import StepForm, day


class ReceiptForm(StepForm):
    """The day both sides confirmed."""

    confirmed_on = day(_("双方确认的日期"), hint=_("与申请人电话、短信或者系统回执确认的那一天；这一天就是收到之日。"))
