"""Withdraw for the applicant, close, take up again."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gongkai.desk.forms.foi.step import StepForm, day, words


class WithdrawnForm(StepForm):
    """The applicant's own decision, written down."""

    on = day(_("撤回日期"), hint=_("收到申请人撤回表示的那一天。"))
    text = words(
        _("申请人撤回的表示"), missing=_("请写明申请人怎样表示撤回。"), rows=4,
        hint=_("来信、电话或者当面；书面的在案卷中存入。撤回由申请人自己决定，不能代替其决定。"),
    )  # fmt: skip


class ReopenForm(StepForm):
    """A decision with a reason."""

    reason = words(
        _("申请人的正当理由"), missing=_("恢复办理是一项决定，请写明申请人的正当理由。"), rows=5,
        hint=_("例如住院、不可抗力；有证明的在案卷中存入。"),
    )  # fmt: skip
    reply_by = day(_("补正的新的最后一日"), required=False, hint=_("不填则等待补正，不设最后一日。"))
