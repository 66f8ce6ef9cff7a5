"""The 卷宗: everything of a case, in order, as one numbered file; what is no page beside it."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import date, timedelta
from pathlib import Path

import docx
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from gongkai.files.queries import path_of
from gongkai.foi import binding
from gongkai.foi.actions.add_file import add_file
from gongkai.foi.actions.file_dossier import file_dossier
from gongkai.foi.dossier import Dossier, dossier_of, page_count
from gongkai.foi.models import CaseFile, FoiRequest
from gongkai.foi.queries.sealed import file_bytes, file_name
from gongkai.law.verdicts import Refusal
from gongkai.ledger.models import Fact
from tests.foi.conftest import ADDRESS, IDENTITY, NAME, PHONE, PNG, at

A4 = (595, 842)


def pdf_file(text: str = "", *, size: tuple[float, float] = A4, rotate: int = 0, pages: int = 1) -> bytes:
    """A PDF as somebody might send it: a script that runs on opening, a link, a filled field."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=size)
        page = made.pages[-1]
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.obj.Contents = made.make_stream(f"BT /F1 20 Tf 60 300 Td ({text}) Tj ET".encode())
        if rotate:
            page.obj.Rotate = rotate
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('x')")
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 100, 100],
        A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="http://evil.example"),
    )  # fmt: skip
    made.pages[0].obj.Annots = made.make_indirect([link])
    made.pages[0].obj.AA = pikepdf.Dictionary(O=script)
    made.Root.OpenAction = made.make_indirect(script)
    out = io.BytesIO()
    # packed, so that looking at the raw bytes finds no script
    made.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def word_file(text: str) -> bytes:
    word = docx.Document()
    word.add_paragraph(text)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def picture(width: int = 400, height: int = 200) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(out, "PNG")
    return out.getvalue()


def words(data: bytes, n: int) -> str:
    text = pypdfium2.PdfDocument(data)[n].get_textpage().get_text_range()
    return "".join(text.replace("\ufffe", "-").split())


def full_case(counter) -> FoiRequest:
    """A request that went all ways: clarified, consulted, extended, searched, partly granted, taken to review."""
    from gongkai.foi.actions.approve_extension import approve_extension
    from gongkai.foi.actions.ask_clarification import ask_clarification
    from gongkai.foi.actions.assign_task import assign_task
    from gongkai.foi.actions.consult import Party, consult
    from gongkai.foi.actions.examine_objection import examine_objection
    from gongkai.foi.actions.finish_task import finish_task
    from gongkai.foi.actions.propose_extension import propose_extension
    from gongkai.foi.actions.record_consultation_answer import record_consultation_answer
    from gongkai.foi.actions.record_search import record_search
    from gongkai.foi.actions.register_remedy import register_remedy
    from gongkai.foi.actions.take_clarification import take_clarification

    case = counter.case("救助资金发放明细和施工合同")
    number = case.number
    add_file(number, PNG, "身份证.png", kind="identity", **counter.who())
    add_file(number, pdf_file("REQUEST LETTER", pages=2), "申请书.pdf", kind="request", **counter.who())
    ask_clarification(
        number, on=counter.day, reply_by=counter.day + timedelta(days=10), items="请写明年份", **counter.who()
    )
    counter.pass_days(3)
    take_clarification(number, on=counter.day, **counter.who())
    consult(number, [Party("third_party", "青禾建设公司", "施工合同附件二")], on=counter.day, **counter.who())
    counter.pass_days(2)
    record_consultation_answer(
        number, "第三方1", on=counter.day, position="objected", text="报价未公开", **counter.who()
    )
    examine_objection(number, "第三方1", reasonable=True, reason="报价构成属于商业秘密", **counter.who())
    task = assign_task(
        number, counter.town.section, due_on=counter.day + timedelta(days=5), asked="查找施工合同", **counter.who()
    )
    finish_task(number, task.pk, answer="合同一份，见附件", **counter.who())
    record_search(
        number, places="档案室", terms="施工合同", result="合同一份", found=True, on=counter.day, **counter.who()
    )
    add_file(number, word_file("合同"), "施工合同.docx", kind="record", **counter.who())
    propose_extension(number, working_days=5, reason="材料较多", **counter.who())
    approve_extension(number, notified_on=counter.day, **counter.who("foi_head"))
    paper = counter.copy(case, pdf_file("CONTRACT 13800005678"), "施工合同.pdf")
    counter.reply(
        case, "R2p", ground="G15", files=[paper.pk],
        findings={"separability_examined": True}, letter={"reason": "附件二为投标报价构成，公开会损害其竞争地位"},
    )  # fmt: skip
    register_remedy(
        number, kind="review", body="青禾市人民政府", docket="青禾复〔2026〕7号", filed_on=counter.day, **counter.who()
    )
    return FoiRequest.objects.get(number=number)


def test_the_dossier_of_a_case_that_went_all_ways(counter):
    """One case, bound once: that takes seconds."""
    case = full_case(counter)
    made = dossier_of(case, filed_by="经办01", at=at(counter.day, 15))
    whole = [words(made.pdf, n) for n in range(made.pages)]
    _every_part_in_its_order(case, made)
    _every_page_bears_its_number_and_the_index_leads_to_it(made, whole)
    _what_stands_in_the_case_stands_in_it(case, "".join(whole))
    _papers_from_outside_do_not_act(made)
    _originals_that_are_no_pages_lie_beside(made, whole)
    assert made.parts[0].on == date(2026, 3, 7)
    assert "立卷日期2026年3月7日" in whole[0]


def _every_part_in_its_order(case: FoiRequest, made: Dossier) -> None:
    assert [part.title for part in made.parts] == [
        "卷宗封面",
        "卷内文件目录",
        "政府信息公开申请（登记内容）",
        "申请人身份证明（登记内容）",
        "申请书和附件：申请书.pdf",
        "身份证明：身份证.png",
        "政府信息公开申请登记回执",
        "政府信息公开申请补正告知书",
        "政府信息公开第三方意见征询书",
        "政府信息公开申请征求意见告知书",
        "政府信息公开申请延期答复告知书",
        "办理记录",
        "征求意见登记（第三方1）",
        "检索记录（1）",
        "科室办理情况",
        "延长答复期限审批",
        "答复审签意见（第1稿）",
        "检索到的信息：施工合同.docx",
        "检索到的信息：施工合同.pdf",
        "附件遮盖记录：施工合同.pdf",
        f"政府信息公开申请答复书（{case.reply_number}）",
        "政府信息公开送达回证",
        "答复附件：施工合同.pdf",
        "盖章件：stamped.png",
        "送达登记",
        "行政复议登记",
        "办理过程",
        "未装订的原件",
    ]
    assert sum(part.pages for part in made.parts) == made.pages == page_count(made.pdf)


def _every_page_bears_its_number_and_the_index_leads_to_it(made: Dossier, whole: list[str]) -> None:
    for n in range(made.pages):
        assert f"第{n + 1}页共{made.pages}页" in whole[n]
    index = "".join(whole[made.parts[0].pages : made.parts[0].pages + made.parts[1].pages])
    first = made.parts[0].pages + made.parts[1].pages + 1
    for n, part in enumerate(made.parts[2:], start=1):
        day = part.on.isoformat() if part.on else ""
        where = f"{part.pages}{first}" if part.pages else "—见附带的压缩包"
        assert f"{n}{part.title}{day}{where}" in index
        first += part.pages


def _what_stands_in_the_case_stands_in_it(case: FoiRequest, whole: str) -> None:
    wanted = (
        NAME, IDENTITY, PHONE, ADDRESS, case.number, case.reply_number, "REQUESTLETTER", "CONTRACT", "手机号码第1页，1处", "请写明年份", "青禾建设公司",
        "报价未公开", "报价构成属于商业秘密", "查找施工合同", "合同一份，见附件", "档案室", "材料较多", "经办01", "XA00000001",
        "青禾复〔2026〕7号", "部分公开（区分处理）", "保密审查通过", "登记申请", "告知补正", "签发答复",
    )  # fmt: skip
    assert [word for word in wanted if word not in whole] == []
    assert case.replies.get().digest in whole


def _papers_from_outside_do_not_act(made: Dossier) -> None:
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        assert {"/OpenAction", "/AcroForm", "/Names", "/AA"} & set(pdf.Root.keys()) == set()
        assert [n for n, page in enumerate(pdf.pages) if {"/Annots", "/AA"} & set(page.obj.keys())] == []
        objects = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary)]
        assert [o for o in objects if str(o.get("/S")) in ("/JavaScript", "/URI", "/Launch")] == []
        assert len(objects) > made.pages


def _originals_that_are_no_pages_lie_beside(made: Dossier, whole: list[str]) -> None:
    with zipfile.ZipFile(io.BytesIO(made.originals)) as packed:
        assert packed.namelist() == ["01-施工合同.docx"]
        original = packed.read("01-施工合同.docx")
    assert docx.Document(io.BytesIO(original)).paragraphs[0].text == "合同"
    listed = "".join(whole[-made.parts[-1].pages :])
    assert hashlib.sha256(original).hexdigest() in listed
    assert "01-施工合同.docx" in listed


def test_one_click_keeps_it_sealed_and_leaves_one_fact(counter, settings):
    case = counter.case()
    add_file(case.number, word_file("合同"), "施工合同.docx", kind="record", **counter.who())
    counter.reply(case)
    before = Fact.objects.filter(subject=case.subject).count()
    filed = file_dossier(case.number, **counter.who())

    assert (filed.kind, filed.media_type, file_name(filed)) == ("dossier", "application/pdf", f"案卷-{case.number}.pdf")
    pdf = file_bytes(filed)
    assert f"共{page_count(pdf)}页" in words(pdf, 0)
    assert [file_name(f) for f in CaseFile.objects.filter(request=case, kind="dossier").exclude(pk=filed.pk)] == [
        f"案卷-{case.number}-原件.zip"
    ]
    stored = path_of(filed.blob_id).read_bytes()
    assert not stored.startswith(b"%PDF") and NAME.encode() not in stored
    facts = Fact.objects.filter(subject=case.subject).order_by("id")[before:]
    assert [(fact.kind, fact.data["pages"]) for fact in facts] == [("foi.dossier_filed", page_count(pdf))]
    assert facts[0].digest == filed.digest.partition(":")[2]
    assert NAME not in str(facts[0].data)
    assert FoiRequest.objects.get(pk=case.pk).state == "replied"

    counter.pass_days(1)
    again = file_dossier(case.number, **counter.who())
    assert again.pk != filed.pk
    assert "案卷：" not in "".join(words(file_bytes(again), n) for n in range(3))


def test_a_withdrawn_request_has_a_dossier_too(counter):
    from gongkai.foi.actions.withdraw_request import withdraw_request

    case = counter.case()
    withdraw_request(case.number, on=counter.day, **counter.who())
    made = file_bytes(file_dossier(case.number, **counter.who()))
    cover = words(made, 0)
    assert "没有答复书" in cover and "其他处理（申请人撤回等）" in cover
    assert not CaseFile.objects.filter(request=case, media_type="application/zip").exists()


def test_an_open_request_somebody_elses_case_and_an_erased_one_have_none(counter):
    case = counter.case()
    with pytest.raises(Refusal) as refused:
        file_dossier(case.number, **counter.who())
    assert refused.value.code == "cannot_file_dossier"
    counter.reply(case)
    with pytest.raises(Refusal) as refused:
        file_dossier(case.number, **counter.who("section_reviewer"))
    assert refused.value.code == "not_your_post"
    FoiRequest.objects.filter(pk=case.pk).update(erased_at=at(counter.day))
    with pytest.raises(Refusal) as refused:
        file_dossier(case.number, **counter.who())
    assert refused.value.code == "erased"


def test_what_happens_while_it_is_bound_is_noticed(counter, monkeypatch):
    from gongkai.foi.actions import file_dossier as module

    case = counter.case()
    counter.reply(case)
    bind = module.dossier_of

    def slow(*given, **more):
        made = bind(*given, **more)
        FoiRequest.objects.filter(pk=case.pk).update(touched_at=at(counter.day, 11))
        return made

    monkeypatch.setattr(module, "dossier_of", slow)
    with pytest.raises(Refusal) as refused:
        file_dossier(case.number, actor=counter.town.actor("foi_officer"), at=at(counter.day, 12))
    assert refused.value.code == "case_moved_on"
    assert not CaseFile.objects.filter(request=case, kind="dossier").exists()


# Binding ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("size", [A4, (842, 595), (300, 400)])
def test_the_number_stands_in_the_upper_right_corner_as_the_page_is_seen(rotate: int, size):
    from gongkai.foi.dossier import _stamps

    piece = binding.plain_pages(pdf_file("X", size=size, rotate=rotate), "pdf")
    made = binding.bound([piece["pdf"]], _stamps(1))
    page = pypdfium2.PdfDocument(made)[0]
    assert "第1页共1页" in words(made, 0)
    image = page.render(scale=2).to_pil().convert("L")
    dark = [(x, y) for x in range(image.width) for y in range(80) if image.getpixel((x, y)) < 128]
    assert dark
    assert min(x for x, _ in dark) > image.width - 2 * 140
    assert max(x for x, _ in dark) < image.width - 2 * 20


def test_a_picture_is_one_page_no_larger_than_its_paper(tmp_path: Path):
    for width, height, wide in ((4000, 300, True), (300, 4000, False), (20, 20, False)):
        piece = binding.plain_pages(picture(width, height), "png")
        page = pypdfium2.PdfDocument(piece["pdf"])[0]
        assert piece["pages"] == 1
        assert (page.get_width() > page.get_height()) == wide
        image = page.render(scale=1).to_pil()
        red = [(x, y) for x in range(image.width) for y in range(image.height) if image.getpixel((x, y))[1] < 100]
        drawn = (
            max(x for x, _ in red) - min(x for x, _ in red) + 1,
            max(y for _, y in red) - min(y for _, y in red) + 1,
        )
        assert drawn[0] <= page.get_width() - 80 and drawn[1] <= page.get_height() - 80
        assert abs(drawn[0] / drawn[1] - width / height) < 0.3 * width / height


def test_a_paper_that_cannot_be_read_is_an_original(counter):
    case = counter.case()
    add_file(case.number, b"%PDF-1.7\n%%EOF\n" + b"x" * 200, "坏.pdf", kind="request", **counter.who())
    counter.reply(case)
    made = dossier_of(case, filed_by="经办01", at=at(counter.day))
    left = [part for part in made.parts if part.original]
    assert [(part.title, part.pages, part.original) for part in left] == [("申请书和附件：坏.pdf", 0, "01-坏.pdf")]


def test_what_is_too_much_to_bind_lies_beside(counter, monkeypatch):
    from gongkai.foi import dossier

    monkeypatch.setattr(dossier, "MOST_BOUND", 100)
    case = counter.case()
    add_file(case.number, pdf_file("BIG"), "大.pdf", kind="request", **counter.who())
    counter.reply(case)
    made = dossier_of(case, filed_by="经办01", at=at(counter.day))
    assert "01-大.pdf" in [part.original for part in made.parts]
