"""The form behind the reply clock: the receipt, any number of events, the day to look from; all of it in the address.

An address holds `on`, `channel`, `confirmed_on`, `as_of` and, for the n-th event, `stepN`, `onN` and what else its
kind carries. Parties are named 甲, 乙 …, never by their names, so that no personal data stands in an address.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.law.reply_clock import Clock, ClockStep, InputError, parse_date, reply_clock
from gongkai.law.reply_clock.steps import CONFIRMED_CHANNELS, KINDS, check_shape
from gongkai.law.workdays import CalendarError, WorkCalendar
from gongkai.portal.views.calculator_events import ADDABLE, FIELDS, MOST_EVENTS, PARTIES, event_numbers

APPROVER = "政府信息公开工作机构负责人"  # 条例33.2
_LOOSE_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")

CHANNELS = [
    ("in_person", gettext_lazy("当面提交（提交之日）")),
    ("registered_mail", gettext_lazy("挂号信、EMS 等需要签收的邮寄（签收之日）")),
    ("ordinary_mail", gettext_lazy("平常信函等不需要签收的邮寄（双方确认之日）")),
    ("online", gettext_lazy("互联网渠道（双方确认之日）")),
    ("fax", gettext_lazy("传真（双方确认之日）")),
]
REPLIED_BY = [
    ("in_person", gettext_lazy("当面送达，申请人签收之日")),
    ("post", gettext_lazy("邮寄，交邮政企业之日")),
    ("online", gettext_lazy("网络发送，发出之日")),
    ("courier", gettext_lazy("交快递公司寄出")),
]
BASES = [
    ("34", gettext_lazy("共同制作该信息的机关（第三十四条）")),
    ("11", gettext_lazy("其他有关机关（第十一条）")),
]

CHOOSE = {
    "required": gettext_lazy("请选择一项。"),
    "invalid_choice": gettext_lazy("没有“%(value)s”这一项，请从列出的里面选。"),
}


class DayField(forms.CharField):
    """A date typed in any usual way; what is wrong with it is said by law and the typed text stays."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input--day"})
        required = gettext_lazy("请填写日期，例如 2026-09-08。")
        super().__init__(widget=widget, error_messages={"required": required}, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_date(iso(text), _("日期"))
        except InputError as error:
            raise forms.ValidationError(error.sentence) from error


class DaysField(forms.IntegerField):
    """A number of days typed as digits; what is not a number says so. Which numbers are lawful is law's matter."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {
            "required": gettext_lazy("请填写天数，例如 20。"),
            "invalid": gettext_lazy("请填写整数，例如 20。"),
            "max_value": gettext_lazy("最多 %(limit_value)s，请核对是否写错。"),
        }
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input--day"})
        super().__init__(max_value=9999, widget=widget, error_messages=messages, **kwargs)


def iso(text: str) -> str:
    """２０２６年９月８日, 2026/9/8, 20260908 → 2026-09-08; anything else unchanged."""
    folded = unicodedata.normalize("NFKC", text).replace(" ", "")
    match = _LOOSE_DATE.fullmatch(folded)
    if match is None:
        return folded
    year, month, day = (part for part in match.groups() if part is not None)
    return f"{year}-{int(month):02}-{int(day):02}"


class DueForm(forms.Form):
    """Bound to an address. After `is_valid()`, `clock(calendar)` computes, or adds law's own error to the field."""

    on = DayField(
        label=gettext_lazy("申请到达的日期"), help_text=gettext_lazy("例如 2026-09-08。当面提交、签收的，就是那一天。")
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("申请怎样到达（第三十一条）"),
        choices=CHANNELS,
        widget=forms.RadioSelect,
        initial="online",
        error_messages=CHOOSE,
    )
    confirmed_on = DayField(
        label=gettext_lazy("双方确认的日期"),
        required=False,
        help_text=gettext_lazy("平常信函、互联网、传真要填。在本平台提交的，登记回执就是确认，填提交当日。"),
    )
    as_of = DayField(
        label=gettext_lazy("截至哪一天"), required=False, help_text=gettext_lazy("站在哪一天看。不填就是今天。")
    )

    def __init__(self, data: QueryDict | None, *, today: date) -> None:
        super().__init__(data, initial={"as_of": today.isoformat()})
        self.today = today
        query = data or {}
        numbers = event_numbers(query)
        self.too_many = len(numbers) > MOST_EVENTS
        self.unknown = any(query[f"step{n}"] not in ADDABLE for n in numbers)
        self.events = {n: str(query[f"step{n}"]) for n in numbers[:MOST_EVENTS] if query[f"step{n}"] in ADDABLE}
        for number, kind in self.events.items():
            for name, field in event_fields(kind).items():
                self.fields[f"{name}{number}"] = field

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """One block an event: its number, title, kind and bound fields."""
        return [
            {
                "number": number,
                "position": position,
                "kind": kind,
                "title": KINDS[kind].name,
                "fields": [self[f"{name}{number}"] for name in event_fields(kind)],
            }
            for position, (number, kind) in enumerate(self.events.items(), start=1)
        ]

    @property
    def full(self) -> bool:
        """Nothing more can be added."""
        return len(self.events) >= MOST_EVENTS

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("on", "channel", "confirmed_on")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.unknown:
            self.add_error(None, _("地址里有不认识的事项，已经略去；请用下面的按钮添加。"))
        if self.too_many:
            self.add_error(None, _("最多可以添加 %(most)s 件事，多余的已经略去。") % {"most": MOST_EVENTS})
        if data.get("channel") in CONFIRMED_CHANNELS and "confirmed_on" in data and data["confirmed_on"] is None:
            self.add_error("confirmed_on", _("这种方式以双方确认之日为收到之日，请填写双方确认的日期。"))
        if not self.errors:
            for number in (None, *self.events):
                self._check_shape(number)
        return data

    def _check_shape(self, number: int | None) -> None:
        step = self._step(number)
        try:
            check_shape(step)
        except InputError as error:
            self.add_error(_FAULTY.get(error.code, "on") + ("" if number is None else str(number)), error.sentence)

    def _step(self, number: int | None) -> ClockStep:
        """The receipt (None) or the event with this number, as law takes it."""
        data = self.cleaned_data
        if number is None:
            confirmed = data["confirmed_on"] if data["channel"] in CONFIRMED_CHANNELS else None
            return ClockStep("received", data["on"], channel=data["channel"], confirmed_on=confirmed)
        kind = self.events[number]
        values = {name: data[f"{name}{number}"] for name in event_fields(kind)}
        if "approved_by" in values:
            values["approved_by"] = APPROVER if values["approved_by"] else None
        return ClockStep(kind, **values)

    @property
    def steps(self) -> list[ClockStep]:
        """The events as law takes them, in the order of the page."""
        return [self._step(number) for number in self.events]

    def as_typed(self) -> None:
        """Show what is typed so far without judging it: an event was just added."""
        self._errors = forms.utils.ErrorDict()

    @property
    def looked_on(self) -> date:
        return self.cleaned_data["as_of"] or self.today

    @property
    def later(self) -> int:
        """How many events lie after the day looked from, and so are not counted yet."""
        return sum(self.cleaned_data[f"on{number}"] > self.looked_on for number in self.events)

    def clock(self, calendar: WorkCalendar) -> Clock | None:
        """The clock, or None with the reason added to the field it belongs to."""
        receipt = self._step(None)
        numbers = sorted(self.events, key=lambda number: self.cleaned_data[f"on{number}"])
        steps = [self._step(number) for number in numbers]
        try:
            calendar.is_workday(self.looked_on)
        except CalendarError as error:
            self.add_error("as_of", error.sentence)
            return None
        try:
            return reply_clock([receipt, *steps], calendar, self.looked_on)
        except (InputError, CalendarError) as error:
            self.add_error(self._culprit(receipt, steps, numbers, calendar), error.sentence)
            return None

    def _culprit(self, receipt: ClockStep, steps: list[ClockStep], numbers: list[int], calendar: WorkCalendar) -> str:
        """The date field of the first event with which the computing fails; without any, the receipt's."""
        for length in range(len(steps) + 1):
            try:
                reply_clock([receipt, *steps[:length]], calendar, self.looked_on)
            except (InputError, CalendarError) as error:
                if length:
                    return f"on{numbers[length - 1]}"
                return "as_of" if getattr(error, "code", "") == "not_yet_received" else "on"
        raise RuntimeError("the whole failed, so a part of it must fail")


# Where a fault of shape belongs; elsewhere it belongs to the day of the step.
_FAULTY = {
    "unconfirmed": "confirmed_on",
    "confirmed_before_arrival": "confirmed_on",
    "reply_by_passed": "reply_by",
    "received_before_sent": "received_on",
    "extension_too_short": "working_days",
}


def event_fields(kind: str) -> dict[str, forms.Field]:
    """The form fields of a kind of step, from what law says it carries; `position` does not move the clock."""
    row = KINDS[kind]
    names = ("on", *row.required, *row.optional)
    fields: dict[str, forms.Field] = {}
    for name in (name for name in FIELDS if name in names):
        match name:
            case "on":
                fields[name] = DayField(label=_("“%(event)s”的日期") % {"event": row.name})
            case "received_on":
                fields[name] = DayField(label=_("对方收到的日期"), required=False, help_text=_("不填按发出当日。"))
            case "reply_by":
                fields[name] = DayField(label=_("最迟哪一天补正"))
            case "until":
                fields[name] = DayField(label=_("延迟到哪一天"))
            case "party":
                choices = [(name, name) for name in PARTIES]
                help_text = _("用代号，不用写名称。前后用同一个代号。")
                fields[name] = forms.ChoiceField(
                    label=_("对象的代号"), choices=choices, help_text=help_text, error_messages=CHOOSE
                )
            case "basis":
                fields[name] = forms.ChoiceField(label=_("对方是"), choices=BASES, error_messages=CHOOSE)
            case "working_days":
                fields[name] = DaysField(label=_("延长多少个工作日"))
            case "approved_by":
                fields[name] = forms.BooleanField(label=_("经公开工作机构负责人同意"), required=False)
            case "by":
                fields[name] = forms.ChoiceField(label=_("怎样送达"), choices=REPLIED_BY, error_messages=CHOOSE)
            case _:
                raise ValueError(f"no form field for {name}")
    return fields
