"""Excessive requests: ask for reasons, take them, set a later day."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gongkai.desk.forms.foi.step import StepForm, day, words


class ReasonsForm(StepForm):
    """Which number and frequency are beyond the reasonable."""

    text = words(
        _("数量、频次的情况"), missing=_("请写明数量、频次的情况。"), rows=6,
        hint=_("一定期间内申请了几件、涉及多少页；请申请人说明什么、几日内说明。写进告知书。"),
    )  # fmt: skip


class ReasonsTakenForm(StepForm):
    """What the applicant gave as reasons."""

    on = day(_("收到的日期"))
    text = words(_("申请人说明的理由"), missing=_("请照录申请人说明的理由；没有说明理由的，写明情况。"), rows=6)


class DelayForm(StepForm):
    """A later day."""

    until = day(_("延迟到"), hint=_("应当晚于现在的期限，长短合理；遇休息日顺延到下一个工作日。"))
    reason = words(_("延迟的理由"), hint=_("写进告知书，申请人会看到。"), missing=_("请写明延迟答复的理由。"))
