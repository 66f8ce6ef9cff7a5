"""Plain text, web pages, archives and old binary documents with a canary in one named hiding place each; see `office`."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from tests.canaries import sheet as workbooks
from tests.canaries.office import DOCX, SHOWN, Place, before, compound, packed


def tags(text: str) -> str:
    """Letters of the block of tags (U+E0000): most programs show nothing at all."""
    return "".join(chr(0xE0000 + ord(letter)) for letter in text if ord(letter) < 0x7F)


def unseen(text: str) -> str:
    """Written in two characters of no width, sixteen to a letter."""
    bits = "".join(f"{ord(letter):016b}" for letter in text)
    return "".join("\u200b" if bit == "0" else "\u200c" for bit in bits)


TXT: dict[str, Place] = {
    "letters_of_the_block_of_tags": Place(lambda c: f"{SHOWN}{tags(c)}\n".encode(), ""),
    "characters_of_no_width": Place(lambda c: f"{SHOWN}{unseen(c)}\n".encode(), ""),
}
CSV: dict[str, Place] = {
    "letters_of_the_block_of_tags": Place(lambda c: f"名称,说明\n{SHOWN},甲{tags(c)}\n".encode(), ""),
    "characters_of_no_width": Place(lambda c: f"名称,说明\n{SHOWN},甲{unseen(c)}\n".encode(), ""),
}


def _page(body: str = "", head: str = "", after: str = "") -> Callable[[str], bytes]:
    whole = f'<!doctype html>\n<html><head><meta charset="utf-8"><title>公示</title>{head}</head><body><p>{SHOWN}</p>{body}</body></html>{after}'
    return lambda canary: whole.replace("CANARY", canary).encode()


HTML: dict[str, Place] = {
    "comment": Place(_page("<!-- CANARY -->"), "comment"),
    "comment_for_one_browser": Place(_page("<!--[if mso]><p>CANARY</p><![endif]-->"), "comment"),
    "not_displayed": Place(_page('<p style="display:none">CANARY</p>'), "hidden_text"),
    "not_visible": Place(_page('<span style="visibility: hidden">CANARY</span>'), "hidden_text"),
    "attribute_hidden": Place(_page("<div hidden>CANARY</div>"), "hidden_text"),
    "letters_of_no_size": Place(_page('<p style="font-size:0">CANARY</p>'), "hidden_text"),
    "white_letters": Place(_page('<p style="color:#ffffff">CANARY</p>'), "hidden_text"),
    "off_the_screen": Place(_page('<p style="position:absolute;left:-9999px">CANARY</p>'), "hidden_text|off_page"),
    "template": Place(_page("<template><p>CANARY</p></template>"), "hidden_text"),
    "without_script": Place(_page("<noscript>CANARY</noscript>"), "hidden_text"),
    "script": Place(_page("<script>var a = 'CANARY';</script>"), "javascript"),
    "act_of_a_button": Place(_page("<button onclick=\"say('CANARY')\">x</button>"), "javascript"),
    "style": Place(_page(head="<style>/* CANARY */</style>"), "other_part"),
    "author": Place(_page(head='<meta name="author" content="CANARY">'), "properties"),
    "hidden_field": Place(_page('<input type="hidden" value="CANARY">'), "form_field"),
    "alternative_text": Place(_page('<img src="a.png" alt="CANARY">'), "alt_text"),
    "tip": Place(_page('<p title="CANARY">x</p>'), "alt_text"),
    "address_of_a_link": Place(_page('<a href="mailto:CANARY">x</a>'), "link"),
    "data_attribute": Place(_page('<p data-own="CANARY">x</p>'), "other_part"),
    "page_within": Place(_page('<iframe srcdoc="&lt;p&gt;CANARY"></iframe>'), "other_part"),
}


def _archive(name: str, data: bytes) -> bytes:
    return packed({"说明.txt": SHOWN, name: data})


def _entry(canary: str, *, comment: bytes = b"", extra: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        told = zipfile.ZipInfo("说明.txt")
        told.comment, told.extra = comment, extra
        archive.writestr(told, SHOWN)
    return out.getvalue()


def _extra(canary: str) -> bytes:
    """Longer than the times and owners that programs write there."""
    held = canary.encode() * 4
    return b"\xfe\xca" + len(held).to_bytes(2, "little") + held


ZIP: dict[str, Place] = {
    "name_of_a_member": Place(lambda c: _archive(f"{c}.txt", b"x"), ""),
    "name_of_a_folder": Place(lambda c: _archive(f"{c}/a.txt", b"x"), ""),
    "remark_of_a_member": Place(lambda c: _entry(c, comment=c.encode()), "trailing_bytes|comment|other_part"),
    "extra_field_of_a_member": Place(lambda c: _entry(c, extra=_extra(c)), "trailing_bytes|other_part"),
    "remark_of_the_archive": Place(lambda c: packed({"说明.txt": SHOWN}, c.encode()), "trailing_bytes"),
    "behind_the_archive": Place(lambda c: packed({"说明.txt": SHOWN}) + c.encode(), "trailing_bytes"),
    "before_the_archive": Place(lambda c: before(packed({"说明.txt": SHOWN, "a.txt": "x"}), c.encode()), "trailing_bytes"),
    "very_hidden_sheet_in_a_member": Place(
        lambda c: _archive("名单.xlsx", workbooks.very_hidden_sheet(c)), "very_hidden_sheet"),
    "deletion_in_a_member": Place(lambda c: _archive("通知.docx", DOCX["deletion"].make(c)), "deletion"),
}  # fmt: skip


def _old(stream: str) -> Callable[[str], bytes]:
    """A compound file with the stream that tells its kind; what is in it makes no sense to any program."""
    return lambda canary: compound(
        {stream: canary.encode("utf-16-le"), "\x05SummaryInformation": canary.encode("gb18030")}
    )


DOC: dict[str, Place] = {"stream_of_an_old_document": Place(_old("WordDocument"), "")}
XLS: dict[str, Place] = {"stream_of_an_old_workbook": Place(_old("Workbook"), "")}
ALL: dict[str, dict[str, Place]] = {"txt": TXT, "csv": CSV, "html": HTML, "zip": ZIP, "doc": DOC, "xls": XLS}
