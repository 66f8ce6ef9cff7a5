"""The clock of a reply to a request for disclosure (条例30–35): `reply_clock(steps, calendar, as_of) -> Clock`."""

from gongkai.law.reply_clock.clock import Clock, Status, Violation
from gongkai.law.reply_clock.engine import reply_clock
from gongkai.law.reply_clock.picture import PicturedDay, picture
from gongkai.law.reply_clock.steps import ClockStep, InputError, parse_date, parse_step, parse_steps

__all__ = [
    "Clock",
    "ClockStep",
    "InputError",
    "PicturedDay",
    "Status",
    "Violation",
    "parse_date",
    "parse_step",
    "parse_steps",
    "picture",
    "reply_clock",
]
