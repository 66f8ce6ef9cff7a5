"""The sheet to be pinned up, opened as a PDF: paper, letters, pages, its QR as a phone would read it."""

from __future__ import annotations

import io
from datetime import date

import cv2
import numpy
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from gongkai.channels.notice_sheet import PAPERS, may_be_pinned_up, notice_pdf, pictures_of
from gongkai.law.verdicts import Allowed
from tests.conftest import SHANGHAI

BASE = "https://www.qinghe.example"
MM = 72 / 25.4
SIZES = {"A4": (210, 297), "A3": (297, 420)}


def made(item, paper: str = "A4", pictures=None) -> bytes:
    return notice_pdf(item, paper=paper, base=BASE, zone=SHANGHAI, pictures=pictures or {})


def words(data: bytes) -> str:
    """All text without line ends and blanks; pdfium writes a hyphen at the end of a line as U+FFFE."""
    with pypdfium2.PdfDocument(data) as pdf:
        told = "".join(page.get_textpage().get_text_range() for page in pdf)
    return "".join(told.replace("\ufffe", "-").split())


def read_qr(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as pdf:
        picture = numpy.asarray(pdf[len(pdf) - 1].render(scale=2).to_pil().convert("RGB"))
    return cv2.QRCodeDetector().detectAndDecode(picture)[0]


@pytest.mark.parametrize("paper", PAPERS)
def test_the_paper_is_what_was_asked_for_and_every_letter_is_in_the_file(paper, item_of):
    data = made(item_of(), paper)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            assert [round(float(n) / MM) for n in page.mediabox[2:]] == list(SIZES[paper])
            for font in page.Resources.Font.values():
                described = font.DescendantFonts[0].FontDescriptor
                assert "/FontFile3" in described or "/FontFile2" in described
        assert "/OpenAction" not in pdf.Root and "/AcroForm" not in pdf.Root


def test_letters_grow_with_the_paper(item_of):
    heights = {}
    for paper in PAPERS:
        with pypdfium2.PdfDocument(made(item_of(), paper)) as pdf:
            page = pdf[0].get_textpage()
            at = page.search("本月共救助").get_next()[0]
            left, bottom, right, top = page.get_charbox(at)
            heights[paper] = top - bottom
    assert heights["A3"] / heights["A4"] == pytest.approx(2**0.5, rel=0.02)


def test_it_says_who_when_what_and_where(item_of):
    told = words(made(item_of(doc_number="青民公告〔2026〕9号", kind="政策")))
    for said in (
        "青禾市民政局", "青禾市2026年8月临时救助情况公示", "2026年9月21日发布", "青民公告〔2026〕9号",
        "索引号900000002/2026-00001", "本月共救助三十二户。", "附件：救助名单", "第1页，共1页",
        "https://www.qinghe.example/items/900000002/2026-00001/",
    ):  # fmt: skip
        assert said in told, said
    assert "公示期" not in told and "异议" not in told and "咨询" not in told


def test_an_announcement_says_its_period_and_whom_to_tell_of_an_objection(item_of):
    announced = {
        "kind": "公示",
        "valid_until": date(2026, 9, 25),
        "section": "社会救助科",
        "phone": "（0000）8812 3456",
    }
    told = words(made(item_of(**announced)))
    assert "公示期：2026年9月21日至2026年9月25日（含当日）" in told
    assert "对公示内容有异议的，请在公示期内向青禾市民政局社会救助科反映，电话：（0000）88123456。" in told
    assert "有异议" not in words(made(item_of(**announced | {"phone": ""})))
    plain = words(made(item_of(**announced | {"kind": "通知"})))
    assert "公示期" not in plain and "咨询：青禾市民政局社会救助科，电话：（0000）88123456。" in plain


@pytest.mark.parametrize("paper", PAPERS)
def test_a_phone_reads_the_way_to_the_page(paper, item_of):
    assert read_qr(made(item_of(), paper)) == "https://www.qinghe.example/items/900000002/2026-00001/"


def test_a_long_text_flows_over_numbered_pages_and_nothing_is_lost(item_of):
    body = "".join(f"<p>第{n}条，各街道应当按月公布救助情况，方便群众监督。</p>" for n in range(1, 201))
    rows = "".join(f"<tr><td>{n}</td><td>第{n}社区</td><td>{n}户</td></tr>" for n in range(1, 121))
    data = made(item_of(body=f"{body}<table><tbody>{rows}</tbody></table>", text=""))
    with pypdfium2.PdfDocument(data) as pdf:
        pages = len(pdf)
    told = words(data)
    assert pages > 5
    assert all(f"第{n}条，" in told for n in range(1, 201))
    assert all(f"第{n}社区{n}户" in told for n in range(1, 121))
    assert all(f"第{n}页，共{pages}页" in told for n in range(1, pages + 1))
    assert read_qr(data).endswith("/2026-00001/")


@pytest.mark.parametrize("title", ["长" * 17, "长" * 40, "长" * 200])
def test_a_title_of_any_length_stands_whole(title, item_of):
    assert title in words(made(item_of(title=title)))


def test_marks_in_a_title_are_text(item_of):
    hostile = '<script>alert(1)</script><img src="http://127.0.0.1:9/x">'
    assert "".join(hostile.split()) in words(made(item_of(title=hostile, organ=hostile, phone=hostile)))


def test_pictures_of_the_text_are_printed_and_nothing_is_fetched(item_of):
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(drawn, "PNG")
    digest = "a" * 64
    data = made(
        item_of(body=f'<p>见图。</p><p><img src="asset:{digest}" alt="图"></p>'),
        pictures={digest: ("image/png", drawn.getvalue())},
    )
    with pypdfium2.PdfDocument(data) as pdf:
        picture = numpy.asarray(pdf[0].render(scale=1).to_pil().convert("RGB")).reshape(-1, 3)
    assert (picture == (255, 0, 0)).all(axis=1).sum() > 500


def test_another_paper_is_none(item_of):
    with pytest.raises(KeyError):
        made(item_of(), "A5")


@pytest.mark.parametrize(
    ("validity", "may"),
    [("effective", True), ("pending", True), ("", True), ("expired", False), ("abolished", False), ("amended", False)],
)
def test_what_is_over_is_not_put_up_again(validity, may, item_of):
    verdict = may_be_pinned_up(item_of(validity=validity))
    assert (verdict == Allowed()) is may
    assert may or verdict.sentence.endswith("请取下已经张贴的通知。")


@pytest.mark.django_db
def test_only_pictures_of_the_text_in_front_are_given(desk, town):
    from gongkai.disclosure.actions.save_draft import save_draft
    from gongkai.disclosure.models import Item
    from tests.conftest import AT
    from tests.desk.conftest import png

    item = desk.draft()
    image = desk.attach(item, png(), "p.png", inline=True)
    desk.attach(item, b"a,b\n1,2\n", "a.csv")
    item.draft.refresh_from_db()
    save_draft(
        item.pk, {"body": f'<p>见图。</p><p><img src="asset:{image.blob_id}"></p>'}, based_on=item.draft.revision,
        actor=town.actor("drafter"), at=AT, today=AT.date(),
    )  # fmt: skip
    assert pictures_of("") == {}
    desk.release(Item.objects.get(pk=item.pk))
    found = pictures_of(Item.objects.get(pk=item.pk).index_number)
    assert {digest: kind for digest, (kind, _) in found.items()} == {image.blob_id: "image/png"}
