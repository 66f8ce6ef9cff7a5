"""A real installation, a real server, a real browser: the whole journey, at desktop and phone width, and axe on every page.

Screenshots go to test-artifacts/ for people to look at; nothing is compared by pixels.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from docx import Document
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.journeys.serving import free_port, served

pytestmark = pytest.mark.browser

PASSWORD = "yunxi-demo-2026"
TITLE = "云溪市民政局关于冬季临时救助发放情况的公告"
WIDTHS = {"desktop": 1280, "phone": 390}
ARTIFACTS = settings.BASE_DIR / "test-artifacts"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """`gongkai migrate`, `demo`, `serve` in a home of their own; yields the address."""
    home = tmp_path_factory.mktemp("home")
    port = free_port()
    environment = {
        **os.environ, "GONGKAI_HOME": str(home), "DATABASE_URL": "", "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "gongkai.config.settings.dev",
    }  # fmt: skip
    for command in ("migrate", "demo"):
        subprocess.run([sys.executable, "-m", "gongkai", command], env=environment, cwd=settings.BASE_DIR, check=True)
    with served(home, environment) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM") or None, args=ARGUMENTS)
        yield launched
        launched.close()


def open_page(browser: Browser, width: str = "desktop") -> Page:
    """A fresh visitor. Errors of scripts and refusals by the content security policy are noted on the page."""
    context = browser.new_context(viewport={"width": WIDTHS[width], "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on(
        "console",
        lambda m: page.faults.append(m.text) if m.type == "error" and not re.search("404|410", m.text) else None,
    )
    return page


def sign_in(browser: Browser, site: str, staff_number: str, width: str = "desktop") -> Page:
    page = open_page(browser, width)
    page.goto(f"{site}/desk/login/")
    page.fill("input[name=username]", staff_number)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("待办"))
    return page


def shoot(page: Page, name: str) -> None:
    """Keep a picture, and hold what every page must hold: no sideways scroll, no script error, one h1."""
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=str(ARTIFACTS / f"{name}.png"), full_page=True)
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    assert page.locator("h1").count() == 1, name
    assert page.faults == [], name


def word_file(folder: Path) -> Path:
    """A notice as an office writes it, with a table and a list."""
    document = Document()
    document.add_heading(TITLE, level=1)
    document.add_paragraph("云民公告〔2026〕15号")
    document.add_paragraph("现将本市冬季临时救助发放情况公告如下。")
    document.add_heading("一、发放范围", level=2)
    document.add_paragraph("因火灾、交通事故等意外事件，基本生活暂时出现严重困难的家庭。")
    table = document.add_table(rows=3, cols=3)
    for row, cells in enumerate(
        [("区域", "户数", "金额（元）"), ("云山区", "12", "36,000"), ("东湖区", "9", "27,000")]
    ):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    document.add_paragraph("云溪市民政局")
    document.add_paragraph("2026年11月18日")
    path = folder / "救助公告.docx"
    document.save(str(path))
    return path


@pytest.mark.parametrize("width", list(WIDTHS))
def test_from_a_word_file_through_three_people_to_the_public_and_down_again(site, browser, tmp_path, width):
    title = f"{TITLE}（{width}）"
    drafter = sign_in(browser, site, "105001", width)
    drafter.goto(f"{site}/desk/new/")
    drafter.select_option("select[name=section]", label="市民政局 社会救助科")
    drafter.fill("input[name=title]", title)
    drafter.select_option("select[name=heading]", label="教育、医疗、社保、就业政策")
    drafter.get_by_role("button", name="新建").click()
    drafter.set_input_files("form[action$='/upload/'] input[type=file]", str(word_file(tmp_path)))
    drafter.get_by_role("button", name="读入正文").click()
    expect(drafter.locator("body")).to_contain_text("云山区")
    code = re.search(r"/desk/items/(\w+)/", drafter.url)[1]
    shoot(drafter, f"journey-{width}-1-editor")
    drafter.fill("input[name=formed_on]", "2026-11-18")
    drafter.get_by_role("button", name="检查并送审").click()
    shoot(drafter, f"journey-{width}-2-submit")
    drafter.get_by_role("button", name="送审").click()
    expect(drafter.locator("body")).to_contain_text("科室初审")
    before = open_page(browser, width)
    assert before.goto(f"{site}/desk/items/{code}/").url.startswith(f"{site}/desk/login/")
    before.goto(f"{site}/search/?q={title}")
    assert before.locator("main a", has_text=title).count() == 0

    for step, staff_number in enumerate(("105002", "105005", "105006"), start=1):
        reviewer = sign_in(browser, site, staff_number, width)
        reviewer.goto(f"{site}/desk/items/{code}/review/")
        shoot(reviewer, f"journey-{width}-3-review-{step}")
        reviewer.get_by_role("button", name="通过", exact=True).click()
        expect(reviewer.locator("body")).to_contain_text("通过")
        if step < 3:
            assert open_page(browser).goto(f"{site}/search/?q=冬季临时救助").ok
        reviewer.context.close()

    drafter.goto(f"{site}/desk/items/{code}/")
    public_link = drafter.locator("a[href^='/items/']").first.get_attribute("href")
    visitor = open_page(browser, width)
    visitor.goto(site + public_link)
    expect(visitor.get_by_role("heading", level=1)).to_have_text(title)
    expect(visitor.locator(".prose table")).to_contain_text("36,000")
    shoot(visitor, f"journey-{width}-4-item")

    for _ in range(60):
        visitor.goto(f"{site}/search/?q={title}")
        if visitor.locator("main a", has_text="冬季临时救助").count():
            break
        time.sleep(0.5)
    hit = visitor.locator(f"main a[href='{public_link}']")
    expect(hit).to_have_count(1)
    shoot(visitor, f"journey-{width}-5-search")

    leader = sign_in(browser, site, "105007", width)
    leader.goto(f"{site}/desk/items/{code}/withdraw/")
    leader.get_by_label("发布有误").check()
    leader.fill("textarea[name=explanation]", "金额统计有误，核实后重新公告。")
    shoot(leader, f"journey-{width}-6-withdraw")
    leader.get_by_role("button", name="撤下").click()
    gone = visitor.goto(site + public_link)
    assert gone.status == 410
    expect(visitor.locator("main")).to_contain_text("金额统计有误")
    assert "36,000" not in visitor.content()
    shoot(visitor, f"journey-{width}-7-withdrawn")
    visitor.goto(f"{site}/search/?q={title}")
    assert visitor.locator(f"main a[href='{public_link}']").count() == 0
    for page in (drafter, leader, visitor, before):
        page.context.close()


PUBLIC = (
    "/", "/open/", "/open/latest/", "/open/heading/20-01/", "/open/catalogue/", "/search/?q=加装电梯", "/search/?q=查不到的词语甲乙丙",
    "/guide/", "/institutions/", "/reports/", "/apply/", "/agencies/", "/remedies/", "/accessibility/", "/about/",
    "/contact/", "/privacy/", "/sitemap/", "/correction/", "/rules/", "/rules/due/", "/rules/reply/", "/rules/fee/",
    "/没有这一页/",
)  # fmt: skip


def serious(page: Page) -> list[str]:
    """Faults axe calls serious or critical, with the place."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{v['id']}: {v['nodes'][0]['target']} {v['help']}" for v in found if v["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("width", list(WIDTHS))
def test_axe_finds_nothing_serious_on_any_public_page(site, browser, width):
    page = open_page(browser, width)
    faults = {}
    page.goto(f"{site}/open/latest/")
    items = [a.get_attribute("href") for a in page.locator("main a[href^='/items/']").all()][:3]
    for number, address in enumerate((*PUBLIC, *items)):
        page.goto(site + address)
        shoot(page, f"public-{width}-{number:02d}")
        if found := serious(page):
            faults[address] = found
    assert faults == {}
    page.context.close()


@pytest.mark.parametrize("width", list(WIDTHS))
def test_axe_finds_nothing_serious_on_any_desk_page(site, browser, width):
    faults = {}
    rounds = {
        "105001": ("/desk/", "/desk/items/", "/desk/new/", "/desk/coverage/", "/desk/catalogue/", "/desk/me/"),
        "105006": ("/desk/", "/desk/corrections/"),
        "101010": ("/desk/", "/desk/items/", "/desk/coverage/"),
        "101012": ("/desk/organs/", "/desk/plans/"),
        "101013": ("/desk/accounts/", "/desk/grants/"),
        "101014": ("/desk/ledger/",),
    }
    for staff_number, addresses in rounds.items():
        page = sign_in(browser, site, staff_number, width)
        links = []
        for number, address in enumerate(addresses):
            page.goto(site + address)
            shoot(page, f"desk-{width}-{staff_number}-{number}")
            if found := serious(page):
                faults[f"{staff_number} {address}"] = found
            if address == "/desk/":
                links = list(dict.fromkeys(a.get_attribute("href") for a in page.locator("main a.button").all()))[:4]
        for number, address in enumerate(link for link in links if link and link.startswith("/desk/items/")):
            page.goto(site + address)
            shoot(page, f"desk-{width}-{staff_number}-item-{number}")
            if found := serious(page):
                faults[f"{staff_number} {address}"] = found
        page.context.close()
    assert faults == {}


def test_reading_and_searching_work_without_script(site, browser):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(site)
    page.fill("#q", "加装电梯")
    page.get_by_role("button", name="搜索").click()
    assert page.locator("main h2 a").count() > 3
    page.locator("main h2 a").first.click()
    assert page.locator(".prose").inner_text().strip()
    context.close()


def test_the_keyboard_alone_finds_and_reads(site, browser):
    page = open_page(browser)
    page.goto(site)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "跳到正文"
    page.keyboard.press("Enter")
    page.focus("#q")
    page.keyboard.type("加装电梯")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/**")
    for _ in range(80):
        page.keyboard.press("Tab")
        if (page.evaluate("document.activeElement.getAttribute('href')") or "").startswith("/items/"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/items/**")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.context.close()


def test_large_print_keeps_everything_and_does_not_scroll_sideways(site, browser):
    page = open_page(browser, "phone")
    page.goto(site)
    before = page.locator("main").inner_text()
    page.get_by_role("link", name="大字高对比版").click()
    assert page.locator("html.large").count() == 1
    assert page.locator("main").inner_text() == before
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.context.close()
