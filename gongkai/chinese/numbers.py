"""Document numbers (发文字号) and index numbers (索引号) in one form, however they are typed."""

from __future__ import annotations

import re

from gongkai.chinese.normalise import BLANKS, HYPHENS, INVISIBLE
from gongkai.chinese.tokens import plain

_OPENING = "〔［[(【﹝〖「"
_CLOSING = "〕］])】﹞〗」"
_SIGNS = (
    {ord(sign): "〔" for sign in _OPENING}
    | {ord(sign): "〕" for sign in _CLOSING}
    | {ord(sign): "-" for sign in HYPHENS}
    | {ord(sign): None for sign in BLANKS + INVISIBLE + " \r\n"}
)
_SERIAL = re.compile(r"(?<=〕)第?0*(\d+)(?=号)")
# 机关代字 up to twelve characters, the year in brackets, 第 or nothing, the serial number, 号.
_DOCUMENT_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,12}〔(?:19|20)\d\d〕\d{1,5}号")


def code_key(text: str) -> str:
    """One form of a document number, index number or other identifier, for comparing only.

    Brackets of any kind become 〔〕, dashes become -, spaces go, letters become small, 第 and leading zeros of the
    serial number go: `冀政办字 [2023] 第012号` and `冀政办字〔2023〕12号` are the same.
    """
    return _SERIAL.sub(r"\1", plain(text).translate(_SIGNS))


def document_numbers(text: str) -> tuple[str, ...]:
    """Keys (see `code_key`) of the document numbers inside a short running text, in their order.

    Characters that stand directly before the number cannot be told from its organ code (请问冀政办字〔2023〕12号), so
    every shorter start is given too, longest first.
    """
    found: list[str] = []
    for match in _DOCUMENT_NUMBER.finditer(code_key(text)):
        number = match.group()
        found.extend(number[start:] for start in range(number.index("〔")))
    return tuple(dict.fromkeys(found))
