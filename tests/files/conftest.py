"""Material that several tests of files draw on."""

import re

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
