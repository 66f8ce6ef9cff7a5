"""Review and litigation: what was filed, how it ended."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gongkai.desk.forms.foi.step import StepForm, choice, day, line, words
from gongkai.foi.models.outcomes import REMEDY_RESULTS

#: Rows of table 4 of the annual report → what a person reads.
KINDS = {
    "review": _("行政复议"),
    "direct": _("行政诉讼，未经复议直接起诉"),
    "after_review": _("行政诉讼，复议后起诉"),
}


class RemedyForm(StepForm):
    """Which way, where, since when."""

    kind = choice(_("种类"), list(KINDS.items()), missing=_("请选择行政复议或者行政诉讼。"))
    body_name = line(
        _("复议机关或者法院"), missing=_("请写明复议机关或者法院的名称。"), longest=120,
        hint=_("部门的答复，复议机关是本级人民政府。"),
    )  # fmt: skip
    docket = line(_("案号"), hint=_("加密保存。"))
    filed_on = day(_("收到通知的日期"), hint=_("收到复议答复通知书、应诉通知书的那一天。"))


class ConcludedForm(StepForm):
    """How it ended."""

    result = choice(_("结果"), list(REMEDY_RESULTS.items()), missing=_("请选择结果。"))
    on = day(_("收到决定或者裁判的日期"))
    redo_by = day(_("重新答复的最后一日"), required=False, hint=_("责令重新答复的填写。"))
    note = words(_("要点"), hint=_("决定或者裁判的要点；原件在案卷中存入。"), rows=4)
