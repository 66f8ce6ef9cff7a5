"""A list with a hidden sheet and a scanned letter go from draft to the public in a real browser; the public copies are
downloaded over HTTP and attacked. Screenshots go to test-artifacts/ for people to look at."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path
from urllib.parse import quote

import pypdf
import pypdfium2 as pdfium
import pytest
from django.conf import settings
from openpyxl import Workbook, load_workbook
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Page, expect

from tests.desk.test_redact import pdf_pages
from tests.journeys.redact_office import PASSWORD, STAFF
from tests.journeys.serving import free_port, served
from tests.journeys.test_browser import browser, open_page, serious, shoot  # noqa: F401

pytestmark = pytest.mark.browser
SHOWN, HIDDEN, PHONE = "110105194912310021", "11010519800102002X", "13800138000"
FONTS = ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc")


def workbook() -> bytes:
    """One ID number in sight, forty on a hidden sheet."""
    book = Workbook()
    book.properties.creator = "社会救助科"
    sheet = book.active
    sheet.title = "名单"
    sheet.append(("姓名", "证件号码", "街道", "金额"))
    sheet.append(("何桂香", SHOWN, "桂花街道", 3000))
    for number in range(12):
        sheet.append((f"户主{number}", "已核验", "东湖街道", 2000 + number))
    hidden = book.create_sheet("底册")
    for number in range(40):
        hidden.append((f"底册{number}", HIDDEN))
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def scan() -> bytes:
    """A page that is nothing but a picture: a letter with a phone number."""
    font = next((name for name in FONTS if Path(name).exists()), None)
    if font is None:
        pytest.skip("没有中文字体，画不出扫描件")
    page = Image.new("RGB", (1240, 1754), "white")
    pen = ImageDraw.Draw(page)
    pen.text((150, 160), "关于临时救助情况的说明", fill="black", font=ImageFont.truetype(font, 56))
    for row, line in enumerate(
        ("经街道核实，申请人家庭困难情况属实。", f"联系人手机：{PHONE}", "云溪市桂花街道办事处")
    ):
        pen.text((150, 320 + 110 * row), line, fill="black", font=ImageFont.truetype(font, 40))
    out = io.BytesIO()
    page.save(out, "PDF", resolution=150)
    return out.getvalue()


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    port = free_port()
    environment = {
        **os.environ, "GONGKAI_HOME": str(home), "DATABASE_URL": "", "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "gongkai.config.settings.dev",
    }  # fmt: skip
    run = {"env": environment, "cwd": settings.BASE_DIR, "check": True}
    subprocess.run([sys.executable, "-m", "gongkai", "migrate"], **run)
    subprocess.run([sys.executable, "-m", "tests.journeys.redact_office"], **run)
    with served(home, environment, "/open/", tries=240) as address:
        yield address


def sign_in(browser, site: str, who: str, width: str = "desktop") -> Page:  # noqa: F811
    page = open_page(browser, width)
    page.set_default_timeout(120_000)
    page.goto(f"{site}/desk/login/")
    page.fill("input[name=username]", STAFF[who])
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("待办"))
    return page


def drafted(drafter: Page, site: str, files: dict[str, bytes], folder: Path) -> str:
    """A new item with these attachments; its code."""
    drafter.goto(f"{site}/desk/new/")
    drafter.fill("input[name=title]", "临时救助情况公示")
    drafter.select_option("select[name=heading]", value="20-11")
    drafter.get_by_role("button", name="新建").click()
    code = re.search(r"/desk/items/(\w+)/", drafter.url)[1]
    for name, data in files.items():
        path = folder / name
        path.write_bytes(data)
        drafter.goto(f"{site}/desk/items/{code}/edit/")
        drafter.set_input_files("#attach-file", str(path))
        drafter.get_by_role("button", name="上传附件").click()
        expect(drafter.locator("#files")).to_contain_text(path.stem)
    return code


def decide_all(page: Page, ground: str = "G15") -> int:
    """By keyboard alone: j to the first mark, then a on each; how many there were."""
    count = page.locator("[data-mark]").count()
    page.locator("body").press("j")
    for _ in range(count):
        waiting = int(page.locator("#tally").get_attribute("data-waiting"))
        page.keyboard.press("a")
        expect(page.locator("#tally")).to_have_attribute("data-waiting", str(waiting - 1))
    return count


def loaded(page: Page) -> None:
    """Every picture of a page is there."""
    for image in page.locator("main img").all():
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", True, timeout=60_000)
        assert image.evaluate("i => i.naturalWidth") > 100


def test_from_the_draft_to_the_public_and_nothing_comes_along(office, browser, tmp_path):  # noqa: F811
    drafter = sign_in(browser, office, "drafter")
    code = drafted(drafter, office, {"救助名单.xlsx": workbook(), "情况说明.pdf": scan()}, tmp_path)
    expect(drafter.locator("#files")).to_contain_text("处待处理")
    shoot(drafter, "redact-1-editor")

    drafter.fill("input[name=formed_on]", "2026-11-18")
    drafter.get_by_role("button", name="检查并送审").click()
    drafter.get_by_role("button", name="送审").click()
    expect(drafter.get_by_role("alert")).to_contain_text("没有决定遮盖还是保留")
    assert [fault for fault in drafter.faults if "422" not in fault] == []
    drafter.faults.clear()
    shoot(drafter, "redact-2-refused")
    drafter.get_by_role("link", name="处理附件“救助名单”").click()

    expect(drafter.locator("#hidden")).to_contain_text("隐藏的工作表")
    assert HIDDEN not in drafter.content()
    shoot(drafter, "redact-3-sheet")
    drafter.set_viewport_size({"width": 390, "height": 844})
    shoot(drafter, "redact-phone-sheet")
    drafter.set_viewport_size({"width": 1280, "height": 900})
    assert decide_all(drafter) >= 1
    drafter.get_by_role("button", name="生成副本").click()
    expect(drafter.locator("main")).to_contain_text("已生成第 2 份副本")
    shoot(drafter, "redact-4-sheet-copied")
    drafter.get_by_role("link", name="对照原件和副本").click()
    shoot(drafter, "redact-5-sheet-beside")

    drafter.goto(f"{office}/desk/items/{code}/files/2/redact/")
    loaded(drafter)
    shoot(drafter, "redact-6-page")
    assert serious(drafter) == []
    assert decide_all(drafter) >= 1
    canvas = drafter.locator(".redact__canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    drafter.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + 40)
    drafter.mouse.down()
    drafter.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 70)
    drafter.mouse.up()
    expect(drafter.locator("[data-adding]")).to_be_visible()
    shoot(drafter, "redact-7-drawn")
    drafter.locator("[data-adding]").get_by_role("button", name="遮盖").click()
    expect(drafter.locator("main")).to_contain_text("人工标出")
    drafter.get_by_role("button", name="生成副本").click()
    expect(drafter.locator("main")).to_contain_text("已生成第 2 份副本")
    drafter.get_by_role("link", name="对照原件和副本").click()
    loaded(drafter)
    shoot(drafter, "redact-8-page-beside")

    drafter.goto(f"{office}/desk/items/{code}/submit/")
    drafter.get_by_role("button", name="送审").click()
    expect(drafter.locator("main")).to_contain_text("已送审")
    for who in ("section_reviewer", "compliance_reviewer", "secrecy_reviewer"):
        reviewer = sign_in(browser, office, who)
        reviewer.goto(f"{office}/desk/items/{code}/review/")
        if who == "secrecy_reviewer":
            assert reviewer.get_by_role("button", name="通过", exact=True).is_disabled()
            shoot(reviewer, "redact-9-review")
            reviewer.set_viewport_size({"width": 390, "height": 844})
            shoot(reviewer, "redact-phone-review")
            reviewer.set_viewport_size({"width": 1280, "height": 900})
            assert serious(reviewer) == []
            while reviewer.get_by_role("button", name="确认副本").count():
                reviewer.get_by_role("button", name="确认副本").first.click()
                expect(reviewer.locator("main")).to_contain_text("已确认副本与原件相符")
            answer_all(reviewer)
        reviewer.get_by_role("button", name="通过", exact=True).click()
        expect(reviewer.locator("main")).to_contain_text("已通过")
        reviewer.context.close()

    drafter.goto(f"{office}/desk/items/{code}/")
    address = drafter.locator("a[href^='/items/']").first.get_attribute("href")
    visitor = open_page(browser)
    visitor.goto(office + address)
    expect(visitor.locator("#attachments")).to_contain_text(
        "作遮盖处理（商业秘密、个人隐私等第三方合法权益，《政府信息公开条例》第十五条）"
    )
    shoot(visitor, "redact-a-public")
    links = [a.get_attribute("href") for a in visitor.locator("#attachments a").all()]
    assert len(links) == 2
    for link in links:
        attack(fetched(office, link))
    for original in ("files/1/original", "files/1/original/1.png", "files/2/original/1.png"):
        refused = urllib.request.Request(f"{office}/desk/items/{code}/{original}")
        assert urllib.request.urlopen(refused).url.startswith(f"{office}/desk/login/")
    for page in (drafter, visitor):
        page.context.close()


def test_text_is_selected_and_frames_are_laid_by_keyboard(office, browser, tmp_path):  # noqa: F811
    drafter = sign_in(browser, office, "drafter")
    code = drafted(drafter, office, {"办法.pdf": pdf_pages(2), "说明.txt": f"手机{PHONE}\n何桂香\n".encode()}, tmp_path)
    drafter.goto(f"{office}/desk/items/{code}/files/1/redact/")
    loaded(drafter)
    drafter.get_by_role("button", name="选文字").click()
    line = drafter.locator("#page-1 .redact__letters span").first
    expect(line).to_have_text("Page 1")
    line.scroll_into_view_if_needed()
    box = line.bounding_box()
    middle = box["y"] + box["height"] / 2
    drafter.mouse.move(box["x"] + 1, middle)
    drafter.mouse.down()
    drafter.mouse.move(box["x"] + box["width"] - 1, middle, steps=8)
    drafter.mouse.up()
    expect(drafter.locator("[data-count]")).to_have_text("新标出的地方：1")

    drafter.locator(".redact__canvas").nth(1).focus()
    drafter.keyboard.press("Enter")
    for key in ("ArrowDown", "ArrowRight", "Shift+ArrowDown", "Enter"):
        drafter.keyboard.press(key)
    expect(drafter.locator("[data-count]")).to_have_text("新标出的地方：2")
    drafter.keyboard.press("Enter")
    drafter.keyboard.press("Escape")
    expect(drafter.locator(".redact__new")).to_have_count(2)
    shoot(drafter, "redact-b-selected")
    drafter.locator("[data-adding]").get_by_role("button", name="遮盖").click()
    expect(drafter.locator("main")).to_contain_text("已标出 2 处")
    expect(drafter.locator("#page-1 .redact__mark--accepted rect")).to_have_count(1)
    expect(drafter.locator("#page-2 .redact__mark--accepted rect")).to_have_count(1)

    drafter.keyboard.press("j")
    drafter.keyboard.press("r")
    drafter.keyboard.type("公开的办公电话。")
    drafter.locator("#mark-1").get_by_role("button", name="不遮盖").click()
    expect(drafter.locator("#mark-1")).to_contain_text("公开的办公电话。")
    expect(drafter.locator("#page-2 .redact__mark--removed")).to_have_count(1)

    drafter.goto(f"{office}/desk/items/{code}/files/2/redact/")
    drafter.locator("#line-2 .redact__words").dblclick(position={"x": 8, "y": 10})
    expect(drafter.locator("[data-count]")).to_have_text(re.compile("：1$"))
    shoot(drafter, "redact-c-lines")
    drafter.locator("[data-adding]").get_by_role("button", name="遮盖").click()
    expect(drafter.locator("#line-2 mark")).to_have_count(1)
    assert serious(drafter) == []
    drafter.set_viewport_size({"width": 390, "height": 844})
    for order, name in ((1, "pages"), (2, "lines")):
        drafter.goto(f"{office}/desk/items/{code}/files/{order}/redact/")
        loaded(drafter)
        shoot(drafter, f"redact-phone-{name}")
        drafter.goto(f"{office}/desk/items/{code}/files/{order}/beside/")
        loaded(drafter)
        shoot(drafter, f"redact-phone-beside-{name}")
    drafter.context.close()


def answer_all(page: Page) -> None:
    """Findings left in the copies' texts that ask for an answer get one."""
    while page.locator("section.finding form").count():
        form = page.locator("section.finding form").first
        form.get_by_text("依法应当公开，写明依据").click()
        form.locator("textarea").fill("依照《政府信息公开条例》第二十条第十一项公开。")
        form.get_by_role("button", name="保存答复").click()
        expect(page.locator("main")).to_contain_text("已答复")


def fetched(site: str, link: str) -> bytes:
    with urllib.request.urlopen(site + quote(link)) as answer:
        return answer.read()


def attack(data: bytes) -> None:
    """Neither number by any reader, nor in any member or stream, nor to be read off the pictures of the pages."""
    secrets = (SHOWN, HIDDEN, PHONE, "底册")
    readings = {"bytes": data.decode("latin-1")}
    if data.startswith(b"PK"):
        book = load_workbook(io.BytesIO(data))
        assert book.sheetnames == ["名单"]
        readings["openpyxl"] = "\n".join(str(c.value) for sheet in book for row in sheet for c in row)
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for name in package.namelist():
                readings[name] = package.read(name).decode("utf-8", "ignore") + name
        assert "何桂香" in readings["openpyxl"] or "■■■" in readings["openpyxl"]
    else:
        shown = pdfium.PdfDocument(data)
        readings["pdfium"] = "".join(page.get_textpage().get_text_range() for page in shown)
        read = pypdf.PdfReader(io.BytesIO(data))
        readings["pypdf"] = "".join(page.extract_text() for page in read.pages) + str(read.metadata)
        readings["streams"] = "".join(
            held.get_object().get_data().decode("latin-1")
            for number in range(1, len(read.xref[0]) + len(read.xref_objStm) + 1)
            if hasattr(held := pypdf.generic.IndirectObject(number, 0, read), "get_object")
            and hasattr(held.get_object(), "get_data")
        )
        readings["OCR"] = recognised(shown)
    for name, text in readings.items():
        plain = re.sub(r"\s", "", text)
        assert not [secret for secret in secrets if secret in plain], name
    if "OCR" in readings:
        assert "临时救助" in readings["OCR"]  # the reader does read


def recognised(shown: pdfium.PdfDocument) -> str:
    """What optical recognition reads off the pages, drawn large."""
    from rapidocr import RapidOCR

    engine = RapidOCR()
    lines = []
    for page in shown:
        found = engine(page.render(scale=3).to_numpy())
        lines += list(found.txts or ())
    return "\n".join(lines)
