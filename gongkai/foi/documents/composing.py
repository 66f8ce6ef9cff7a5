"""From a template and fields to a document.

A template is a plain text: one paragraph per line, lines beginning with `#` are remarks, and

- `{request}` a field of `fields.FIELDS`; without a value its label stands there in 【】;
- `[…]` is written only if one of the fields in it has a value; `[…|…]` takes the first part that may be written, and
  a part without a field always may; `[?name …|…]` takes the first part if there is such a value,
  `[?name=code …|…]` if it is that one;
- a line of one field only gives as many paragraphs as the value has lines;
- `@name` takes in the lines of the file `_name.txt`;
- `---- Heading` begins a form on a page of its own, its lines are `label：content`.

Values are put in last and once: what stands in a value is never read as a template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from gongkai.foi.documents.document import GAP, NEW_PAGE, Document, clean
from gongkai.foi.documents.fields import FIELDS, as_date, file_titles, has, plain, said
from gongkai.foi.documents.kinds import Kind, kind_of
from gongkai.law.replies import ELEMENTS, reply

_CHOICE: Final = re.compile(r"\[(?:\?(?P<name>\w+)(?:=(?P<code>\w+))? )?(?P<parts>[^\[\]]*)\]")
_FIELD: Final = re.compile(r"\{(\w+)\}")
_ENDS: Final = "。！？；：;:.!?"
#: Element of `law.replies` → the field that carries it; the rest are parts of the page.
ELEMENT_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "request": ("received_on", "request"),
    "articles": ("articles",),
    "access": ("access",),
    "access_time": ("access_time",),
    "content": ("content",),
    "reason": ("reason",),
    "ground": ("ground",),
    "search": ("search_described",),
    "responsible": ("responsible_agency", "responsible_contact"),
    "special_rule": ("special_rule",),
    "proper_channel": ("proper_channel",),
    "earlier_reply": ("earlier_reply",),
    "remedy": ("remedy",),
}


def compose(kind: str, fields: Mapping[str, Any], body: str = "") -> Document:
    """A document of that kind; `body`, one paragraph per line, takes the place of the template's paragraphs.

    What has no value stands as 【…】 (see `missing`). Raises LookupError for an unknown kind, ValueError for a date
    that is none.
    """
    row = kind_of(kind)
    made = tuple(_paragraphs(row, fields))
    if body.strip():
        forms = next((n for n, paragraph in enumerate(made) if paragraph.startswith(NEW_PAGE)), len(made))
        made = (*_split(clean(body)), *made[forms:])
    return Document(
        kind=row.code,
        title=row.title,
        number=_one_line(plain("number")(fields, row)) or ("【文号】" if row.numbered else ""),
        addressee=_one_line(said("addressee", fields, row)) if row.layout == "letter" else "",
        paragraphs=made,
        agency=_one_line(said("agency", fields, row)),
        dated=as_date(fields.get("dated")),
        attachments=file_titles(fields),
        contact=_contact(fields, row),
    )


def left_out(document: Document, fields: Mapping[str, Any]) -> tuple[str, ...]:
    """What `law.replies` wants in this letter and the text does not say word for word, by name.

    Only what has a value is looked for; a reply written freely may have lost its remedy, its reason, its article.
    """
    row = kind_of(document.kind)
    code = row.code.removeprefix("reply_")
    if code == row.code:
        return ()
    text = re.sub(r"\s", "", document.text)
    absent = []
    for element in reply(code).elements:
        if element == "access_time" and fields.get("content_provided"):
            continue  # handed over with the letter
        for name in ELEMENT_FIELDS.get(element, ()):
            value = FIELDS[name].say(fields, row)
            if value and not all(_bare(part) in text for part in value.splitlines()):
                absent.append(ELEMENTS[element])
    listed = fields.get("withheld_list") or ()
    if "withheld_list" in named(row.template) and not all(_bare(line) in text for line in listed):
        absent.append("附件中遮盖的内容和依据")
    return tuple(dict.fromkeys(absent))


@cache
def template(name: str) -> tuple[str, ...]:
    """The lines of a template, those it takes in included, without remarks. Raises FileNotFoundError."""
    found: list[str] = []
    for line in files("gongkai.foi.documents.templates").joinpath(name).read_text(encoding="utf-8").splitlines():
        if line.startswith("@"):
            found.extend(template(f"_{line[1:].strip()}.txt"))
        elif line.strip() and not line.startswith("#"):
            found.append(line.strip())
    return tuple(found)


def named(name: str) -> frozenset[str]:
    """Every field a template may print."""
    return frozenset(field for line in template(name) for field in _FIELD.findall(line))


def _paragraphs(row: Kind, fields: Mapping[str, Any]) -> Iterator[str]:
    for line in template(row.template):
        chosen = _CHOICE.sub(lambda m: _choose(m, row, fields), line)
        if alone := _FIELD.fullmatch(chosen):
            yield from (_ended(part, row) for part in _split(said(alone[1], fields, row)))
        elif chosen.startswith("---- "):
            yield NEW_PAGE + chosen.removeprefix("---- ")
        elif chosen:
            yield _FIELD.sub(lambda m: _inside(said(m[1], fields, row), m), chosen)


def _choose(match: re.Match[str], row: Kind, fields: Mapping[str, Any]) -> str:
    parts = match["parts"].split("|")
    if name := match["name"]:
        chosen = str(fields.get(name)) == match["code"] if match["code"] else has(name, fields, row)
        return parts[0] if chosen else "".join(parts[1:])
    for part in parts:
        wanted = _FIELD.findall(part)
        if not wanted or any(has(field, fields, row) for field in wanted):
            return part
    return ""


def _inside(value: str, match: re.Match[str]) -> str:
    """A value within a sentence: one line, without the stop that follows in the template anyway."""
    parts = [part.strip() for part in value.splitlines() if part.strip()]
    joined = "".join(part if part[-1] in _ENDS else f"{part}；" for part in parts[:-1]) + (parts or [""])[-1]
    follows = match.string[match.end() : match.end() + 1]
    return joined.rstrip("。；;，, ") if follows in "。；，）" and follows else joined


def _split(text: str) -> list[str]:
    return [part.strip(" \u3000") for part in text.split("\n") if part.strip()]


def _ended(part: str, row: Kind) -> str:
    return part if row.layout != "letter" or part[-1] in _ENDS + "】" else f"{part}。"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text).rstrip("。；;，,")


def _contact(fields: Mapping[str, Any], row: Kind) -> str:
    """How to reach the disclosure office; nothing where the installation does not know."""
    if row.layout != "letter":
        return ""
    given = _one_line(plain("contact")(fields, row))
    told = (("联系电话", "organ_phone"), ("地址", "organ_address"))
    parts = [f"{label}：{value}" for label, name in told if (value := _one_line(plain(name)(fields, row)))]
    return GAP.sub(r"〖\1〗", given or "；".join(parts))
