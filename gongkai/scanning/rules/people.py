"""Names of persons by context: a surname with one or two characters, where the words around say that it is a name.

No tagger is asked. A name counts only beside a label (患者、学生、户主 …), before 男 or 女, or as a cell of a list
with a 姓名 column; so prose about groups of people gives no names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛"
    "邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝"
    "路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂"
    "全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝肖傅阎尉冀厉闻封束亢计汝茅廉晋伊敬楚"
    "鄢鞠揭邰邸郜郗练屠粟檀冼漆蔺蔚昝訾宿亓仉邴满敦芮禹尧惠种雒衣扈强哈鹿占税谌阙宣闪丰展逯逄恽火回花"
)
_DOUBLE = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|宇文|长孙|端木|百里|呼延|南宫|轩辕|赫连"
# Characters that stand in words and grammar, and in prose more likely so than in a given name.
_NOT_GIVEN = (
    "的了和与及或在是为被把将从对向到于等其该此这那个各每均已未不无有没要应当可以并但而因由经按根据第年月日号岁元"
    "人男女性们者家庭户"
)
_OTHER = r"\W\dA-Za-z_\u3000-\u303f\uff00-\uffef"
_GIVEN = f"[^{_OTHER}{_NOT_GIVEN}某]"
_ANY_GIVEN = f"[^{_OTHER}的了与及或们者号岁某]"
NAME = rf"(?:(?:{_DOUBLE}){_GIVEN}{{1,2}}|[{_SURNAMES}]{_GIVEN}{{1,2}})"
# Where the place alone says that it is a name, any given name goes, and names such as 阿依古丽·买买提 too.
_FREE_NAME = (
    rf"(?:(?:{_DOUBLE}){_ANY_GIVEN}{{1,2}}|[{_SURNAMES}]{_ANY_GIVEN}{{1,2}}"
    r"|[\u4e00-\u9fff]{2,7}[·•・][\u4e00-\u9fff]{2,7})"
)

_LABELS = (
    r"姓\s*名|患者|患儿|病人|学生|儿童|孩子|婴儿|幼儿|男孩|女孩|男童|女童|少年|申请人|"
    r"当事人|户主|救助对象|低保对象|残疾人|监护人|受害人|被害人|死者|之子|之女|儿子|女儿|"
    r"其子|其女|长子|次子|长女|次女|孙子|孙女|母亲|父亲|妻子|丈夫|配偶|居民|村民|信徒|"
    r"教徒|贫困户|低保户|五保户|特困户|病例|名叫|同学|社区矫正对象|吸毒人员|戒毒人员|证人|"
    r"罪犯|被告人|嫌疑人"
)
# Surnames that are first of all words: beside a label they count only after a colon or the like.
_LOOSE = (
    "和全于应向时方任成明高安易连水平常施解关包查费单万毕童车温仲经游申石农项管程左马文师武严司尚符景路党钱辛华麻"
    "池迟边解单盛占税宣展闪火回花丰强计满敬束惠景种封扈伊晋宿"
)
_AFTER_LABEL = re.compile(
    rf"(?:{_LABELS})(?:[:：\s为是叫“\"]{{1,3}}|(?![{_LOOSE}]))({NAME})"
    r"(?=[，,。；;、（(\s）)”\"]|\Z|男|女|因|患|残|信仰|信教|信奉|系|现|年龄|今年|同学|就读|确诊|住|于\d|身份"
    r"|在\S{2,8}(?:小学|中学|医院|学校|幼儿园))"
)
_BEFORE_GENDER = re.compile(rf"(?<![\u4e00-\u9fff])({_FREE_NAME})[，,、（(\s|]{{1,3}}[男女](?=[，,、。）)\s|]|\Z|性)")
_CALLED = re.compile(rf"(?<![\u4e00-\u9fff])({NAME})(?:小朋友|同学|女士|先生)")
_CELL = re.compile(rf"(?:(?<=[\n\t|])|\A)[ \u3000]*({_FREE_NAME})[ \u3000]*(?=[\n\r\t|]|\Z)")
# Words of tables and lists that begin with a surname and are no names.
_WORD_LIST = (
    "白血 毕业 查阅 仲裁 单采 幼儿 安危 重病 高中 高级 高等 高校 安全 方案 方法 方式 成都 金融 金额 "
    "时间 时期 计划 经济 马上 温度 文化 文件 文号 成绩 成员 向阳 常住 常规 常年 华北 江苏 江西 宁夏 "
    "宁波 安徽 贵州 云南 广东 海南 湖南 湖北 吉林 和田 任务 任职 明细 明确 路线 单位 单价 单元 包装 "
    "华东 华南 应用 应届 应急 全部 全年 全市 全县 全省 易地 石家庄 邢台 邯郸 张家口 唐山 项目 连续 "
    "车辆 车间 车型 游客 司机 司法 农业 农村 农户 农民 景区 党员 党政 党委 党组织 费用 卫生 商业 "
    "商务 荣誉 沙石 师资 师范 查询 查看 迟到 池塘 桂林 于洪 康复 康养 施工 施行 武汉 武装 武术 孔子 "
    "白色 白天 黄色 黄金 蓝色 关系 关于 程序 程度 石油 石材 夏季 夏天 秦皇岛 水平 毛利 毛重 万元 "
    "严重 严格 雷电 龙头 史料 章节 章程 齐全 温馨 申请 申报 申领 成本 成立 成果 符合 纪检 纪律 包括 "
    "宁静 尚未 童装 盛装 曲线 解决 解除 解释 管理 管道 房屋 房产 房间 阳光 阳台 时长 简介 简历 古迹 "
    "吉祥 左右 左侧 甘肃 关键 牛奶 牛肉 常务 常见 范围 金属 钱款 叶片 田间 林地 林业 林木 马铃薯 "
    "高血压 黄疸 白血病 白内障 包虫病 高危 低保 麻疹 麻风 梅毒 宫颈癌 应助 全日制 全免 全额 全护理 "
    "全失能 周岁 周期 周边 安置 安装 方便 常态 文盲 文凭 江河 江山 梁柱 万人 顾问 顾客 孟村 韦氏 "
    "温室 和平 和谐 文明 公正 明年 边境 边缘 路灯 路面 路口 成人 童年 金牌 银牌 苗木 苗族 满族 农历 "
    "车牌 车站 单亲 单身 安康 高龄 高温 高速 高新 高考 高职 高三 高二 高一 常委 时事 谷物 易燃 应对 "
    "高中生 高级工 高血糖 金额元 成年人 方向 安全员 常用名 项目名称 万元整 文化程度 易返贫 全护理 卫生院 单位名 "
    "时间段 车牌号 毕业生 包干 强直 宣传 丰富 计算 计生 敬老 展示 回族 满意 火灾 花费 种植 种类 种养 强化 税费 宣读 "
    "解放 申诉 华侨 龙门 龙江 丁级 万户 严禁 应征 向前 强制 "
)
_WORDS = frozenset(_WORD_LIST.split())

#: A text with one of these words lists people: a column, roll or list is named somewhere.
LISTS_PEOPLE = (
    "姓名",
    "姓 名",
    "姓　名",
    "姓  名",
    "名单",
    "名册",
    "人员公示",
    "人员明细",
    "人员汇总",
    "对象公示",
    "对象明细",
    "对象汇总",
)


def names_in(text: str, start: int, end: int, *, cells: bool) -> Iterator[tuple[int, int]]:
    """Spans (start, end) of names between the two offsets; `cells` also takes names that fill a cell of a list."""
    window = text[start:end]
    patterns = [_AFTER_LABEL]
    if "男" in window or "女" in window:
        patterns += [_BEFORE_GENDER, _CALLED]
    elif "同学" in window or "先生" in window or "小朋友" in window:
        patterns.append(_CALLED)
    for pattern in patterns:
        for match in pattern.finditer(text, start, end):
            name = match.group(1)
            if name not in _WORDS and (pattern is _BEFORE_GENDER or name[:2] not in _WORDS):
                yield match.span(1)
    if cells:
        yield from cell_names(text, start, end)


def cell_names(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans of names that fill a cell of a list."""
    for match in _CELL.finditer(text, start, end):
        if match.group(1) not in _WORDS:
            yield match.span(1)


_WHOLE = re.compile(_FREE_NAME)


def looks_like_a_name(word: str) -> bool:
    """Whether a word standing alone has a surname and one or two further characters, and is no usual word."""
    return bool(_WHOLE.fullmatch(word)) and not is_word(word)


def is_word(word: str) -> bool:
    """A usual word of tables that only looks like a name."""
    return word in _WORDS


def initial(name: str) -> str:
    """The surname with 某 for each given character: 张某某. What parts the characters stays."""
    surname = 2 if name[:2] in _DOUBLE.split("|") else 1
    return name[:surname] + re.sub(r"[^\s·•・]", "某", name[surname:])
