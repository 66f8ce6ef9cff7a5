"""The fifteen headings of proactive disclosure (Art. 20) and what Art. 21 adds for cities, counties and townships."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gongkai.law.verdicts import Allowed, Refused, Verdict

AgencyLevel = Literal["national", "province", "city", "county", "township"]
AGENCY_LEVELS: tuple[AgencyLevel, ...] = ("national", "province", "city", "county", "township")


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading. `code` is permanent; `short` is for lists; `name` is the wording of the regulation."""

    code: str
    short: str
    name: str
    article: str

    @property
    def sentence(self) -> str:
        return f"{self.article}：{self.name}"


_ART_20 = "《政府信息公开条例》第二十条第{}项"
_ART_21 = "《政府信息公开条例》第二十一条"

HEADINGS: tuple[Heading, ...] = (
    Heading("20-01", "法规、规章和规范性文件", "行政法规、规章和规范性文件", _ART_20.format("一")),
    Heading(
        "20-02",
        "机关职能、机构设置、负责人",
        "机关职能、机构设置、办公地址、办公时间、联系方式、负责人姓名",
        _ART_20.format("二"),
    ),
    Heading(
        "20-03",
        "规划及相关政策",
        "国民经济和社会发展规划、专项规划、区域规划及相关政策",
        _ART_20.format("三"),
    ),
    Heading("20-04", "统计信息", "国民经济和社会发展统计信息", _ART_20.format("四")),
    Heading(
        "20-05",
        "行政许可和对外管理服务事项",
        "办理行政许可和其他对外管理服务事项的依据、条件、程序以及办理结果",
        _ART_20.format("五"),
    ),
    Heading(
        "20-06",
        "行政处罚、行政强制",
        "实施行政处罚、行政强制的依据、条件、程序以及本行政机关认为具有一定社会影响的行政处罚决定",
        _ART_20.format("六"),
    ),
    Heading("20-07", "财政预算、决算", "财政预算、决算信息", _ART_20.format("七")),
    Heading("20-08", "行政事业性收费", "行政事业性收费项目及其依据、标准", _ART_20.format("八")),
    Heading("20-09", "政府集中采购", "政府集中采购项目的目录、标准及实施情况", _ART_20.format("九")),
    Heading("20-10", "重大建设项目", "重大建设项目的批准和实施情况", _ART_20.format("十")),
    Heading(
        "20-11",
        "教育、医疗、社保、就业政策",
        "扶贫、教育、医疗、社会保障、促进就业等方面的政策、措施及其实施情况",
        _ART_20.format("十一"),
    ),
    Heading("20-12", "突发公共事件应对", "突发公共事件的应急预案、预警信息及应对情况", _ART_20.format("十二")),
    Heading(
        "20-13",
        "环保、卫生、安全、食药监督检查",
        "环境保护、公共卫生、安全生产、食品药品、产品质量的监督检查情况",
        _ART_20.format("十三"),
    ),
    Heading(
        "20-14",
        "公务员招考",
        "公务员招考的职位、名额、报考条件等事项以及录用结果",
        _ART_20.format("十四"),
    ),
    Heading(
        "20-15",
        "法律法规规定的其他信息",
        "法律、法规、规章和国家有关规定规定应当主动公开的其他政府信息",
        _ART_20.format("十五"),
    ),
)

CITY_COUNTY_HEADINGS: tuple[Heading, ...] = (
    Heading("21A-01", "市政建设", "市政建设方面的政府信息", _ART_21),
    Heading("21A-02", "公共服务", "公共服务方面的政府信息", _ART_21),
    Heading("21A-03", "公益事业", "公益事业方面的政府信息", _ART_21),
    Heading("21A-04", "土地征收", "土地征收方面的政府信息", _ART_21),
    Heading("21A-05", "房屋征收", "房屋征收方面的政府信息", _ART_21),
    Heading("21A-06", "治安管理", "治安管理方面的政府信息", _ART_21),
    Heading("21A-07", "社会救助", "社会救助方面的政府信息", _ART_21),
)

TOWNSHIP_HEADINGS: tuple[Heading, ...] = (
    Heading("21B-01", "农业农村政策", "贯彻落实农业农村政策方面的政府信息", _ART_21),
    Heading("21B-02", "农田水利", "农田水利工程建设运营方面的政府信息", _ART_21),
    Heading("21B-03", "承包地流转", "农村土地承包经营权流转方面的政府信息", _ART_21),
    Heading("21B-04", "宅基地", "宅基地使用情况审核方面的政府信息", _ART_21),
    Heading("21B-05", "土地征收", "土地征收方面的政府信息", _ART_21),
    Heading("21B-06", "房屋征收", "房屋征收方面的政府信息", _ART_21),
    Heading("21B-07", "筹资筹劳", "筹资筹劳方面的政府信息", _ART_21),
    Heading("21B-08", "社会救助", "社会救助方面的政府信息", _ART_21),
)

_ADDITIONS: dict[AgencyLevel, tuple[Heading, ...]] = {
    "national": (),
    "province": (),
    "city": CITY_COUNTY_HEADINGS,
    "county": CITY_COUNTY_HEADINGS,
    "township": TOWNSHIP_HEADINGS,
}

_BY_CODE = {row.code: row for row in (*HEADINGS, *CITY_COUNTY_HEADINGS, *TOWNSHIP_HEADINGS)}


def heading(code: str) -> Heading:
    """The heading with this permanent code. Raises LookupError for a code that was never given out.

    依据：条例20；条例21
    """
    try:
        return _BY_CODE[code]
    except KeyError:
        raise LookupError(f"没有代码为“{code}”的公开类别，请从公开目录的类别表中选择。") from None


def headings_for(level: AgencyLevel) -> tuple[Heading, ...]:
    """All headings an organ of this level answers for: the fifteen, then its additions. Raises LookupError.

    依据：条例20；条例21
    """
    if level not in _ADDITIONS:
        raise LookupError(f"没有“{level}”这一机关层级，请从国家、省、设区的市、县、乡镇中选择。")
    return HEADINGS + _ADDITIONS[level]


def must_be_proactive(*, public_interest: bool, wide_knowledge: bool, public_participation: bool) -> Verdict:
    """Whether information has to be disclosed proactively by the test of Art. 19: any one of the three is enough.

    依据：条例19
    """
    if public_interest or wide_knowledge or public_participation:
        return Allowed()
    return Refused(
        "not_proactive",
        "不涉及公众利益调整，不需要公众广泛知晓，也不需要公众参与决策，不属于应当主动公开的范围，可以列为依申请公开。",
        "《政府信息公开条例》第十九条",
    )
