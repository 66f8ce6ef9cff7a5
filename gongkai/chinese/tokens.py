"""Words and character pairs of Chinese text, the same for the index, the question and the highlighted excerpt.

Words come from rjieba (the dictionary and cuts of jieba, in Rust). The index takes `cut_for_search`, which also gives
the short words inside long ones; a question takes `cut`. Character pairs stand beside them for phrases and for words
that the segmenter cuts differently in another neighbourhood.
"""

from __future__ import annotations

import re

import rjieba

from gongkai.chinese.normalise import FULL_WIDTH

# Traditional and variant characters met in official texts and in what people type; one character for one, so that
# offsets stay. Not a converter: a character whose plain form depends on the word (乾, 著, 藉, 瞭) is left alone.
_VARIANTS = (
    "後后個个國国會会學学無无為为與与業业東东車车門门開开關关長长書书時时間间電电話话動动務务區区縣县鄉乡鎮镇"
    "職职員员醫医療疗護护產产財财稅税費费資资質质環环養养險险補补償偿費费徵征農农戶户證证許许請请認认識识設设"
    "訂订計计議议讓让記记論论調调課课詳详語语說说讀读變变購购買买賣卖貸贷貿贸贊赞輸输轉转辦办達达運运進进過过"
    "還还這这連连遷迁選选遺遗郵邮鄰邻釋释針针銀银錄录鐵铁錢钱難难項项順顺預预領领題题額额風风飛飞飯饭館馆驗验"
    "體体點点黨党齊齐齡龄龍龙應应從从復复億亿優优傳传債债傷伤備备倉仓協协單单衛卫參参圖图團团園园圍围場场塊块"
    "壞坏報报塵尘奪夺獎奖婦妇媽妈孫孙寧宁實实審审寫写寬宽對对導导層层屬属島岛師师帶带帳账幣币幫帮廣广廠厂廢废"
    "彙汇彈弹強强歸归當当徑径態态慶庆憑凭憲宪懷怀戰战戲戏擇择擔担據据擴扩擬拟損损撥拨擊击攝摄敵敌數数斷断於于"
    "舊旧條条來来構构標标樓楼樹树檢检權权歡欢歲岁歷历殘残氣气決决沒没滅灭準准溫温滿满漢汉潔洁濟济災灾熱热獲获"
    "現现聲声聯联職职聽听腦脑舉举藝艺藥药處处號号蟲虫術术衝冲裝装製制裡里規规視视覺觉觀观觸触訪访訊讯訓训診诊"
    "評评詞词試试該该誠诚誤误課课誰谁談谈諮咨謀谋謝谢譯译豐丰貧贫貨货責责貴贵賃赁賠赔賴赖踐践軌轨軍军軟软較较"
    "載载輔辅輕轻輛辆農农遠远適适遞递鐘钟鋼钢錯错鍵键鎖锁鏡镜閉闭閱阅隊队階阶際际陳陈陸陆陽阳險险隨随雙双雜杂"
    "離离靜静須须頁页頒颁頻频顧顾顯显餘余養养馬马駐驻騎骑驚惊鬥斗魚鱼鳥鸟鹽盐麗丽麥麦黃黄蹤踪佈布佔占併并証证"
    "麽么發发臺台槪概淸清眞真硏研靑青祕秘畫画劃划勞劳勵励厲厉縮缩總总績绩續续維维網网綜综經经線线織织級级統统"
    "給给絕绝結结緊紧約约納纳純纯紅红組组細细終终緩缓編编練练縱纵繼继罰罚罷罢"
)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PLAIN = dict(zip(_VARIANTS[::2], _VARIANTS[1::2], strict=True)) | {letter: letter.lower() for letter in _LETTERS}
_PLAIN |= {wide: _PLAIN.get(half, half) for wide, half in FULL_WIDTH.items()}
# A search for the few characters to change is ten times as quick as `str.translate`, which looks up every one.
_NOT_PLAIN = re.compile(f"[{re.escape(''.join(_PLAIN))}]")

# Words of government that the segmenter's own dictionary lacks and takes apart (公租房 → 公|租房, 人社局 → 人|社局).
_GOVERNMENT = (
    "公租房 经适房 保障房 学位房 一网通办 最多跑一次 好差评 双随机 双公示 以工代训 网格员 新农合 事业编 营转非 充电桩 "
    "健康码 人社局 人社厅 住建局 住建厅 自然资源局 行政审批局 医保局 政数局 大数据局 应急局 乡村振兴局 失业金 公交卡"
)
# The module's own dictionary: a second `rjieba.Jieba()` costs 25 MB in every process.
_SEGMENTER = rjieba
for _word in _GOVERNMENT.split():
    _SEGMENTER.add_word(_word, 1000, "n")

_WORD = re.compile(r"\w")
# A blank or one line break between two Chinese characters is layout (letter-spaced titles, lines of a PDF), also a
# blank between number and unit.
_HAN = r"[\u3400-\u9fff]"
_LAYOUT = re.compile(
    rf"(?<={_HAN})(?:[ \t]+|[ \t]*\r?\n[ \t]*)(?={_HAN})|(?<=[0-9])[ \t]+(?={_HAN})|(?<={_HAN})[ \t]+(?=[0-9])"
)
# A run of text without punctuation, and its units: a Latin word or number as one, any other sign by itself.
_RUN = re.compile(r"\w+(?:(?<=[0-9a-z])[.\-/](?=[0-9a-z])\w+)*")
_UNIT = re.compile(r"[0-9a-z]+(?:[.\-/][0-9a-z]+)*|\w")
_LATIN = re.compile(r"[0-9a-z]")


def _words(spaced: str) -> frozenset[str]:
    return frozenset(spaced.split())


#: Words of asking. They say nothing about the matter and are rare in official texts, so their weight would mislead.
QUESTION_WORDS = _words(
    "什么 甚么 怎么 怎样 怎么样 怎么办 如何 哪 哪些 哪个 哪里 哪儿 哪种 哪类 哪几 谁 多少 几 "
    "何 何时 何种 何地 有何 为何 为什么 是否 能否 可否 吗 呢 吧 啊 请问 请教 想问 问一下 "
    "咨询一下 我想 知道 有没有 是不是 能不能 可不可以 会不会 要不要 什么样 什么时候 到底 究竟 "
    "一下 "
)
#: Words of grammar. They need not be in a document, but stay where a phrase or a pair of characters is asked for.
FUNCTION_WORDS = _words(
    "的 地 得 了 着 过 是 在 和 与 及 以及 或 或者 而 而且 并 并且 但 但是 对 对于 于 "
    "以 为 由 被 把 将 从 到 向 给 就 都 也 还 又 很 更 最 不 没 没有 有 要 会 能 "
    "可以 应 应当 应该 需 需要 这 那 这个 那个 其 之 所 等 关于 有关 进行 上 下 中 里 内 "
    "个 我 你 您 他 她 它 们 我们 你们 他们 因 因为 所以 如果 若 则 让 使 比 按 按照 "
    "根据 一个 "
)


def plain(text: str) -> str:
    """Half-width, lower-case Latin, plain forms of variant characters; same length, so offsets stay."""
    return _NOT_PLAIN.sub(lambda found: _PLAIN[found[0]], text)


def index_tokens(text: str) -> list[str]:
    """Words of `text` for the index, long words together with the short words inside them; no punctuation."""
    return [word for word in _SEGMENTER.cut_for_search(_joined(text)) if _WORD.search(word)]


def query_tokens(text: str) -> list[str]:
    """Words of a question in their order; no punctuation. A blank in a question separates, it is not layout."""
    return [word for word in _SEGMENTER.cut(plain(text)) if _WORD.search(word)]


def content_words(text: str) -> list[str]:
    """The words of a question that a document has to have, without repeats; all words when nothing else is left.

    Left out besides words of asking and grammar: a single Chinese character next to others. It is mostly a piece of
    a word that the segmenter did not know or that was cut off, so no word of the index. Typed between blanks it stays.
    """
    kept: dict[str, None] = {}
    for part in text.split():
        words = query_tokens(part)
        for word in words:
            piece = len(word) == 1 and len(words) > 1 and not word.isascii()
            if not piece and word not in QUESTION_WORDS and word not in FUNCTION_WORDS:
                kept[word] = None
    return list(kept or dict.fromkeys(query_tokens(text)))


def pairs(text: str) -> list[str]:
    """Neighbouring characters two by two: 房屋征收 → 房屋, 屋征, 征收. A number or Latin word is one unit.

    A unit that stands alone between punctuation is given by itself.
    """
    found: list[str] = []
    for run in _RUN.findall(_joined(text)):
        units = _UNIT.findall(run) if _LATIN.search(run) else run
        if len(units) == 1:
            found.append(units[0])
        else:
            found.extend(map(str.__add__, units, units[1:]))
    return found


def is_asking(text: str) -> bool:
    """Whether a text is put as a question: it has a word of asking."""
    return not QUESTION_WORDS.isdisjoint(query_tokens(text))


def question_pairs(text: str) -> list[str]:
    """Pairs of a question without its words of asking, without repeats; none spans a word left out or a blank."""
    kept = "".join(" " if word in QUESTION_WORDS else word for word in _SEGMENTER.cut(plain(text)))
    return list(dict.fromkeys(pair for part in kept.split() for pair in pairs(part)))


def _joined(text: str) -> str:
    return _LAYOUT.sub("", plain(text))
