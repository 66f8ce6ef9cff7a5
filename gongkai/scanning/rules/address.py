"""Addresses of people below street level: building, unit, room; house in a village group; house number of a home."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gongkai.scanning.rules import tables
from gongkai.scanning.rules.findings import Place, Rule, Span
from gongkai.scanning.rules.prepared import Prepared

_BUILDING = ("号楼", "栋", "幢", "单元", "室", "座")
_HOME = ("住址", "家住", "居住地", "户籍地", "现住", "家庭地址", "常住地", "住于", "住在", "户口所在地", "居住在")
TRIGGERS = (*_BUILDING, *_HOME, *tables.TRIGGERS)

_N = "[0-9０-９A-Za-z一二三四五六七八九十百]"
_STREET = (
    "路|街|巷|弄|大道|胡同|社区|小区|花园|花苑|苑|公寓|家园|新村|村|庄园|华庭|名城|新城|里|坊|湾|府|园|庭|城|居|大院|"
    "宿舍|大厦"
)
# Characters that stand in prose before an address, not in its names.
_PROSE = "的在于到对将把是住为我您你们日月就从向请求反映投诉位由至经和与及或即现"
_HAN = rf"(?:(?![{_PROSE}])[\u4e00-\u9fff])"
_PLACE = rf"{_HAN}{{1,20}}?(?:{_STREET})"
_STEP = (
    rf"[,，\s]?[第附]?{_N}{{1,5}}(?:[-－—]{_N}{{1,4}}){{0,2}}\s?"
    "(?:号楼|号院|号|栋|幢|座|单元|室|户|弄|支弄|排|组|层|楼)"
)
_DETAILED = re.compile(
    rf"{_PLACE}(?:[东西南北中]?[一二三四五六七八九十]?[区期段])?(?:{_STEP}){{1,6}}(?:[-－—]?[0-9０-９]{{3,4}}室?)?"
)
# A building alone is no home: a unit, a room, or a building after a house number is asked for.
_ROOM = re.compile(
    rf"{_N}\s?(?:单元|室)|{_N}号(?:院)?[,，\s]?{_N}{{1,4}}\s?(?:号楼|栋|幢|座)"
    rf"|(?:号楼|栋|幢|座)[-－—]?(?:{_N}{{1,3}}-)?[0-9０-９]{{3,4}}"
)
_NUMBERED = re.compile(rf"{_N}\s?\Z")
_VILLAGE = re.compile(rf"[组队社屯庄]{_N}{{1,4}}号")
_VILLAGE_PLACE = re.compile(
    rf"[\u4e00-\u9fff]{{1,12}}村(?:第?{_N}{{1,3}}|[\u4e00-\u9fff]{{1,4}})(?:村民小组|组|队|社|屯|庄){_N}{{1,4}}号"
)
_HOME_NUMBER = re.compile(rf"{_PLACE}(?:{_N}{{1,4}}(?:组|队|社|屯))?{_N}{{1,5}}号")
_OFFICE = re.compile(
    r"办公|地\s*址|地点|窗口|邮\s*编|大厅|会议室|科室|[局厅委办处所院校馆]\S{0,6}\Z|公司|中心|报名|受理|咨询|机关|单位|办事|通讯|"
    r"邮寄|寄送|递交"
)
_PERSONAL = re.compile(r"住址|家住|居住|户籍|现住|家庭|常住|住于|住在|户口|住户|业主|身份证|申请人|户主|患者|病例")
_AROUND = 40


def _masked(address: str) -> str:
    """Keep down to town or street office [M]; where neither is named, down to the name of the road or village."""
    office = max(address.rfind(word) + len(word) if word in address else 0 for word in ("街道", "镇", "乡"))
    if office:
        return address[:office] + "***"
    road = re.match(_PLACE, address)
    return (road.group() if road else address[:2]) + "***"


_LEADING = re.compile(rf"(?:{'|'.join(_HOME)}|地址|[址为在于是：:])+")


def _place(text: str, start: int, end: int) -> Place:
    """The address itself, without the words that lead to it."""
    if leading := _LEADING.match(text, start, end):
        start = leading.end()
    return Place(start, end, _masked(text[start:end]))


def _buildings(prepared: Prepared) -> Iterator[Place]:
    """A road, estate or village followed by house, building, unit or room numbers; at least one below the house."""
    reached = 0
    for start, end in prepared.places(_BUILDING):
        if start < reached or not _NUMBERED.search(prepared.before(start, 2)):
            continue
        base = max(0, reached, start - _AROUND)
        for match in _DETAILED.finditer(prepared.text, base, end + 16):
            if _ROOM.search(match.group()):
                reached = max(reached, match.end())
                yield _place(prepared.text, *match.span())


def _villages(prepared: Prepared) -> Iterator[Place]:
    for hit in _VILLAGE.finditer(prepared.text):
        for match in _VILLAGE_PLACE.finditer(prepared.text, max(0, hit.start() - 24), hit.end()):
            yield _place(prepared.text, *match.span())


def _homes(prepared: Prepared) -> Iterator[Place]:
    """A house number alone is enough where a word says that someone lives there."""
    for _, end in prepared.places(_HOME):
        if match := _HOME_NUMBER.search(prepared.text, end, end + 48):
            yield _place(prepared.text, *match.span())


_BELOW_STREET = re.compile(rf"{_N}\s?(?:号|栋|幢|座|单元|室|户|弄|排|层|楼)|[0-9０-９]{{1,4}}[-－—][0-9０-９]{{1,4}}")


def _columns(prepared: Prepared) -> Iterator[Place]:
    """Cells under a head such as 家庭住址 that go below the street."""
    for start, end, cell in prepared.below("address"):
        if _BELOW_STREET.search(cell):
            yield Place(start, end, _masked(cell))


def _find_address(prepared: Prepared) -> Iterable[Span]:
    found = [*_columns(prepared), *_buildings(prepared), *_villages(prepared), *_homes(prepared)]
    office: list[Place] = []
    reached = 0
    for place in sorted(found, key=lambda each: (each.start, -each.end)):
        if place.start < reached:
            continue
        reached = place.end
        before = prepared.before(place.start, _AROUND // 2)
        if _OFFICE.search(before) and not _PERSONAL.search(before):
            office.append(place)
        else:
            yield Span(*place)
    yield from Span.collapsed(office, "note")


ADDRESS = Rule(
    code="home_address",
    family="address",
    severity="confirm",
    title="街道以下的详细地址",
    article="《个人信息保护法》第二十五条",
    sentence="个人住址只宜公开到乡镇、街道。请删去门牌、楼栋、房号；属于单位办公地址的，说明理由后保留。",
    find=_find_address,
    triggers=TRIGGERS,
)
