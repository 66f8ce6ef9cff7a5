"""Requests in a real browser, as citizen and as staff: a real server, every document opened and looked at as pages.

Screenshots and pages of documents go to test-artifacts/ for people to look at.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from django.conf import settings
from docx import Document
from playwright.sync_api import Browser, Page, expect

from tests.foi.conftest import ADDRESS, IDENTITY, KEY_A, NAME, PHONE, PNG, answers_for
from tests.journeys.request_office import PASSWORD, STAFF
from tests.journeys.serving import free_port, served
from tests.journeys.test_browser import ARTIFACTS, browser, open_page, serious, shoot  # noqa: F401

pytestmark = pytest.mark.browser
WISH = "2025年临时救助资金发放明细"
CHANNEL = "青禾市行政复议服务平台（fy.qinghe.example）"
REASON = "该表为投标报价构成，未对外公开且采取了保密措施，公开可能损害其竞争地位；工程总价已公开，不影响公众监督。"


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A server over an empty home with the invented office in it; yields its address."""
    home = tmp_path_factory.mktemp("home")
    port = free_port()
    environment = {
        **os.environ, "GONGKAI_HOME": str(home), "DATABASE_URL": "", "PORT": str(port), "FOI_DATA_KEYS": KEY_A,
        "DJANGO_SETTINGS_MODULE": "gongkai.config.settings.dev",
    }  # fmt: skip
    run = {"env": environment, "cwd": settings.BASE_DIR, "check": True}
    subprocess.run([sys.executable, "-m", "gongkai", "migrate"], **run)
    subprocess.run([sys.executable, "-m", "tests.journeys.request_office"], **run)
    with served(home, environment, "/apply/", tries=240) as address:
        yield address


class Staff:
    """One member of staff at the desk."""

    def __init__(self, browser: Browser, site: str, key: str) -> None:  # noqa: F811
        self.site, self.page = site, open_page(browser)
        self.page.goto(f"{site}/desk/login/")
        self.page.fill("input[name=username]", STAFF[key])
        self.page.fill("input[name=password]", PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(re.compile("待办"))

    def open(self, number: str, where: str = "") -> Page:
        self.page.goto(f"{self.site}/desk/cases/{number}/{where}")
        return self.page

    def do(self, number: str, where: str, button: str, **fields: str) -> None:
        """One step on its screen: fill in, press the act, and it is done."""
        page = self.open(number, where)
        fill(page, **fields)
        page.locator("button.button", has_text=re.compile(f"^{button}$")).last.click()
        settled(page)
        assert page.locator("[role=alert]").count() == 0, page.locator("[role=alert]").all_inner_texts()

    def download(self, number: str, link: str, name: str) -> bytes:
        page = self.open(number)
        with page.expect_download() as got:
            page.get_by_text(link, exact=False).first.click()
        return looked_at(Path(got.value.path()).read_bytes(), name)


def fill(page: Page, **fields: str) -> None:
    """By name; `__` stands for a hyphen. Radio buttons and boxes are chosen by value."""
    for key, value in fields.items():
        name = key.replace("__", "-")
        field = page.locator(f"[name='{name}']")
        kind = field.first.get_attribute("type") or ""
        if kind == "checkbox" and value == "on":
            field.first.check(force=True)
        elif kind in ("radio", "checkbox"):
            page.locator(f"[name='{name}'][value='{value}']").check(force=True)
        elif field.first.evaluate("e => e.tagName") == "SELECT":
            field.first.select_option(value)
        elif kind == "file":
            field.first.set_input_files(value)
        else:
            field.first.fill(value)


def settled(page: Page) -> None:
    page.wait_for_load_state("load")


def looked_at(data: bytes, name: str) -> bytes:
    """A document as pages: a PDF is drawn page by page, a Word file is read; neither may hold a mark of something open."""
    ARTIFACTS.mkdir(exist_ok=True)
    if data[:4] == b"%PDF":
        shown = pdfium.PdfDocument(data)
        text = ""
        for n in range(len(shown)):
            text += shown[n].get_textpage().get_text_range()
            shown[n].render(scale=1.2).to_pil().save(ARTIFACTS / f"{name}-{n + 1}.png")
        shown.close()
        assert text.strip(), name
        assert "【" not in text, name
    elif zipfile.is_zipfile(io.BytesIO(data)):
        text = "\n".join(p.text for p in Document(io.BytesIO(data)).paragraphs)
        assert text.strip(), name
        assert "【" not in text, name
    return data


def text_of(pdf: bytes) -> str:
    shown = pdfium.PdfDocument(pdf)
    text = "".join(shown[n].get_textpage().get_text_range() for n in range(len(shown)))
    shown.close()
    return re.sub(r"\s", "", text)


def ask(page: Page, site: str, wish: str, shots: str) -> tuple[str, str]:
    """The whole form: (case number, query code)."""
    page.goto(f"{site}/apply/new/")
    fill(page, item0__name=wish)
    shoot(page, f"{shots}-1-what")
    page.get_by_role("button", name="继续", exact=True).last.click()
    settled(page)
    others = page.locator("details.request__others summary")
    if others.count() and not page.locator("[name=organ][value='QH-MZ']").first.is_visible():
        others.click()
    page.locator("[name=organ][value='QH-MZ']").first.check(force=True)
    page.get_by_role("button", name="继续", exact=True).last.click()
    settled(page)
    if page.locator("button[name=anyway]").count():
        page.locator("button[name=anyway]").click()
        settled(page)
    fill(
        page, column="natural", name=NAME, identity_kind="id_card", identity_number=IDENTITY, phone=PHONE,
        address=ADDRESS,
    )  # fmt: skip
    shoot(page, f"{shots}-2-who")
    page.get_by_role("button", name="继续", exact=True).last.click()
    settled(page)
    page.goto(f"{site}/apply/new/delivery/")
    fill(page, form="electronic", delivery="online")
    page.get_by_role("button", name="继续", exact=True).last.click()
    settled(page)
    shoot(page, f"{shots}-3-check")
    page.get_by_role("button", name="提出申请").click()
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("申请已经收到")
    shoot(page, f"{shots}-4-receipt")
    with page.expect_download() as got:
        page.get_by_text("下载登记回执").first.click()
    receipt = looked_at(Path(got.value.path()).read_bytes(), f"{shots}-receipt")
    number = re.search(r"QH-MZ-\d{4}-\d{5}", page.inner_text("main"))[0]
    code = page.locator(".request__code").first.inner_text()
    assert number in text_of(receipt)
    return number, code


def track(page: Page, site: str, code: str) -> Page:
    page.goto(f"{site}/apply/track/case/")
    if page.url.endswith("/apply/track/case/"):
        return page  # still open from before
    page.get_by_label("查询码").fill(code)
    page.get_by_label("核对信息").fill(NAME)
    page.get_by_role("button", name="查询进度").click()
    expect(page).to_have_url(f"{site}/apply/track/case/")
    return page


def compose(officer: Staff, number: str, code: str, ground: str = "", file: Path | None = None, **needed: str) -> None:
    """Answer the tree, fill in what the letter needs, and send it to sign-off."""
    page = officer.open(number, "reply/")
    for choice in answers_for(code, ground).values():
        if not page.locator("input[name=asked]").count():
            break
        page.locator(f"input[name=answer][value='{choice}']").check(force=True)
        there = {k: v for k, v in needed.items() if page.locator(f"[name='{k}']").count()}
        fill(page, **there)
        page.get_by_role("button", name="下一步").click()
        settled(page)
    if file is not None:
        page.locator("#reply-file").set_input_files(str(file))
        page.get_by_role("button", name="存入并选用").click()
        settled(page)
        cover(page, number)
    there = {k: v for k, v in needed.items() if page.locator(f"[name='{k}']").count()}
    for name in there:
        for summary in page.locator("details.more:not([open]) > summary").all():
            if page.locator(f"[name='{name}']").first.is_visible():
                break
            summary.click()
    fill(page, **there)
    page.get_by_role("button", name="保存").last.click()
    settled(page)
    shoot(page, f"reply-{code}-composed")
    page.get_by_role("button", name="送审签").click()
    settled(page)
    assert page.locator("[role=alert]").count() == 0, page.locator("[role=alert]").all_inner_texts()


def cover(page: Page, number: str) -> None:
    """What was found in the attachment is covered, and its copy is made: the reply goes on with that one."""
    shoot(page, "reply-copy-open")
    page.get_by_role("link", name="遮盖处理").first.click()
    settled(page)
    shoot(page, "reply-redact")
    page.get_by_role("button", name="全部遮盖").click()
    settled(page)
    page.get_by_role("button", name="生成副本").click()
    settled(page)
    assert page.locator("[role=alert]").count() == 0, page.locator("[role=alert]").all_inner_texts()
    shoot(page, "reply-redacted")
    assert serious(page) == []
    page.get_by_role("link", name="回到拟写答复").click()
    settled(page)


def confirm(page: Page, name: str) -> None:
    """The confidentiality reviewer holds each copy beside its original."""
    for n in range(page.get_by_role("button", name="确认副本").count()):
        page.get_by_role("link", name="对照原件和副本").nth(n).click()
        settled(page)
        shoot(page, f"{name}-beside-{n}")
        page.go_back()
        page.get_by_role("button", name="确认副本").first.click()
        settled(page)


def sign(browser: Browser, site: str, number: str, roles: list[str], name: str) -> None:  # noqa: F811
    for role in roles:
        signer = Staff(browser, site, role)
        page = signer.open(number, "reply/review/")
        shoot(page, f"{name}-sign-{role}")
        if role == "secrecy_reviewer":
            confirm(page, name)
        page.locator("button[name=verdict][value=approve]").click()
        settled(page)
        assert page.locator("[role=alert]").count() == 0, page.locator("[role=alert]").all_inner_texts()
        page.context.close()


def seal_and_deliver(browser: Browser, site: str, officer: Staff, number: str, by: str, tmp: Path) -> None:  # noqa: F811
    stamped = tmp / "stamped.png"
    stamped.write_bytes(PNG)
    page = officer.open(number, "reply/seal/")
    page.locator("#seal-file").set_input_files(str(stamped))
    page.get_by_role("button", name="存入盖章件").click()
    settled(page)
    second = Staff(browser, site, "foi_officer2")
    page = second.open(number, "reply/seal/")
    page.locator("[name=compared]").check(force=True)
    page.get_by_role("button", name="登记盖章件").click()
    settled(page)
    second.page.context.close()
    officer.do(number, "reply/deliver/", "登记送达", by=by, proof="网上送达记录 001" if by == "online" else "XA0001")


def today() -> str:
    return time.strftime("%Y-%m-%d")


def soon() -> str:
    return time.strftime("%Y-%m-%d", time.localtime(time.time() + 15 * 86400))


def test_a_request_with_everything_to_a_partial_reply_and_its_rating(office, browser, tmp_path):  # noqa: F811
    """(a) online → clarification → third party → extension → partial reply, online delivery, rating."""
    citizen = open_page(browser)
    number, code = ask(citizen, office, WISH, "a")
    officer = Staff(browser, office, "foi_officer")
    officer.page.goto(f"{office}/desk/cases/")
    shoot(officer.page, "a-board")
    page = officer.open(number)
    shoot(page, "a-case")
    page = officer.open(number, "accept/")
    page.locator("select[name=section], [name=section]").first.select_option(label="社会救助科")
    page.get_by_role("button", name="受理").last.click()
    settled(page)
    officer.do(number, "clarify/", "告知补正", items="请写明是哪一季度的明细。", reply_by=soon())

    track(citizen, office, code)
    shoot(citizen, "a-track-clarify")
    with citizen.expect_download() as got:
        citizen.goto(f"{office}/apply/track/papers/2/")
        citizen.get_by_text("PDF").first.click()
    assert "哪一季度" in text_of(looked_at(Path(got.value.path()).read_bytes(), "a-clarification"))
    citizen.goto(f"{office}/apply/track/clarify/")
    fill(citizen, text="要第四季度的，全部街道。")
    citizen.get_by_role("button", name="提交补正").click()
    settled(citizen)
    expect(citizen).to_have_url(f"{office}/apply/track/case/")

    officer.do(
        number, "consultations/", "征求意见", party__0__kind="third_party", party__0__name="青禾建设公司",
        party__0__letter="拟公开综合单价表，是否同意？",
    )  # fmt: skip
    page = officer.open(number, "consultations/")
    page.get_by_role("link", name="登记意见").first.click()
    settled(page)
    fill(page, position="objected", on=today(), text="综合单价表是投标报价构成，未对外公开。")
    page.locator("button[name=act][value=do]").click()
    settled(page)
    page = officer.open(number, "consultations/")
    page.get_by_role("link", name="审查").first.click()
    settled(page)
    fill(page, found="reasonable", reason=REASON)
    page.locator("button[name=act][value=do]").click()
    settled(page)
    officer.do(number, "extend/", "提请延长", working_days="10", reason="需要逐页区分处理")
    head = Staff(browser, office, "foi_head")
    page = head.open(number, "extension/")
    page.locator("button[name=act][value=do]").click()
    settled(page)
    assert page.locator("[role=alert]").count() == 0, page.locator("[role=alert]").all_inner_texts()

    table = tmp_path / "发放明细（公开部分）.csv"
    table.write_text("街道,户数,经办人手机\n文渊街道,12,13800005678\n", encoding="utf-8")
    compose(
        officer, number, "R2p", "G15", file=table, reason=REASON, online_channel=CHANNEL,
        separability_examined="on", content_provided="on", access="随本答复书提供", basis="第三方书面意见",
    )  # fmt: skip
    sign(browser, office, number, ["section_reviewer", "compliance_reviewer", "secrecy_reviewer", "leader"], "a")
    seal_and_deliver(browser, office, officer, number, "online", tmp_path)

    track(citizen, office, code)
    shoot(citizen, "a-track-replied")
    citizen.goto(f"{office}/apply/track/reply/")
    shoot(citizen, "a-reply")
    with citizen.expect_download() as got:
        citizen.locator("a[href*='/apply/track/reply/letter/pdf/']").first.click()
    letter = text_of(looked_at(Path(got.value.path()).read_bytes(), "a-letter"))
    assert "第三十七条" in letter or "区分处理" in letter
    assert re.sub(r"\s", "", REASON) in letter
    assert "遮盖1处" in letter
    with citizen.expect_download() as got:
        citizen.locator("a[href*='/apply/track/reply/letter/docx/']").first.click()
    looked_at(Path(got.value.path()).read_bytes(), "a-letter-docx")
    with citizen.expect_download() as got:
        citizen.locator("a[href*='/apply/track/reply/files/']").first.click()
    given = Path(got.value.path()).read_text(encoding="utf-8-sig")
    assert ("文渊街道" in given, "13800005678" in given) == (True, False)
    citizen.goto(f"{office}/apply/track/rating/")
    fill(citizen, grade="4")
    citizen.get_by_role("button", name="评价").last.click()
    settled(citizen)
    shoot(citizen, "a-rated")
    assert serious(citizen) == []


def test_a_paper_request_that_belongs_elsewhere(office, browser, tmp_path):  # noqa: F811
    """(b) entered by staff → not ours, the responsible organ named."""
    officer = Staff(browser, office, "foi_officer")
    number = register(officer, office, "市第一小学2026年招生计划", "registered_mail", delivery="post")
    compose(
        officer, number, "R5", reason="招生计划由教育行政部门制作，本机关没有制作或者保存。",
        responsible_agency="青禾市教育局", responsible_contact="青禾市文渊街道2号，0000-5678",
    )  # fmt: skip
    sign(browser, office, number, ["section_reviewer", "compliance_reviewer", "leader"], "b")
    page = officer.open(number)
    seal_and_deliver(browser, office, officer, number, "post", tmp_path)
    page = officer.open(number)
    shoot(page, "b-case-replied")
    for link in page.get_by_role("button", name=re.compile("下载 PDF")).all()[:6]:
        with page.expect_download() as got:
            link.click()
        looked_at(Path(got.value.path()).read_bytes(), f"b-{got.value.suggested_filename[:20]}")


def test_a_state_secret_is_refused_with_review_first(office, browser, tmp_path):  # noqa: F811
    """(c) Art. 14 refusal: review before litigation."""
    officer = Staff(browser, office, "foi_officer")
    number = register(officer, office, "应急预案中的要害部位分布图", "in_person", delivery="post")
    compose(
        officer, number, "R3", "G14a", basis="密级确定书（青密〔2024〕1号），秘密级，期限十年",
        reason="所涉分布图已依法确定为国家秘密，尚在保密期限内；全图均涉及要害部位，无法区分处理。",
        separability_examined="on",
    )  # fmt: skip
    sign(browser, office, number, ["section_reviewer", "compliance_reviewer", "leader"], "c")
    seal_and_deliver(browser, office, officer, number, "post", tmp_path)
    page = officer.open(number)
    with page.expect_download() as got:
        page.get_by_role("button", name=re.compile("下载 PDF.*答复书")).click()
    letter = text_of(looked_at(Path(got.value.path()).read_bytes(), "c-letter"))
    assert "第十四条" in letter
    assert "先向青禾市人民政府申请行政复议" in letter


def test_a_citizen_takes_the_request_back(office, browser):  # noqa: F811
    """(d) withdrawal, on a phone."""
    citizen = open_page(browser, "phone")
    number, code = ask(citizen, office, "东湖大道路灯采购合同", "d")
    track(citizen, office, code)
    shoot(citizen, "d-track")
    citizen.goto(f"{office}/apply/track/withdraw/")
    shoot(citizen, "d-withdraw")
    citizen.get_by_role("button", name="撤回申请").click()
    settled(citizen)
    track(citizen, office, code)
    expect(citizen.get_by_role("heading", level=1)).to_have_text(re.compile("撤回"))
    shoot(citizen, "d-withdrawn")
    officer = Staff(browser, office, "foi_officer")
    officer.do(number, "close/", "办结归档")
    shoot(officer.open(number), "d-closed")


def register(officer: Staff, site: str, wish: str, way: str, delivery: str) -> str:
    """Staff entry, then accepted: the case number."""
    page = officer.page
    page.goto(f"{site}/desk/cases/new/")
    fill(page, way=way, arrived_on=today(), column="natural", name=NAME, identity_kind="id_card",
         identity_number=IDENTITY, phone=PHONE, address=ADDRESS, delivery=delivery)  # fmt: skip
    page.locator("[name$='-name']").first.fill(wish)
    shoot(page, f"register-{way}")
    page.get_by_role("button", name="登记", exact=True).click()
    settled(page)
    number = re.search(r"QH-MZ-\d{4}-\d{5}", page.inner_text("main"))[0]
    shoot(page, f"register-{way}-receipt")
    page = officer.open(number, "accept/")
    page.locator("[name=section]").first.select_option(label="社会救助科")
    page.get_by_role("button", name="受理").last.click()
    settled(page)
    return number
