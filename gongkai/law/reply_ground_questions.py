"""The second half of the questions behind `reply_tree`: grounds for not disclosing, third parties, separation."""

from __future__ import annotations

from gongkai.law.reply_questions import Choice, Question

_R = "《政府信息公开条例》"
_DISCLOSE = "结果：应当公开"
_TELL_THIRD = "公开前把决定公开的内容和理由书面告知第三方"

GROUND_QUESTIONS: tuple[Question, ...] = (
    Question(
        "closed_part",
        "有没有不应当公开或者可以不公开的内容？",
        "除第十四条、第十五条、第十六条规定的以外，政府信息应当公开。",
        f"{_R}第十三条",
        (
            Choice("none", "没有", reply="R2", why="没有不予公开的情形，应当公开。", consequence=_DISCLOSE),
            Choice("secret", "国家秘密", next="classified", ground="G14a"),
            Choice("forbidden", "法律、行政法规禁止公开", next="statute", ground="G14b"),
            Choice("safety", "公开后可能危及国家安全、公共安全、经济安全、社会稳定", next="harm", ground="G14c"),
            Choice("third_party", "商业秘密、个人隐私等第三方权益", next="third_position", ground="G15"),
            Choice("internal", "人事管理、后勤管理、内部工作流程", next="internal_only", ground="G16a"),
            Choice("process", "讨论记录、过程稿、磋商信函、请示报告", next="still_process", ground="G16b"),
            Choice("case_file", "行政执法案卷", next="rule_requires", ground="G16c"),
        ),
    ),
    Question(
        "classified",
        "有没有依法定密的依据？",
        "国家秘密要有密级、定密机关和定密依据；不能确定的，报有关主管部门或者保密行政管理部门确定。",
        f"{_R}第十四条、第十七条第三款",
        (
            Choice("yes", "有定密依据，尚未解密", next="separable", why="该信息依法确定为国家秘密，尚未解密。"),
            Choice(
                "no",
                "没有依法定密，或者已经解密",
                reply="R2",
                why="该信息没有依法定密或者已经解密，不能以国家秘密为由不予公开。",
                consequence=_DISCLOSE,
            ),
        ),
    ),
    Question(
        "statute",
        "禁止公开的是哪一级的规定？",
        "只有法律、行政法规的明文规定才能据以不予公开。",
        f"{_R}第十四条",
        (
            Choice("law", "法律或者行政法规", next="separable", why="法律或者行政法规明文禁止公开该信息。"),
            Choice(
                "lower",
                "规章或者其他文件",
                reply="R2",
                why="只有规章或者其他文件的规定，不属于法律、行政法规禁止公开。",
                consequence=_DISCLOSE,
            ),
        ),
    ),
    Question(
        "harm",
        "能不能说清会危及哪一项、有什么后果？",
        "应当有具体的危险和判断依据，不能只引用条文。",
        f"{_R}第十四条",
        (
            Choice(
                "yes",
                "能说清，有依据",
                next="separable",
                why="公开该信息可能危及国家安全、公共安全、经济安全或者社会稳定。",
            ),
            Choice("no", "说不清", reply="R2", why="没有具体的危险和判断依据，不能不予公开。", consequence=_DISCLOSE),
        ),
    ),
    Question(
        "third_position",
        "第三方的意见是什么，理由是否合理？",
        "第三方不同意不等于可以不公开：由机关审查理由，并考虑不公开是否对公共利益造成重大影响；没有书面征求过的，请先征求意见。",
        f"{_R}第十五条、第三十二条",
        (
            Choice("agreed", "同意公开", reply="R2", why="第三方同意公开。", consequence=_DISCLOSE),
            Choice(
                "reasonable",
                "不同意，理由合理，不公开也不会对公共利益造成重大影响",
                next="separable",
                why="第三方不同意公开且理由合理，不公开不会对公共利益造成重大影响。",
            ),
            Choice(
                "public_interest",
                "不同意，理由合理，但不公开会对公共利益造成重大影响",
                reply="R2",
                why="不公开会对公共利益造成重大影响。",
                consequence="结果：应当公开，书面告知第三方内容和理由",
                duties=(_TELL_THIRD,),
            ),
            Choice(
                "unreasonable",
                "不同意，理由不合理",
                reply="R2",
                why="第三方不同意公开，但没有合理理由。",
                consequence="结果：应当公开，公开前书面告知第三方",
                duties=(_TELL_THIRD,),
            ),
            Choice(
                "silent_harm",
                "逾期没有答复，本机关认为公开会损害其合法权益",
                next="separable",
                why="第三方逾期未提出意见，本机关审查认为公开会损害其合法权益。",
            ),
            Choice(
                "silent_no_harm",
                "逾期没有答复，本机关认为公开不会损害其合法权益",
                reply="R2",
                why="第三方逾期未提出意见，本机关审查认为公开不会损害其合法权益。",
                consequence=_DISCLOSE,
            ),
        ),
    ),
    Question(
        "internal_only",
        "是不是只在机关内部起作用？",
        "对外产生效力、影响公民权利义务的，不属于内部事务信息。",
        f"{_R}第十六条第一款",
        (
            Choice("yes", "只在内部起作用", next="withhold"),
            Choice(
                "no", "对外产生效力", reply="R2", why="该信息对外产生效力，不属于内部事务信息。", consequence=_DISCLOSE
            ),
        ),
    ),
    Question(
        "still_process",
        "是否仍是过程性信息？",
        "已经成为最后决定的依据并对外产生效力、或者事项已经办结的文件，一般不再是过程性信息。",
        f"{_R}第十六条第二款",
        (
            Choice("yes", "仍在过程中", next="rule_requires"),
            Choice(
                "no",
                "已经成熟，对外产生效力",
                reply="R2",
                why="该文件已经对外产生效力，不再属于过程性信息。",
                consequence=_DISCLOSE,
            ),
        ),
    ),
    Question(
        "rule_requires",
        "法律、法规、规章有没有规定这类信息应当公开？",
        "法律、法规、规章规定应当公开的，从其规定。",
        f"{_R}第十六条第二款",
        (
            Choice("no", "查过，没有", next="withhold", why="经查对，没有法律、法规、规章规定该信息应当公开。"),
            Choice(
                "yes",
                "有",
                reply="R2",
                why="法律、法规或者规章规定该信息应当公开。",
                consequence=_DISCLOSE,
            ),
        ),
    ),
    Question(
        "withhold",
        "可以不公开，也可以公开，本机关怎么决定？",
        "第十六条是“可以不予公开”，由机关权衡并说明理由。",
        f"{_R}第十六条",
        (
            Choice("yes", "决定不公开，有理由", next="separable", why="本机关权衡后决定不予公开。"),
            Choice("no", "决定公开", reply="R2", why="本机关权衡后决定公开。", consequence="结果：予以公开"),
        ),
    ),
    Question(
        "separable",
        "能不能区分处理？",
        "含有不应当公开的内容但能够区分的，应当提供可以公开的部分，并对不公开的部分说明理由。",
        f"{_R}第三十七条",
        (
            Choice("yes", "能，提供其余部分", reply="R2p", why="能够区分处理。", consequence="结果：部分公开"),
            Choice(
                "no",
                "不能，说得出为什么",
                reply="R3",
                why="不能区分处理。",
                consequence="结果：不予公开",
                duties=("写明为什么不能区分处理",),
            ),
        ),
    ),
)
