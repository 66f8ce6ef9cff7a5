"""What a request is about, in the words of lists and headings: without the applicant's own data."""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import gettext as _

from gongkai.foi.models import FoiRequest
from gongkai.foi.particulars import Particulars, masked
from gongkai.foi.queries.sealed import particulars, wish

LONGEST: Final = 60
# Telephone, identity and account numbers: seven digits and more, a year or a document number is shorter.
_NUMBER: Final = re.compile(r"\d[\d\s-]{5,}[\dXx]")


def matter(case: FoiRequest, *, longest: int = LONGEST) -> str:
    """“2025年救助资金发放明细”: the name of what is asked for; the applicant's data and long numbers are covered."""
    if case.erased_at is not None:
        return _("个人信息已经清除")
    name = covered(wish(case).name, particulars(case.applicant))
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def title(case: FoiRequest) -> str:
    """申请“2025年救助资金发放明细”"""
    return _("申请“%(matter)s”") % {"matter": matter(case)}


def covered(text: str, told: Particulars) -> str:
    """The text with name, numbers and addresses of the applicant, and every long number, masked."""
    shown = masked(told)
    for field in ("identity_number", "phone", "email", "address", "name"):
        word = getattr(told, field).strip()
        if len(word) > 1:
            text = text.replace(word, getattr(shown, field))
    return _NUMBER.sub(lambda found: f"{found[0][:3]}****", text)
