"""Which agency is likely to hold what somebody asks for, and why. A suggestion never decides: any agency may be chosen.

Four kinds of evidence: the text names the agency; its 文号 carries the letters the agency issues under; the agency has
published on the matter; the matter is one that bodies of its name deal with everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count

from gongkai.agencies.models import Organ
from gongkai.chinese.numbers import document_numbers
from gongkai.disclosure.queries.public import listed
from gongkai.foi.queries.drafts import receiving_organs

#: [I] What bodies with this in their name deal with, by the usual division of functions; local 三定 go before.
MATTERS: Final[dict[str, tuple[str, ...]]] = {
    stem: tuple(words.split())
    for stem, words in {
        "民政": "低保 最低生活保障 特困 临时救助 社会救助 救助资金 养老 殡葬 公墓 婚姻登记 社会组织 地名 收养 村委会选举",
        "教育": "学校 学区 入学 招生 教师 幼儿园 义务教育 中考 高考 校车 学位 培训机构 助学金",
        "住房和城乡建设|住房保障|房产": "加装电梯 老旧小区 物业 维修资金 公租房 经济适用房 保障房 商品房 预售 施工许可 "
        "工程质量 竣工验收 房屋安全 危房 棚户区",
        "自然资源|规划": "土地 征地 规划许可 不动产 建设用地 用地 宗地 国土 采矿 矿产 控制性详细规划 拆迁红线",
        "征收": "房屋征收 征收补偿 拆迁",
        "城市管理|综合执法": "路灯 占道 违章建筑 违法建设 垃圾 环卫 户外广告 夜市 停车 市容 公厕 园林 绿化",
        "市场监督|市场监管": "食品 餐饮 特种设备 电梯维保 营业执照 广告违法 价格违法 计量 商标 专利 假冒 消费者投诉",
        "卫生健康|卫健": "医院 医疗 疫苗 医师 诊所 生育 计划生育 传染病 医疗事故 护士",
        "人力资源|人社": "社保 养老保险 工伤 失业 就业 劳动 工资 欠薪 职称 公务员招录 事业单位招聘 劳动仲裁",
        "医疗保障|医保": "医保 医疗保险 报销 药品集中采购",
        "财政": "预算 决算 财政拨款 专项资金 政府采购 三公经费 转移支付 债务 政府债券 会计",
        "发展和改革|发改": "立项 项目审批 可行性研究 收费标准 价格 发展规划 节能审查 重大项目",
        "公安": "户籍 户口 身份证 治安 交警 交通违法 出警 报警 监控录像 行政拘留 居住证 出入境",
        "交通": "公路 公交 出租车 网约车 客运 货运 道路运输 桥梁 港口 驾校",
        "水利|水务": "水库 河道 防汛 供水 排水 取水 水土保持 河长 污水",
        "农业农村|农业": "农田 种植 养殖 农药 种子 宅基地 土地承包 高标准农田 农机 粮食补贴 农村集体",
        "生态环境|环境保护|环保": "环评 环境影响 排污 污染 噪声 空气质量 水质 危险废物 辐射",
        "应急": "安全生产 事故调查 烟花爆竹 地震 消防 自然灾害 救灾 危险化学品",
        "文化|旅游|广电": "文物 景区 旅行社 图书馆 博物馆 演出 网吧 非遗 广播电视",
        "退役军人": "退役 优抚 烈士 军转 抚恤",
        "统计": "统计 人口普查 经济普查 国民经济",
        "税务": "税收 纳税 发票 完税 退税",
        "司法": "律师 公证 法律援助 行政复议 社区矫正 人民调解",
        "审计": "审计 审计报告",
        "林业": "林地 林权 采伐 森林 退耕还林 野生动物",
        "行政审批|政务服务|政数|大数据": "行政审批 政务服务 一网通办 审批事项",
        "信访": "信访",
    }.items()
}

NAMED, NUMBER, MATTER, PUBLISHED = "named", "number", "matter", "published"
#: [I] How much each counts; publications share theirs by their number, matters theirs by different words up to two.
WEIGHTS: Final = {NAMED: 100, NUMBER: 90, MATTER: 30, PUBLISHED: 50}
#: [I] Evidence below this is noise and is left out.
LEAST: Final = 10
#: What bodies are called for short, by what their name holds.
CALLED: Final = {
    "住房和城乡建设": "住建", "人力资源和社会保障": "人社", "发展和改革": "发改", "发展改革": "发改", "城市管理": "城管",
    "市场监督管理": "市监", "医疗保障": "医保", "卫生健康": "卫健", "应急管理": "应急", "生态环境": "环保",
    "自然资源和规划": "自规", "交通运输": "交通", "退役军人事务": "退役军人", "文化和旅游": "文旅", "农业农村": "农业",
}  # fmt: skip
#: Words that hold the name of a body and do not mean it.
_NOT_A_BODY = re.compile(r"政府(?:采购|信息|债券|网站|购买)")
_TOWNSHIP = re.compile(r"(?:.*[市县区旗])?([\u4e00-\u9fff]{1,6}(?:镇|乡|街道))(?:人民政府|办事处)$")
_PLACE = re.compile(r"^(.{2,12}?(?:省|自治区|自治州|市|地区|盟|自治县|县|自治旗|旗|区))(?=.{2})")


@dataclass(frozen=True, slots=True)
class Evidence:
    """`kind` is one of the four; `sentence` says it to the applicant."""

    kind: str
    weight: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An agency and what speaks for it, strongest first."""

    organ: Organ
    evidence: tuple[Evidence, ...]

    @property
    def weight(self) -> float:
        return sum(e.weight for e in self.evidence)

    @property
    def certain(self) -> bool:
        """The text itself points to the agency by name or by its letters."""
        return any(e.kind in (NAMED, NUMBER) for e in self.evidence)

    @property
    def why(self) -> str:
        return "；".join(e.sentence for e in self.evidence)


@dataclass(frozen=True, slots=True)
class Published:
    """What search found on the matter: how many of each organ (by code), and the best title of each."""

    counts: Mapping[str, int]
    titles: Mapping[str, str]


NOTHING_PUBLISHED: Final = Published({}, {})


def suggest(text: str, published: Published = NOTHING_PUBLISHED, *, limit: int = 5) -> list[Suggestion]:
    """Agencies the text speaks for, most likely first; empty when nothing does."""
    organs = [organ for _depth, organ in receiving_organs()]
    found: dict[int, list[Evidence]] = {organ.pk: [] for organ in organs}
    for evidences in (_named(text, organs), _numbered(text), _matters(text, organs), _published(published, organs)):
        for pk, evidence in evidences.items():
            if pk in found:
                found[pk].append(evidence)
    made = [
        Suggestion(organ, tuple(sorted(found[organ.pk], key=lambda e: -e.weight)))
        for organ in organs
        if found[organ.pk]
    ]
    return sorted((s for s in made if s.weight >= LEAST), key=lambda s: -s.weight)[:limit]


def points_elsewhere(chosen: Organ, suggestions: Sequence[Suggestion]) -> Suggestion | None:
    """The agency the text clearly speaks for when it is another than the chosen one; else None.

    Clearly: by name or letters, or else by its matter, while nothing as clear speaks for the chosen one. What has been
    published only helps to sort: an agency that has published nothing yet may well hold it.
    """
    own = {e.kind for s in suggestions if s.organ.pk == chosen.pk for e in s.evidence}
    others = [s for s in suggestions if s.organ.pk != chosen.pk]
    named = next((s for s in others if s.certain), None)
    if named is not None:
        return None if own & {NAMED, NUMBER} else named
    deals = next((s for s in others if any(e.kind == MATTER for e in s.evidence)), None)
    return None if own & {NAMED, NUMBER, MATTER} else deals


def names_of(organ: Organ) -> list[str]:
    """How people write the organ, longest first: full, short, and without its place."""
    names = {organ.name, organ.short_name}
    place = _PLACE.match(organ.name)
    if place:
        rest = organ.name[place.end() :]
        names |= {rest, f"{place[1][-1]}{rest}"} if len(rest) > 2 and rest != "人民政府" else set()
        if rest == "人民政府":
            names |= {f"{place[1]}政府", f"{place[1][-1]}政府", f"{place[1][-1]}人民政府"}
    names |= {short + organ.name.rsplit(full, 1)[-1] for full, short in CALLED.items() if full in organ.name}
    township = _TOWNSHIP.match(organ.name)
    if township:
        names.add(township[1])
    return sorted((n for n in names if len(n) > 2), key=len, reverse=True)


def _named(text: str, organs: Iterable[Organ]) -> dict[int, Evidence]:
    """Longer names go first and use up their place, so that 区民政局 is not also read as 民政局 of the city."""
    spellings = sorted(((name, o.pk) for o in organs for name in names_of(o)), key=lambda pair: (-len(pair[0]), pair))
    found: dict[int, Evidence] = {}
    rest, done = _NOT_A_BODY.sub("▒", text), ""
    for name, pk in spellings:
        if name in rest or name == done:
            found.setdefault(pk, Evidence(NAMED, WEIGHTS[NAMED], f"您写到了“{name}”"))
            # The same spelling of two organs stands for both.
            rest, done = rest.replace(name, "▒"), name
    return found


def _numbered(text: str) -> dict[int, Evidence]:
    """Organs that have released documents under the same letters (发文机关代字)."""
    found: dict[int, Evidence] = {}
    for number in document_numbers(text):
        letters = re.split(r"[〔\[［(（【]", number)[0].strip()
        if len(letters) < 2:
            continue
        rows = listed().filter(version__doc_number__startswith=letters + "〔").values_list("organ")
        for pk, _n in rows.annotate(n=Count("pk")).order_by("-n")[:2]:
            found.setdefault(pk, Evidence(NUMBER, WEIGHTS[NUMBER], f"“{letters}”是它的发文代字"))
    return found


def _matters(text: str, organs: Iterable[Organ]) -> dict[int, Evidence]:
    found: dict[int, Evidence] = {}
    hits = {stem: [w for w in words if w in text] for stem, words in MATTERS.items()}
    for organ in organs:
        # 人民政府 holds 民政 without being one.
        name = organ.name.replace("人民政府", "▒")
        words = [w for stem, ws in hits.items() if any(s in name for s in stem.split("|")) for w in ws]
        if words:
            told = "、".join(f"“{w}”" for w in words[:3])
            weight = WEIGHTS[MATTER] * min(len(words), 2)
            found[organ.pk] = Evidence(MATTER, weight, f"{told}通常由{organ.label}这类机关负责")
    return found


def _published(published: Published, organs: Iterable[Organ]) -> dict[int, Evidence]:
    total = sum(published.counts.values())
    found: dict[int, Evidence] = {}
    for organ in organs:
        n = published.counts.get(organ.code, 0)
        if not n:
            continue
        title = published.titles.get(organ.code, "")
        example = f"，如“{title}”" if title else ""
        sentence = f"{organ.label}公开过 {n} 件相近的信息{example}"
        found[organ.pk] = Evidence(PUBLISHED, WEIGHTS[PUBLISHED] * n / total, sentence)
    return found
