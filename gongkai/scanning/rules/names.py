"""Names of persons: all of a roll or a 姓名 column as one finding; names beside a label in running text as one note."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gongkai.scanning.rules import tables
from gongkai.scanning.rules.findings import Place, Rule, Span
from gongkai.scanning.rules.people import LISTS_PEOPLE, cell_names, initial, is_word, looks_like_a_name, names_in
from gongkai.scanning.rules.prepared import Prepared
from gongkai.scanning.rules.sensitive import heading_of_list

FEWEST = 3  # names from which on a text counts as a roll [I]

# ---- rolls ---------------------------------------------------------------------------------------------------------

_ROLL_WORDS = (
    "名单", "名册", "花名册", "人员如下", "同志如下", "对象如下", "学生如下", "人员公示", "人员明细", "人员汇总", "对象公示", "对象明细",
    "对象汇总", "一览表", "明细表", "登记表", "汇总表", "公示表", "发放表", "统计表", "以下人员", "下列人员", "以下同志", "下列同志", "拟录用", "拟聘用",
    "拟任", "获奖", "公示",
)  # fmt: skip
_REACH = 3_000  # characters after such a word in which an enumeration belongs to it
_HAN = r"[\u4e00-\u9fff]"
_PIECE = rf"(?:{_HAN}{{2,4}}|{_HAN} {{1,2}}{_HAN}|{_HAN}\u3000{{1,2}}{_HAN}|{_HAN}{{1,7}}[·•・]{_HAN}{{1,7}})"
_NOTED = r"(?:[(（][^()（）\n]{1,12}[)）])?"
_ITEM = rf"{_PIECE}{_NOTED}(?:[和及]{_PIECE}{_NOTED})?"
_ENUMERATION = re.compile(rf"(?<!{_HAN}){_ITEM}(?:(?:[、，,;；|\t]\s?|\s{{1,4}}){_ITEM}){{1,}}(?!{_HAN})")
_ONE = re.compile(
    rf"(?<!{_HAN})(?!(?<=[)）])[和及])(?:{_PIECE}(?!{_HAN})|{_PIECE}(?=[和及]{_PIECE}(?!{_HAN})))"
    rf"|(?<=[和及]){_PIECE}(?!{_HAN})"
)
#: [I] Of a run of short words so many must look like names, for all to be taken as names.
_SHARE = 0.5

_NO_NAME = re.compile(
    r"特此.*|.*公[示告]|合\s*计|小\s*计|总\s*计|同上|以下|空白|备注|签[字名章]|姓\s*名|不详|无名|未知|保密|匿名|性别|单位|联系|经办|审核|制表|"
    r".*(?:公司|中心|委会|大队|街道|社区|小区|机关|学校|医院|乡镇|合作社|有限|支部|书记|主任|局|镇|乡|县|市|省|区|州|旗|村|组|所|站|厂|院|校|处|科|号|元|级)"
)
_CELL = re.compile(
    rf"{_PIECE}{_NOTED}|{_HAN}{{2,12}}[·•・]{_HAN}{{1,12}}|[A-Z][A-Za-z.'-]+(?: [A-Z][A-Za-z.'-]+){{1,4}}"
)
_PARTS = re.compile(r"[^、，,;；/|\n]+")
_TAIL = re.compile(r"\s*[(（][^()（）\n]{1,12}[)）]\Z")


def _bare(name: str) -> str:
    return re.sub(r"[\s·•・]", "", name)


def _column_names(prepared: Prepared) -> Iterator[tuple[int, int]]:
    """Whatever stands below 姓名 and has the form of a name, unusual surnames and several in one cell too."""
    for start, _, cell in prepared.below("name"):
        for part in _PARTS.finditer(cell):
            name = _TAIL.sub("", part.group().strip())
            at = start + part.start() + part.group().index(name)
            if _CELL.fullmatch(name) and not _NO_NAME.fullmatch(_bare(name)) and not is_word(_bare(name)):
                yield at, at + len(name)


def _enumerated(prepared: Prepared) -> Iterator[tuple[int, int]]:
    """Runs of short words after 名单 and the like, most of which look like names."""
    text, reached = prepared.text, 0
    for _, end in prepared.places(_ROLL_WORDS):
        stop = min(len(text), end + _REACH)
        for run in _ENUMERATION.finditer(text, max(reached, end), stop):
            pieces = list(_ONE.finditer(text, *run.span()))
            alike = [match for match in pieces if looks_like_a_name(_bare(match.group()))]
            if len(alike) >= FEWEST and len(alike) >= _SHARE * len(pieces):
                for match in pieces:
                    if not is_word(_bare(match.group())) and not _NO_NAME.fullmatch(_bare(match.group())):
                        yield match.span()
        reached = max(reached, stop)


def _rolled(prepared: Prepared) -> Iterator[tuple[int, int]]:
    """Cells and lines that are a name, in a text that lists people."""
    if prepared.lists_people:
        for start, end in cell_names(prepared.text, 0, len(prepared.text)):
            if not _NO_NAME.fullmatch(prepared.text[start:end]):
                yield start, end


def _places(prepared: Prepared, spans: Iterable[tuple[int, int]]) -> list[Place]:
    """The spans in order without those that overlap an earlier one, with the name masked."""
    places: list[Place] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not places or start >= places[-1].end:
            places.append(Place(start, end, initial(prepared.text[start:end])))
    return places


def _find_roll(prepared: Prepared) -> Iterable[Span]:
    if heading_of_list(prepared) is not None:  # the graver rule has these names
        return []
    places = _places(prepared, (*_column_names(prepared), *_enumerated(prepared), *_rolled(prepared)))
    return Span.collapsed(places) if len(places) >= FEWEST else []


# ---- names in running text -----------------------------------------------------------------------------------------

_LABELS = (
    "姓名", "患者", "患儿", "病人", "申请人", "当事人", "户主", "监护人", "受害人", "被害人", "死者", "之子", "之女", "儿子", "女儿", "其子",
    "其女", "长子", "次子", "长女", "次女", "母亲", "父亲", "妻子", "丈夫", "配偶", "居民", "村民", "贫困户", "低保户", "五保户", "特困户",
    "病例", "名叫", "同学", "证人", "罪犯", "被告人", "嫌疑人", "，男", "，女", "(男", "（男", "(女", "（女", "先生", "女士", "小朋友",
    "原告", "被告", "上诉人", "被申请人", "负责人", "经营者", "违法行为人", "被处罚人",
)  # fmt: skip
_AROUND = 12


def _find_person(prepared: Prepared) -> Iterable[Span]:
    """Names that the words beside them tell; the windows around these words are all that is looked at."""
    spans: list[tuple[int, int]] = []
    reached = 0
    for start, end in prepared.places(_LABELS):
        left, right = max(reached, start - _AROUND), min(len(prepared.text), end + _AROUND)
        found = list(names_in(prepared.text, left, right, cells=False))
        spans += found
        reached = max([reached, *(last for _, last in found)])
    return Span.collapsed(_places(prepared, spans))


ROLL = Rule(
    code="name_list",
    family="people",
    severity="confirm",
    title="人员名单",
    article="《个人信息保护法》第二十五条、第三十四条",
    sentence="文中列有多人的姓名。依法应当公示的（录用、补助、获奖等），说明依据后保留，公示期满撤下；其余应当隐去姓名，或者每个姓名至少遮盖一字。",
    find=_find_roll,
    triggers=(*_ROLL_WORDS, *LISTS_PEOPLE, *tables.TRIGGERS),
)
PERSON = Rule(
    code="person_name",
    family="people",
    severity="note",
    title="个人姓名",
    article="《个人信息保护法》第四条、第二十五条",
    sentence="文中有个人的姓名。履行职务的工作人员姓名可以公开；其他人的姓名请留意是否必要，不必要的隐去。",
    find=_find_person,
    triggers=_LABELS,
)
