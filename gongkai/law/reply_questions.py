"""The first half of the questions behind `reply_tree`: from receipt to the search, up to what is public already."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer. Exactly one of `next` (question code) and `reply` (row of `replies`) is set.

    `ground`: the ground of the negative list this answer names. `why`: one sentence for the file, empty where the
    answer only leads on. `consequence`: what the person sees under the choice. `duties`: acts owed besides the reply.
    """

    code: str
    label: str
    next: str = ""
    reply: str = ""
    ground: str = ""
    why: str = ""
    consequence: str = ""
    duties: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if bool(self.next) == bool(self.reply):
            raise ValueError(f"选项“{self.label}”应当只通向下一问或者一种答复。")


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `rule` is the law in one sentence, `article` its full name."""

    code: str
    text: str
    rule: str
    article: str
    choices: tuple[Choice, ...]


_R = "《政府信息公开条例》"
FIRST_QUESTION = "open"

INTAKE_QUESTIONS: tuple[Question, ...] = (
    Question(
        "open",
        "这件申请是否要继续办理？",
        "申请人可以撤回申请；逾期不按收费通知缴费的，视为放弃申请。",
        "《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）",
        (
            Choice("yes", "继续办理", next="clear"),
            Choice(
                "unpaid",
                "收到收费通知后三十日内没有缴费",
                reply="R14",
                why="申请人逾期未按收费通知缴纳费用，视为放弃申请。",
                consequence="结果：不再处理",
            ),
            Choice(
                "withdrawn", "申请人已经撤回", reply="R16", why="申请人撤回了申请。", consequence="结果：记录后办结"
            ),
        ),
    ),
    Question(
        "clear",
        "申请内容是否明确？",
        "不明确的，自收到申请之日起7个工作日内一次性告知补正；没有要求过补正的，请先发补正告知书，不要直接答复。",
        f"{_R}第三十条",
        (
            Choice("yes", "明确（含补正后明确）", next="purpose"),
            Choice(
                "still_unclear",
                "已经补正，内容仍不明确",
                reply="R12",
                why="申请人补正后，申请内容仍不明确，无法据以检索。",
                consequence="结果：告知无法提供",
            ),
            Choice(
                "not_clarified",
                "要求补正后，无正当理由逾期没有补正",
                reply="R13",
                why="申请人无正当理由逾期不补正，视为放弃申请。",
                consequence="结果：不再处理",
            ),
        ),
    ),
    Question(
        "purpose",
        "申请人要的是什么？",
        "以申请形式进行信访、投诉、举报的，或者要求提供公开出版物的，不作为政府信息公开申请处理。",
        f"{_R}第三十九条",
        (
            Choice("information", "某项政府信息", next="volume"),
            Choice(
                "petition",
                "信访、投诉、举报",
                reply="R9",
                why="申请人以政府信息公开申请的形式进行信访、投诉、举报等活动。",
                consequence="结果：告知不作为申请处理",
            ),
            Choice(
                "publication",
                "政府公报、报刊、书籍等公开出版物",
                reply="R10",
                why="申请人要求提供的是公开出版物。",
                consequence="结果：告知获取途径",
            ),
            Choice(
                "confirmation",
                "确认或者重新出具已经得到的信息",
                reply="R15",
                why="申请人已经获取该信息，要求的是确认或者重新出具。",
                consequence="结果：不予处理",
            ),
        ),
    ),
    Question(
        "volume",
        "申请的数量、频次是否明显超过合理范围？",
        "明显超过合理范围的，可以要求申请人说明理由；理由不合理的，告知不予处理；理由合理但不能按期答复的，可以延迟。",
        f"{_R}第三十五条",
        (
            Choice("no", "没有", next="repeated"),
            Choice(
                "reasonable", "超过，但说明的理由合理", next="repeated", consequence="不能按期答复的，告知延迟的期限"
            ),
            Choice(
                "unreasonable",
                "超过，说明的理由不合理",
                reply="R11",
                why="申请数量、频次明显超过合理范围，申请人说明的理由不合理。",
                consequence="结果：不予处理",
            ),
        ),
    ),
    Question(
        "repeated",
        "本机关是否已经就相同信息答复过这位申请人？",
        "已经答复过，申请人重复申请公开相同政府信息的，告知不予重复处理。",
        f"{_R}第三十六条第六项",
        (
            Choice("no", "没有", next="special"),
            Choice(
                "yes",
                "答复过，内容相同",
                reply="R6",
                why="本机关已就相同政府信息作出答复，申请人重复申请。",
                consequence="结果：不予重复处理",
            ),
        ),
    ),
    Question(
        "special",
        "是否属于工商、不动产登记资料等有特别查询规定的信息？",
        "法律、行政法规对信息的获取有特别规定的，告知依照有关规定办理；规章和其他文件的规定不算。",
        f"{_R}第三十六条第七项",
        (
            Choice("no", "不属于", next="ours"),
            Choice(
                "yes",
                "属于，法律、行政法规有特别规定",
                reply="R7",
                why="法律、行政法规对该类信息的获取有特别规定。",
                consequence="结果：告知依照特别规定办理",
            ),
        ),
    ),
    Question(
        "ours",
        "是否由本机关负责公开？",
        "制作的由制作机关公开；从公民、法人处获取的由保存机关公开；从其他机关获取的由制作或者最初获取的机关公开；共同制作的由牵头机关公开。",
        f"{_R}第十条",
        (
            Choice("yes", "由本机关负责", next="found"),
            Choice(
                "other_known",
                "由其他机关负责，知道是哪个机关",
                reply="R5",
                why="该信息不属于本机关负责公开，能够确定负责公开的机关。",
                consequence="结果：告知机关名称和联系方式",
                duties=("写明负责公开的机关名称和联系方式",),
            ),
            Choice(
                "other_unknown",
                "由其他机关负责，不能确定是哪个机关",
                reply="R5",
                why="该信息不属于本机关负责公开，不能确定负责公开的机关。",
                consequence="结果：告知并说明理由",
            ),
        ),
    ),
    Question(
        "found",
        "检索到了吗？",
        "应当尽到合理的检索义务并留下记录；提供的应当是已经制作或者获取的信息。",
        f"{_R}第三十六条第四项、第三十八条",
        (
            Choice("yes", "检索到了", next="published"),
            Choice(
                "none",
                "经检索没有",
                reply="R4",
                why="经检索，没有申请人所申请公开的信息。",
                consequence="结果：告知信息不存在",
                duties=("把检索的地方、方法、用词、时间和人员记入案卷",),
            ),
            Choice(
                "to_be_made",
                "没有现成的，需要加工、分析",
                reply="R8",
                why="没有现成信息，需要对现有政府信息进行加工、分析。",
                consequence="结果：可以不予提供",
            ),
        ),
    ),
    Question(
        "published",
        "是否已经主动公开？",
        "已经主动公开的，告知获取该政府信息的方式、途径。",
        f"{_R}第三十六条第一项",
        (
            Choice("no", "没有", next="closed_part"),
            Choice(
                "yes",
                "已经主动公开",
                reply="R1",
                why="所申请的信息已经主动公开。",
                consequence="结果：告知获取的方式、途径",
            ),
        ),
    ),
)
