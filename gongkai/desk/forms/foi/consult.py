"""Whom to ask, when the letter arrived, what they answered, whether an objection is reasonable."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from gongkai.desk.forms.foi.step import LONGEST, StepForm, choice, day, line, words
from gongkai.foi.actions.consult import Party

MOST = 20  # parties of one form
#: What is chosen → (kind of party, basis), its name, and what silence means.
KINDS: dict[str, tuple[tuple[str, str], Any, Any]] = {
    "third_party": (
        ("third_party", ""),
        _("第三方"),
        _(
            "第三十二条：商业秘密、个人隐私。15 个工作日内不答复的，由机关决定是否公开，不答复不等于同意，也不等于不同意。"
        ),
    ),
    "agency34": (
        ("agency", "34"),
        _("共同制作机关"),
        _("第三十四条：本机关牵头、与其他机关共同制作。15 个工作日内不答复的，视为同意公开。"),
    ),
    "agency11": (
        ("agency", "11"),
        _("需要协商、确认的机关"),
        _("第十一条：公开涉及其他机关。不答复不视为同意，应当继续协商、确认。"),
    ),
}


class PartyForm(forms.Form):
    """One party. Left empty it is nobody."""

    kind = choice(_("征求谁的意见"), [(code, row[1]) for code, row in KINDS.items()], missing=_("请选择征求谁的意见。"))
    name = line(_("名称或者姓名"), missing=_("请写明征求意见的对象。"))
    letter = words(
        _("拟公开的内容和征询的事项"), rows=5, missing=_("请写明拟公开的内容和征询的事项。"),
        hint=_("写明拟公开什么；不写申请人是谁。这段文字写进征询书。"),
    )  # fmt: skip
    received_on = day(
        _("对方收到的日期"), required=False, hint=_("当面送达、已经知道的填写；不知道的，收到回执后登记。")
    )
    body = forms.CharField(
        label=_("征询书正文"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("一行一段。不填则按上面的内容自动写成。"),
    )  # fmt: skip

    @property
    def party(self) -> Party:
        """As the action takes it."""
        values = self.cleaned_data
        kind, basis = KINDS[values["kind"]][0]
        return Party(
            kind, values["name"], values["letter"], basis=basis, received_on=values["received_on"], body=values["body"]
        )

    @property
    def choices(self) -> list[dict[str, Any]]:
        """The kinds with what silence means under each."""
        return [{"value": code, "title": row[1], "hint": row[2]} for code, row in KINDS.items()]


class PartyRows(forms.BaseFormSet):  # type: ignore[type-arg]
    """All parties of a form; at least one has to be there."""

    def clean(self) -> None:
        if not any(self.errors) and not any(form.has_changed() for form in self.forms):
            raise forms.ValidationError(now("请至少写明一个征求意见的对象。"))

    @property
    def parties(self) -> list[Party]:
        return [form.party for form in self.forms if form.has_changed()]


class ConsultForm(StepForm):
    """The parties; and the wording of the notice to the applicant, which is the form's own text."""

    rows: PartyRows

    def __init__(self, data: Any = None, *, wanted: int = 1, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["body"].label = _("给申请人的告知书正文")
        made = forms.formset_factory(
            PartyForm, formset=PartyRows, extra=wanted, max_num=MOST, absolute_max=MOST
        )  # fmt: skip
        self.rows = made(data, prefix="party", form_kwargs={"use_required_attribute": False})

    def is_valid(self) -> bool:
        return super().is_valid() & self.rows.is_valid()

    def leniently(self) -> bool:
        return self.is_valid()

    def given(self) -> dict[str, Any]:
        return {"parties": self.rows.parties if self.is_bound and self.is_valid() else []}


class LetterForm(StepForm):
    """The day the letter arrived."""

    received_on = day(_("对方收到的日期"), hint=_("以送达回证、邮政回执或者签收记录为准；登记后不再更改。"))


POSITIONS = [
    ("agreed", _("同意公开")),
    ("objected", _("不同意公开")),
    ("undelivered", _("征询书无法送达")),
]


class AnswerForm(StepForm):
    """What was answered."""

    position = choice(_("对方的意见"), POSITIONS, missing=_("请选择对方的意见。"))
    on = day(_("收到意见的日期"), hint=_("无法送达的，填退回的日期。从次日起恢复计算答复期限。"))
    text = words(_("对方说明的理由"), hint=_("照录意见中的理由；没有说明理由的不填。原件在案卷中存入。"), rows=5)


#: What is chosen → (reasonable, its words, what follows) (条例32).
EXAMINED: dict[str, tuple[bool, Any, Any]] = {
    "reasonable": (
        True, _("合理，不公开也不会对公共利益造成重大影响"), _("所涉内容不予公开，其余内容区分处理。"),
    ),
    "interest": (
        True, _("合理，但不公开会对公共利益造成重大影响"),
        _("可以公开；决定公开的，将公开的内容和理由书面告知第三方。"),
    ),
    "unreasonable": (False, _("不合理"), _("不能以第三方不同意为由不公开。")),
}  # fmt: skip


class ObjectionForm(StepForm):
    """The agency's own finding, public interest included."""

    found = choice(
        _("第三方的理由是否合理"), [(code, row[1]) for code, row in EXAMINED.items()], missing=_("请选择审查结论。")
    )
    reason = words(
        _("为什么"), rows=6, missing=_("请写明该意见的理由是否合理、为什么。"),
        hint=_("写明公开是否会损害其合法权益，以及对公共利益的影响。"),
    )  # fmt: skip
