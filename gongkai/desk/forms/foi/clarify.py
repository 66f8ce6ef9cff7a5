"""Ask for clarification, give another last day, take what came."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gongkai.desk.forms.foi.step import StepForm, choice, day, line, words
from gongkai.foi.models.cases import DELIVERIES, FORMS


class ClarifyForm(StepForm):
    """What is unclear, all of it, and until when."""

    items = words(
        _("需要补正的事项"),
        hint=_("一次写全：哪里不明确、怎样补充。每项一行。"),
        missing=_("请一次性写明需要补正的事项。"),
        rows=7,
    )
    reply_by = day(_("补正的最后一日"), hint=_("期限由机关定，应当合理；申请人收到以后要来得及准备。"))


class ReplyByForm(StepForm):
    """Another last day."""

    reply_by = day(_("改定的最后一日"))
    reason = words(_("改定的理由"), hint=_("例如申请人说明的情况。"), missing=_("请写明为什么改定补正期限。"), rows=4)


class ClarifiedForm(StepForm):
    """The request as it reads now, and what came with it."""

    on = day(_("收到补正的日期"), hint=_("按实际收到的日期登记；从次日起重新计算 20 个工作日。"))
    name = line(
        _("所需信息的名称"), missing=_("请写明所需政府信息的名称或者特征。"), longest=300,
        hint=_("按补正后的内容填写，原来的文字另行留存。"),
    )  # fmt: skip
    document_number = line(_("文号"))
    features = words(_("其他特征"), rows=4)
    form = choice(_("需要的形式"), list(FORMS.items()), missing=_("请选择需要的形式。"))
    delivery = choice(_("获取方式"), list(DELIVERIES.items()), missing=_("请选择获取方式。"))
    text = words(_("补正时的说明"), hint=_("申请人另外写的话；补正材料在案卷中存入。"), rows=4)
