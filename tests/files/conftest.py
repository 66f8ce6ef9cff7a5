"""Material that several tests of files draw on."""

import io
import re
import zipfile
from collections.abc import Mapping
from types import SimpleNamespace

import pytest
from hypothesis import strategies as st

NAMES = re.findall(
    r"\S+",
    "p div h1 h2 h3 h5 ul ol li table thead tbody tfoot tr td th caption blockquote hr br b strong i em u s del sub "
    "sup a span font img pre script style svg math button select option form o:p template",
)
WORDS = [
    "通知",
    "第一章 总则",
    "　　",
    " ",
    "\n",
    "&nbsp;",
    "&lt;b&gt;",
    "a",
    "2026年",
    "<",
    ">",
    "&",
    "&amp;",
    '"',
    "\t",
    "\u200b",
]
ATTRIBUTES = [
    ' class="text-center"',
    ' style="text-align: right; color:red"',
    " align=center",
    ' colspan="3"',
    " rowspan=2",
    ' scope="col"',
    ' href="https://example.gov.cn/?a=1&amp;b=2"',
    " href='/a b'",
    ' src="/files/1.png" alt="图一"',
    ' src="/files/2.png" alt=""',
    ' start="4"',
    ' style="font-weight:bold"',
    " onclick=alert(1)",
    ' x="',
    " '",
]

_opening = st.builds(
    lambda name, attributes: f"<{name}{''.join(attributes)}>",
    st.sampled_from(NAMES),
    st.lists(st.sampled_from(ATTRIBUTES), max_size=2),
)
_closing = st.sampled_from(NAMES).map(lambda name: f"</{name}>")
_odd = st.sampled_from(["<!--x-->", "<!-- ", "<![if !supportLists]>", "<?xml?>", "</", "<p", "<1>", "<!doctype html>"])
_text = st.one_of(st.sampled_from(WORDS), st.text(max_size=4))


@pytest.fixture(scope="session")
def soup() -> st.SearchStrategy[str]:
    """HTML soup: balanced and broken, known and unknown elements, awkward text."""
    return st.lists(st.one_of(_opening, _opening, _closing, _text, _text, _odd), max_size=40).map("".join)


_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>
<Override PartName="/word/document.xml" ContentType="{main}"/>
<Override PartName="/word/styles.xml" ContentType="{word}.styles+xml"/>
<Override PartName="/word/numbering.xml" ContentType="{word}.numbering+xml"/>
<Override PartName="/word/comments.xml" ContentType="{word}.comments+xml"/></Types>"""
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
NAMESPACES = f'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="{_RELATIONS}"'


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def word_parts(body: str, *, main: str = f"{_WORD}.document.main+xml", **others: str) -> dict[str, str | bytes]:
    """The parts of a small .docx; `others` are parts of `word/` by name without `.xml`, given by their inner XML."""
    roots = {"styles": "styles", "numbering": "numbering", "comments": "comments", "header1": "hdr"}
    related = "".join(
        f'<Relationship Id="r{name}" Type="{_RELATIONS}/{name.rstrip("1")}" Target="{name}.xml"/>' for name in others
    )
    return {
        "[Content_Types].xml": _TYPES.format(main=main, word=_WORD),
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_RELATIONS}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<?xml version="1.0" encoding="UTF-8"?><w:document {NAMESPACES}><w:body>{body}</w:body>'
        "</w:document>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{related}</Relationships>',
    } | {
        f"word/{name}.xml": f"<w:{roots[name]} {NAMESPACES}>{inner}</w:{roots[name]}>" for name, inner in others.items()
    }


def paragraph(text: str, properties: str = "") -> str:
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


@pytest.fixture(scope="session")
def word() -> SimpleNamespace:
    """Making Word files by hand: `parts(body, **others)`, `zipped(parts)`, `paragraph(text, properties)`."""
    return SimpleNamespace(parts=word_parts, zipped=zipped, paragraph=paragraph, types=_WORD)
