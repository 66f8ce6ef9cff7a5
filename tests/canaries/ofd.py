"""OFD files (GB/T 33190) with a canary in one named hiding place each; see `office`. The page shows SHOWN."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.canaries.image import PNG, picture, saved
from tests.canaries.office import SHOWN, Place, before, packed

_NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_AREA = "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"


def line(text: str, y: float = 40, attributes: str = "", inner: str = "", x: float = 20, number: int = 11) -> str:
    """One text object; `x` and `y` in millimetres from the top left."""
    return (
        f'<ofd:TextObject ID="{number}" Boundary="{x} {y} 160 6" Font="3" Size="5" {attributes}>{inner}'
        f'<ofd:TextCode X="0" Y="5" DeltaX="g {max(len(text) - 1, 1)} 5">{text}</ofd:TextCode></ofd:TextObject>'
    )


def _content(layers: str) -> str:
    return f"<ofd:Page {_NS}><ofd:Area>{_AREA}</ofd:Area><ofd:Content>{layers}</ofd:Content></ofd:Page>"


def _layer(objects: str, attributes: str = 'Type="Body"') -> str:
    return f'<ofd:Layer ID="10{len(objects) % 90 + 10}" {attributes}>{objects}</ofd:Layer>'


def ofd(
    body: str = "",
    *,
    layers: str = "",
    info: str = "",
    common: str = "",
    document: str = "",
    pages: str = "",
    **others: str | bytes,
) -> dict[str, str | bytes]:
    """Members of an OFD of one page. `body`: more objects of its layer; the others are put in where they belong."""
    return {
        "OFD.xml": f'<ofd:OFD {_NS} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>0123456789abcdef0123456789abcdef'
        f"</ofd:DocID>{info}</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {_NS}><ofd:CommonData><ofd:MaxUnitID>100</ofd:MaxUnitID><ofd:PageArea>{_AREA}"
        f"</ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>{common}</ofd:CommonData><ofd:Pages>"
        f'<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>{pages}</ofd:Pages>{document}</ofd:Document>',
        "Doc_0/PublicRes.xml": f'<ofd:Res {_NS} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="3" FontName="宋体" FamilyName="宋体"/>'
        "</ofd:Fonts></ofd:Res>",
        "Doc_0/Pages/Page_0/Content.xml": _content(_layer(line(SHOWN, 20) + body) + layers),
        **others,
    }  # fmt: skip


def _made(members: Mapping[str, str | bytes], canary: str) -> bytes:
    return packed(
        {name: text.replace("CANARY", canary) if isinstance(text, str) else text for name, text in members.items()}
    )


def _body(body: str) -> Callable[[str], bytes]:
    return lambda canary: _made(ofd(body), canary)


def _member(name: str, content: str | bytes, **how: str) -> Callable[[str], bytes]:
    def make(canary: str) -> bytes:
        held = content.encode() if isinstance(content, str) else content
        return _made(ofd(**how) | {name: held.replace(b"CANARY", canary.encode())}, canary)

    return make


def _info(inner: str) -> Callable[[str], bytes]:
    return lambda canary: _made(ofd(info=inner), canary)


def _document(inner: str) -> Callable[[str], bytes]:
    return lambda canary: _made(ofd(document=inner), canary)


_BOX = (
    '<ofd:PathObject ID="50" Boundary="15 35 180 16" Fill="true" Stroke="false"><ofd:FillColor Value="{}"/>'
    "<ofd:AbbreviatedData>M 0 0 L 180 0 L 180 16 L 0 16 C</ofd:AbbreviatedData></ofd:PathObject>"
)
_ANNOTATION = (
    f'<ofd:PageAnnot {_NS}><ofd:Annot ID="60" Type="Highlight" Creator="{{}}" LastModDate="2026-01-01"><ofd:Remark>{{}}</ofd:Remark>'
    '<ofd:Appearance Boundary="{}">{}</ofd:Appearance></ofd:Annot></ofd:PageAnnot>'
)
_ANNOTATIONS = f'<ofd:Annotations {_NS}><ofd:Page PageID="1"><ofd:FileLoc>Page_0/Annotation.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>'
_ATTACHMENTS = (
    f'<ofd:Attachments {_NS}><ofd:Attachment ID="a" Name="{{}}" Format="txt"><ofd:FileLoc>a.txt</ofd:FileLoc></ofd:Attachment>'
    "</ofd:Attachments>"
)


def _annotated(creator: str, remark: str, drawn: str = "", boundary: str = "20 200 50 10") -> Callable[[str], bytes]:
    members = ofd(document="<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>") | {
        "Doc_0/Annots/Annotations.xml": _ANNOTATIONS,
        "Doc_0/Annots/Page_0/Annotation.xml": _ANNOTATION.format(creator, remark, boundary, drawn),
    }
    return lambda canary: _made(members, canary)


def _attached(name: str, content: str) -> Callable[[str], bytes]:
    members = ofd(document="<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>") | {
        "Doc_0/Attachs/Attachments.xml": _ATTACHMENTS.format(name),
        "Doc_0/Attachs/a.txt": content,
    }
    return lambda canary: _made(members, canary)


def _pictured(canary: str) -> bytes:
    """A picture that is drawn, with a remark in its bytes."""
    shown = '<ofd:ImageObject ID="70" ResourceID="5" Boundary="20 100 40 30" CTM="40 0 0 30 0 0"/>'
    members = ofd(shown, common="<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>")
    members["Doc_0/DocumentRes.xml"] = (
        f'<ofd:Res {_NS} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="5" Type="Image" Format="PNG">'
        "<ofd:MediaFile>a.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"
    )
    return packed(members | {"Doc_0/Res/a.png": PNG["text_chunk"].make(canary)})


def _unused_picture(canary: str) -> bytes:
    return packed(ofd() | {"Doc_0/Res/a.png": saved(picture(), "PNG") + canary.encode()})


def _second_document(canary: str) -> bytes:
    """An earlier version of the document, kept as another document body."""
    members = ofd()
    members["OFD.xml"] = str(members["OFD.xml"]).replace(
        "</ofd:DocBody>",
        '<ofd:Versions><ofd:Version ID="v" Index="0" BaseLoc="Doc_0/Versions/Version_0.xml"/></ofd:Versions></ofd:DocBody>',
    )
    members["Doc_0/Versions/Version_0.xml"] = f"<ofd:DocVersion {_NS}><ofd:FileList/></ofd:DocVersion>"
    members["Doc_0/Versions/V0/Pages/Page_0/Content.xml"] = _content(_layer(line(canary)))
    return packed(members)


_TEMPLATE = '<ofd:TemplatePage ID="80" Name="CANARY" BaseLoc="Tpls/Tpl_0/Content.xml"/>'
PLACES: dict[str, Place] = {
    "author": Place(_info("<ofd:Author>CANARY</ofd:Author>"), "properties"),
    "title": Place(_info("<ofd:Title>CANARY</ofd:Title>"), "properties"),
    "abstract": Place(_info("<ofd:Abstract>CANARY</ofd:Abstract>"), "properties"),
    "keyword": Place(_info("<ofd:Keywords><ofd:Keyword>CANARY</ofd:Keyword></ofd:Keywords>"), "properties"),
    "own_property": Place(
        _info('<ofd:CustomDatas><ofd:CustomData Name="a">CANARY</ofd:CustomData></ofd:CustomDatas>'),
        "custom_properties|properties"),
    "bookmark": Place(
        _document('<ofd:Bookmarks><ofd:Bookmark Name="CANARY"><ofd:Dest Type="Fit" PageID="1"/></ofd:Bookmark></ofd:Bookmarks>'),
        "bookmark"),
    "outline": Place(_document('<ofd:Outlines><ofd:OutlineElem Title="CANARY"/></ofd:Outlines>'), "bookmark"),
    "address_of_an_action": Place(
        _document('<ofd:Actions><ofd:Action Event="DO"><ofd:URI URI="https://example.org/CANARY"/></ofd:Action></ofd:Actions>'),
        "link"),
    "remark_of_an_annotation": Place(_annotated("x", "CANARY"), "annotation"),
    "author_of_an_annotation": Place(_annotated("CANARY", "x"), "annotation"),
    "annotation_switched_off": Place(
        _member("Doc_0/Annots/Page_0/Annotation.xml",
                _ANNOTATION.format("x", "x", "20 200 50 10", line("CANARY", 0)).replace("<ofd:Annot ", '<ofd:Annot Visible="false" '),
                document="<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>",
                **{"Doc_0/Annots/Annotations.xml": _ANNOTATIONS}), "annotation"),
    "attachment": Place(_attached("a", "CANARY"), "attachment"),
    "name_of_an_attachment": Place(_attached("CANARY", "x"), "attachment"),
    "tag": Place(_member("Doc_0/Tags/CustomTag.xml", f"<ofd:OfficialDoc {_NS}><a>CANARY</a></ofd:OfficialDoc>",
                         document="<ofd:CustomTags>Tags/CustomTag.xml</ofd:CustomTags>"), "custom_xml|other_part"),
    "extension_of_a_program": Place(
        _member("Doc_0/Extensions.xml", f'<ofd:Extensions {_NS}><ofd:Extension AppName="x"><ofd:Data>CANARY</ofd:Data></ofd:Extension></ofd:Extensions>',
                document="<ofd:Extensions>Extensions.xml</ofd:Extensions>"), "custom_xml|other_part"),
    "object_switched_off": Place(_body(line("CANARY", attributes='Visible="false"')), "hidden_text"),
    "white_letters": Place(_body(line("CANARY", inner='<ofd:FillColor Value="255 255 255"/>')), "hidden_text"),
    "wholly_transparent": Place(_body(line("CANARY", attributes='Alpha="0"')), "hidden_text"),
    "neither_filled_nor_drawn": Place(_body(line("CANARY", attributes='Fill="false" Stroke="false"')), "hidden_text"),
    "letters_of_no_size": Place(_body(line("CANARY").replace('Size="5"', 'Size="0.01"')), "hidden_text"),
    "off_the_page": Place(_body(line("CANARY", y=-400)), "off_page"),
    "right_of_the_page": Place(_body(line("CANARY", x=900)), "off_page"),
    "under_a_box": Place(_body(line("CANARY") + _BOX.format("0 0 0")), "covered_text"),
    "under_a_white_box": Place(_body(line("CANARY") + _BOX.format("255 255 255")), "covered_text"),
    "page_that_is_not_listed": Place(
        _member("Doc_0/Pages/Page_9/Content.xml", _content(_layer(line("CANARY")))), "other_part|hidden_text"),
    "template_nobody_uses": Place(
        _member("Doc_0/Tpls/Tpl_0/Content.xml", _content(_layer(line("CANARY"))), common=_TEMPLATE.replace("CANARY", "x")),
        "master|other_part"),
    "name_of_a_template": Place(
        _member("Doc_0/Tpls/Tpl_0/Content.xml", _content(_layer(line("x"))), common=_TEMPLATE), "master|other_part"),
    "earlier_version": Place(_second_document, "earlier_revision|other_part"),
    "signature": Place(
        _member("Doc_0/Signs/Sign_0/Signature.xml", f"<ofd:Signature {_NS}><ofd:SignedInfo><ofd:Provider Company=\"CANARY\"/></ofd:SignedInfo></ofd:Signature>"),
        "other_part|properties"),
    "remark_of_a_picture": Place(_pictured, "exif"),
    "picture_nobody_uses": Place(_unused_picture, "other_part|trailing_bytes|exif"),
    "member_nobody_knows": Place(_member("Doc_0/own.xml", "<a>CANARY</a>"), "other_part"),
    "member_that_is_no_xml": Place(_member("Doc_0/own.bin", "\x01\x02CANARY"), "other_part"),
    "name_of_a_member": Place(lambda canary: packed(ofd() | {f"Doc_0/Res/{canary}.bin": b"x"}), "other_part"),
    "comment_in_the_xml": Place(_body("<!-- CANARY -->"), "comment|other_part"),
    "attribute_nobody_knows": Place(_body(line("x", 60, attributes='Own="CANARY"')), "other_part"),
    "remark_of_the_archive": Place(lambda canary: packed(ofd(), canary.encode()), "trailing_bytes"),
    "behind_the_archive": Place(lambda canary: packed(ofd()) + canary.encode(), "trailing_bytes"),
    "before_the_archive": Place(lambda canary: before(packed(ofd()), canary.encode()), "trailing_bytes"),
}  # fmt: skip
