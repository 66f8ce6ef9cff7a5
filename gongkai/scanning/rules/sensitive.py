"""Sensitive facts beside a person's name: minors, illness, disability, need, religion, victims and the like.

The words alone are everywhere in public documents; only together with a name (`people`) do they concern anybody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from gongkai.chinese.normalise import half_width
from gongkai.scanning.rules import tables
from gongkai.scanning.rules.findings import Family, Place, Rule, Span
from gongkai.scanning.rules.people import cell_names, initial, names_in
from gongkai.scanning.rules.prepared import Prepared

_PROSE = 28  # characters before and after a word in which a name belongs to it
_SENTENCE_END = re.compile(r"[。；;！!？?\f]")
_ROW = 64  # the same in a list, where a row is several short lines or cells


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


Fits = Callable[[Prepared, int, int], bool]


def _window(prepared: Prepared, start: int, end: int, *, cells: bool) -> tuple[int, int]:
    """The stretch around a word in which a name is looked for: its sentence, or its row in a list."""
    text = prepared.text
    reach = _ROW if cells else _PROSE
    left, right = max(0, start - reach), min(len(text), end + reach)
    for ended in _SENTENCE_END.finditer(text, left, start):
        left = ended.end()
    if cells:
        line_start, line_end = text.rfind("\n", left, start) + 1, text.find("\n", end, right)
        if "\t" in text[max(left, line_start) : right if line_end == -1 else line_end]:  # a row is one line
            left, right = max(left, line_start), right if line_end == -1 else line_end
    stop = _SENTENCE_END.search(text, end, right)
    return left, stop.start() if stop else right


def _near_names(prepared: Prepared, triggers: tuple[str, ...], fits: Fits) -> Iterator[Span]:
    """For each trigger word the nearest name; the span reaches from one to the other, the suggestion hides the name."""
    text = prepared.text
    places = prepared.places(triggers)
    cells = bool(places) and prepared.lists_people
    reached = 0
    for start, end in places:
        if start < reached or not fits(prepared, start, end):
            continue
        left, right = _window(prepared, start, end, cells=cells)
        names = list(names_in(text, max(left, reached), right, cells=cells))
        if not names:
            continue
        name = min(names, key=lambda each: min(abs(each[1] - start), abs(each[0] - end)))
        first, last = min(name[0], start), max(name[1], end)
        masked = text[first : name[0]] + initial(text[name[0] : name[1]]) + text[name[1] : last]
        yield Span(first, last, masked)
        reached = last


def _always(prepared: Prepared, start: int, end: int) -> bool:
    return True


# ---- minors --------------------------------------------------------------------------------------------------------

_MINOR_WORDS = _words("岁 小学 年级 幼儿园 男孩 女孩 男童 女童 患儿 小朋友 未成年 初中 初一 学生")
_AGE = re.compile(r"(?:\A|[^0-9至到～~—-])(\d{1,2}|[一二两三四五六七八九十]{1,2})\s*周?\Z")
_ADULT_STUDENT = re.compile(r"大学|高校|高等|学院|研究生|本科|专科|大专|高职|毕业|博士|硕士|高中|中职|技校")
_TENS = {"两": 2, "十": 10, "十一": 11, "十二": 12, "十三": 13} | {n: i for i, n in enumerate("一二三四五六七八九", 1)}


def _under_fourteen(prepared: Prepared, start: int, end: int) -> bool:
    """An age counts below 14; a school or a word for a child counts as it stands, 学生 not of a university."""
    word = prepared.text[start:end]
    if word == "学生":
        return not _ADULT_STUDENT.search(prepared.before(start, 16) + prepared.after(end, 16))
    if word != "岁":
        return True
    age = _AGE.search(half_width(prepared.before(start, 5)))
    if not age:
        return False
    years = int(age.group(1)) if age.group(1).isdigit() else _TENS.get(age.group(1), 99)
    return years < 14 and not prepared.after(end, 2).startswith(("以", "及", "至"))


def _find_minor(prepared: Prepared) -> Iterable[Span]:
    return _near_names(prepared, _MINOR_WORDS, _under_fourteen)


# ---- sensitive by subject ------------------------------------------------------------------------------------------

_ILLNESS = _words(
    "患有 确诊 艾滋 HIV 梅毒 乙肝 肺结核 精神病 精神分裂 抑郁 癌 肿瘤 白血病 尿毒症 诊断为 "
    "重大疾病 大病 病情 传染病 糖尿病 高血压 心脏病 脑梗 透析 住院 流产 无症状感染 阳性 "
)
_DISABILITY = _words("残疾 肢体 智力残 精神残 视力残 听力残 言语残 多重残 重残 聋哑 失能")
_NEED = _words("致贫 贫困原因 困难原因 低保 特困 五保 建档立卡 最低生活保障 贫困户 孤儿 留守 负债 返贫")
_RELIGION = ("信教", "宗教信仰", "教徒", "信徒", "信仰", "佛教", "基督教", "伊斯兰教", "天主教", "道教")
_STATUS = _words("受害人 被害人 性侵 强奸 猥亵 家庭暴力 家暴 吸毒 戒毒 社区矫正 刑满释放 信访人 上访 举报人")


def _subject(triggers: tuple[str, ...]) -> Callable[[Prepared], Iterable[Span]]:
    def find(prepared: Prepared) -> Iterable[Span]:
        return _near_names(prepared, triggers, _always)

    return find


# ---- lists whose heading is sensitive ------------------------------------------------------------------------------

_LIST_WORDS = (
    "花名册", "名册", "名单", "名录", "台账", "一览表", "明细表", "登记表", "登记册", "汇总表", "公示表", "发放表", "统计表", "情况表", "信息表", "公示",
)  # fmt: skip
_SUBJECT = re.compile(
    # health and disability
    r"残疾(?!人联合会|人工作者)|多残|精神(?!文明)|障碍|智力|(?<!疾)病(?!虫|媒|毒检)|患者|患儿|艾滋|感染者|密切接触|密接|集中隔离|确诊|透析|孕|产妇|不育|"
    r"异常反应|失能|康复|"
    # need
    r"低保|低收入|特困|五保|供养|贫困|脱贫|返贫|监测对象|边缘户|困难(?:群众|家庭|学生|职工|残疾|人员)|困境|救助|资助|"
    # minors
    r"孤儿|留守|事实无人抚养|未成年|儿童(?!医院)|幼儿|婴儿|新生儿|弃婴|"
    # standing
    r"吸毒|戒毒|涉毒|矫正|刑满|刑释|安置帮教|受害|被害|被拐|家庭暴力|家暴|失独|计划生育特殊|特殊家庭|信访(?:重点|人员|人)|上访|稳控|"
    # belief
    r"信教|信徒|教徒|教友|信众|信仰"
)
_FEWEST = 3  # names from which on a text counts as a list [I]
_HEADING_TAIL = 12  # characters that may follow on the heading's line, for example the date in brackets


def heading_of_list(prepared: Prepared) -> int | None:
    """Where the names of a list with a sensitive heading begin; None where there is no such heading.

    The heading stands in the text, or over it: the name of the file or of a sheet.
    """
    text = prepared.text
    if _SUBJECT.search(prepared.heading) and any(word in prepared.heading for word in _LIST_WORDS):
        return 0
    for start, end in prepared.places(_LIST_WORDS):
        line_start = max(text.rfind("\n", start - 40, start) + 1, start - 40, 0)
        line_end = text.find("\n", end, end + _HEADING_TAIL + 1)
        if line_end != -1 and _SUBJECT.search(text, line_start, end):
            return line_end
    return None


def _find_list(prepared: Prepared) -> Iterable[Span]:
    """A heading such as 精神残疾低保花名册 with at least three cells of names below: all names as one finding."""
    begin = heading_of_list(prepared)
    if begin is None:
        return []
    names = set(cell_names(prepared.text, begin, len(prepared.text)))
    names |= {(start, end) for start, end, _ in prepared.below("name") if start >= begin and 2 <= end - start <= 4}
    if len(names) < _FEWEST:
        return []
    return Span.collapsed(Place(first, last, initial(prepared.text[first:last])) for first, last in sorted(names))


def _find_column(prepared: Prepared) -> Iterable[Span]:
    """Cells under 残疾等级, 致贫原因 and the like in a table that has a column of names."""
    named = {column.table for column in prepared.columns if column.kind == "name"}
    facts = [column for column in prepared.columns if column.kind == "fact" and column.table in named]
    cells = sorted(cell for column in facts for cell in column.cells)
    return Span.collapsed(
        Place(start, end, "***") for start, end in cells if not _NOTHING.fullmatch(prepared.text[start:end])
    )


_NOTHING = re.compile(r"[-—/\\*＊\s]*|无|否|没有|健康|良好|正常|一般")


# ---- the table -----------------------------------------------------------------------------------------------------

_SENSITIVE = "《个人信息保护法》第二十八条、第二十五条"


def _rule(code: str, title: str, what: str, triggers: tuple[str, ...], family: Family = "sensitive") -> Rule:
    return Rule(
        code=code,
        family=family,
        severity="confirm",
        title=title,
        article=_SENSITIVE,
        sentence=f"{what}与姓名同时出现，属于敏感个人信息，除法律、行政法规规定应当公开外不得公开。请隐去姓名，或者删去有关内容。",
        find=_subject(triggers),
        triggers=triggers,
    )


MINOR = Rule(
    code="minor",
    family="minor",
    severity="confirm",
    title="未成年人信息",
    article="《个人信息保护法》第二十八条、第三十一条",
    sentence="不满十四周岁未成年人的信息属于敏感个人信息。请隐去姓名、学校和班级；已满十四周岁的，说明理由后按一般个人信息处理。",
    find=_find_minor,
    triggers=_MINOR_WORDS,
)
ILLNESS = _rule("illness", "病情与姓名", "病情、诊断、就医情况", _ILLNESS)
DISABILITY = _rule("disability", "残疾情况与姓名", "残疾类别、等级", _DISABILITY)
NEED = _rule("need", "困难原因与姓名", "致贫原因、低保特困等困难情况", _NEED)
RELIGION = _rule("religion", "宗教信仰与姓名", "宗教信仰", _RELIGION)
STATUS = _rule("status", "受害人等特定身份与姓名", "受害、涉毒、矫正、信访等特定身份", _STATUS)
LIST = Rule(
    code="sensitive_list",
    family="sensitive",
    severity="confirm",
    title="敏感事项人员名单",
    article=_SENSITIVE,
    sentence="名单的标题表明所列人员有残疾、困难、患病等情况，姓名连同标题即构成敏感个人信息。"
    "救助、补贴依法应当公示的，只留必要的姓名和金额，公示期满撤下；其余应当隐去姓名。",
    find=_find_list,
    triggers=(*_LIST_WORDS, *tables.TRIGGERS),
)
COLUMN = Rule(
    code="sensitive_column",
    family="sensitive",
    severity="confirm",
    title="敏感内容一列",
    article=_SENSITIVE,
    sentence="表头写明这一列是残疾、病情、困难原因、宗教信仰等情况，与姓名同列一表，属于敏感个人信息。请删除这一列；法律、行政法规规定应当公开的，说明依据后保留。",
    find=_find_column,
    triggers=tables.TRIGGERS,
)
