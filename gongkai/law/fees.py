"""The information processing fee: by piece or by page, never both; marginal tiers. A proposal, never a charge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from gongkai.law.verdicts import Allowed, Refused, Verdict

Method = Literal["piece", "page"]
METHODS: tuple[Method, ...] = ("piece", "page")

FREE_PIECES = 10
FREE_PAGES = 30
MOST_PIECES = 10_000  # beyond this a typing error is likelier than a request
MOST_PAGES = 1_000_000
PAYMENT_DAYS = 30  # [M] calendar days from the day after receipt of the notice

_ARTICLE = "《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）"


class FeeError(ValueError):
    """A question that has no answer; `code` is permanent, `sentence` says what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One tier that was touched: the `first` to `last` piece or page, each at `rate` yuan."""

    first: int
    last: int
    rate: int
    sentence: str

    @property
    def units(self) -> int:
        return self.last - self.first + 1

    @property
    def yuan(self) -> int:
        return self.units * self.rate


@dataclass(frozen=True, slots=True)
class FeeProposal:
    """What may be charged, in yuan, tier by tier. Somebody still has to decide whether to charge at all."""

    method: Method
    lines: tuple[FeeLine, ...]

    @property
    def yuan(self) -> int:
        return sum(line.yuan for line in self.lines)

    @property
    def sentence(self) -> str:
        if self.yuan == 0:
            return "没有超过免费的数量，不收取信息处理费。"
        return f"可以收取信息处理费{self.yuan:,}元；是否收取由机关决定，收取的应当发收费通知。"


def piece_rate(k: int) -> int:
    """Yuan for the k-th piece of one applicant in a natural month: 10 free, to 30 at 100, then +100 every ten.

    依据：109号；条例42
    """
    if k < 1:
        raise FeeError("not_positive", f"件数从第1件起算，现在写的是第{k}件。")
    if k <= FREE_PIECES:
        return 0
    return 100 if k <= 30 else 100 * (1 + -(-(k - 30) // 10))


def page_rate(k: int) -> int:
    """Yuan for the k-th page of one request: 30 free, to 100 at 10, to 200 at 20, then 40.

    依据：109号；条例42
    """
    if k < 1:
        raise FeeError("not_positive", f"页数从第1页起算，现在写的是第{k}页。")
    if k <= FREE_PAGES:
        return 0
    if k <= 100:
        return 10
    return 20 if k <= 200 else 40


def fee_by_piece(already: int, pieces: int) -> FeeProposal:
    """The fee for `pieces` further pieces after `already` in the same natural month; only the further ones are billed.

    依据：109号；条例42
    """
    _whole(already, "本月已有的件数", MOST_PIECES)
    _whole(pieces, "件数", MOST_PIECES)
    return FeeProposal("piece", tuple(_lines(already + 1, already + pieces, _piece_bounds(already + pieces), "件")))


def fee_by_page(pages: int) -> FeeProposal:
    """The fee for the pages of one request; pages are not added up over requests.

    依据：109号；条例42
    """
    _whole(pages, "页数", MOST_PAGES)
    bounds = ((FREE_PAGES, 0), (100, 10), (200, 20), (MOST_PAGES, 40))
    return FeeProposal("page", tuple(_lines(1, pages, bounds, "页")))


def _piece_bounds(last: int) -> Iterator[tuple[int, int]]:
    yield FREE_PIECES, 0
    yield 30, 100
    for bound in range(40, last + 10, 10):
        yield bound, piece_rate(bound)


def _lines(first: int, last: int, bounds: Iterable[tuple[int, int]], unit: str) -> Iterator[FeeLine]:
    low = first
    for bound, rate in bounds:
        high = min(bound, last)
        if high >= low:
            count = high - low + 1
            span = f"第{low}{unit}" if count == 1 else f"第{low}至{high}{unit}"
            sum_up = "不收费" if rate == 0 else f"每{unit}{rate}元，{count}{unit}共{count * rate:,}元"
            yield FeeLine(low, high, rate, f"{span}：{sum_up}。")
            low = high + 1


def _whole(value: int, what: str, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise FeeError("not_a_number", f"{what}应当是整数，请填写数字。")
    if value < 0:
        raise FeeError("negative", f"{what}不能是负数，现在写的是{value}，请核对。")
    if value > most:
        raise FeeError("too_many", f"{what}写的是{value}，超过{most:,}，请核对是否写错。")


def already_in_month(earlier: Iterable[date], on: date) -> int:
    """How many pieces of the same applicant fall in the natural month of `on`; the window starts anew each month.

    依据：109号
    """
    return sum(1 for day in earlier if (day.year, day.month) == (on.year, on.month))


def check_charge(
    method: Method, *, excessive: bool, other_method_used: bool = False, only_told_where: bool = False
) -> Verdict:
    """Whether a fee may be proposed at all: excessive in number or frequency, one method only, paper or copies given.

    `other_method_used`: the same request has been billed the other way. `only_told_where`: the reply only names where
    public information is to be found, so there are no pages to bill. Raises LookupError for an unknown method.

    依据：条例42；109号
    """
    if method not in METHODS:
        raise LookupError(f"没有“{method}”这种计收办法，请从按件、按量中选择。")
    if not excessive:
        return Refused(
            "not_excessive",
            "申请的数量、频次没有明显超过合理范围，不能收取信息处理费。",
            "《政府信息公开条例》第四十二条第一款",
        )
    if other_method_used:
        return Refused("both_methods", "同一申请只能按件或者按量计收，不能并用。", _ARTICLE)
    if method == "page" and only_told_where:
        return Refused("only_told_where", "信息已经主动公开、只告知获取途径的，不按量计收。", _ARTICLE)
    return Allowed()
