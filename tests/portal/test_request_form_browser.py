"""The request form in a real browser: with script and without, a cut connection, a double click, axe on every page."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from tests.foi.conftest import KEY_A, PNG
from tests.journeys.serving import free_port, served
from tests.journeys.test_browser import ARTIFACTS, WIDTHS, browser  # noqa: F401
from tests.portal.request_form import NAME, PDF, PHONE, WHAT

pytestmark = pytest.mark.browser
NEW = "/apply/new/"
MAKE = """
import django; django.setup()
from tests.conftest import build_town
build_town()
"""
BIG = PDF[:-8] + b"%" + bytes(range(1, 256)) * 8000 + b"\n%%EOF\n"  # 2 MB: four pieces


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A server with the invented town; yields its address."""
    home = tmp_path_factory.mktemp("home")
    port = free_port()
    environment = {
        **os.environ, "GONGKAI_HOME": str(home), "DATABASE_URL": "", "PORT": str(port), "FOI_DATA_KEYS": KEY_A,
        "DJANGO_SETTINGS_MODULE": "gongkai.config.settings.dev",
    }  # fmt: skip
    run = {"env": environment, "cwd": settings.BASE_DIR, "check": True}
    subprocess.run([sys.executable, "-m", "gongkai", "migrate"], **run)
    subprocess.run([sys.executable, "-c", MAKE], **run)
    with served(home, environment) as address:
        yield address


def visitor(browser: Browser, width: str = "desktop", *, script: bool = True) -> Page:  # noqa: F811
    context = browser.new_context(
        viewport={"width": WIDTHS[width], "height": 900}, locale="zh-CN", java_script_enabled=script
    )
    return context.new_page()


def go_on(page: Page, to: str) -> None:
    page.get_by_role("button", name="继续").last.click()
    page.wait_for_url(f"**{NEW}{to}")


def up_to_files(page: Page, site: str) -> None:
    """The first three pages."""
    page.goto(f"{site}{NEW}")
    page.get_by_label("信息的名称").fill(WHAT["name"])
    go_on(page, "agency/")
    page.get_by_text("青禾市民政局", exact=True).first.click()
    go_on(page, "applicant/")
    page.get_by_text("公民", exact=True).click()
    page.get_by_label("姓名或者名称").fill(NAME)
    page.get_by_label("身份证明的种类").select_option("none")
    page.get_by_label("联系电话").fill(PHONE)
    go_on(page, "files/")


def up_to_check(page: Page) -> None:
    page.get_by_role("link", name="继续").click()
    page.get_by_text("电子文件", exact=True).click()
    page.get_by_text("网上", exact=True).click()
    go_on(page, "check/")


def sound(page: Page, name: str) -> None:
    """No fault of accessibility, no sideways scroll; a picture for people to look at."""
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=str(ARTIFACTS / f"{name}.png"), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], name
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")] == [], name


@pytest.mark.parametrize("width", list(WIDTHS))
def test_every_page_is_sound(site, browser, width):  # noqa: F811
    page = visitor(browser, width)
    page.goto(f"{site}{NEW}")
    sound(page, f"request-what-{width}")
    page.get_by_role("button", name="继续").last.click()
    expect(page.locator("#summary")).to_be_focused()
    sound(page, f"request-what-error-{width}")
    up_to_files(page, site)
    page.set_input_files("#file-identity", {"name": "证件.png", "mimeType": "image/png", "buffer": PNG})
    expect(page.get_by_text("70 字节")).to_be_visible()
    sound(page, f"request-files-{width}")
    page.goto(f"{site}{NEW}agency/")
    sound(page, f"request-agency-{width}")
    page.goto(f"{site}{NEW}applicant/")
    sound(page, f"request-applicant-{width}")
    page.goto(f"{site}{NEW}files/")
    up_to_check(page)
    sound(page, f"request-check-{width}")
    page.get_by_role("button", name="提出申请").dblclick()
    page.wait_for_url("**/receipt/")
    expect(page.locator(".request__code")).to_have_count(1)
    sound(page, f"request-receipt-{width}")
    page.context.close()


def test_an_upload_whose_connection_is_cut_goes_on(site, browser):  # noqa: F811
    page = visitor(browser)
    up_to_files(page, site)
    sent: list[str] = []

    def cut(route, request):
        """The third piece and one more try of it are lost."""
        if request.method == "POST" and "upload-offset" in request.headers:
            sent.append(request.headers["upload-offset"])
            if len(sent) in (3, 4):
                route.abort("connectionreset")
                return
        route.continue_()

    page.route("**/apply/new/uploads/**", cut)
    page.set_input_files("#file-request", {"name": "材料.pdf", "mimeType": "application/pdf", "buffer": BIG})
    page.wait_for_url("**saved=1**", timeout=60_000)
    assert sent == ["0", "524288", "1048576", "1048576", "1048576", "1572864"]
    expect(page.locator("[data-held=request]")).to_contain_text("材料.pdf")
    page.context.close()


def test_a_browser_closed_in_the_middle_goes_on_with_the_same_file(site, browser, tmp_path):  # noqa: F811
    path = tmp_path / "材料.pdf"
    path.write_bytes(BIG)
    page = visitor(browser)
    up_to_files(page, site)
    offsets: list[str] = []
    page.route(
        "**/apply/new/uploads/**",
        lambda route, request: (
            route.abort("connectionreset") if request.headers.get("upload-offset") == "1048576" else route.continue_()
        ),
    )
    page.set_input_files("#file-request", str(path))
    expect(page.locator("#request [data-status]")).to_contain_text("网络断了")
    cookies = page.context.cookies()
    page.context.close()

    later = visitor(browser)
    later.context.add_cookies(cookies)
    later.on("request", lambda r: offsets.append(r.headers["upload-offset"]) if "upload-offset" in r.headers else None)
    later.goto(f"{site}{NEW}files/")
    expect(later.locator("[data-held=request]")).to_contain_text("没有传完")
    later.set_input_files("#file-request", str(path))
    later.wait_for_url("**saved=1**", timeout=60_000)
    assert offsets == ["1048576", "1572864"]
    later.context.close()


def test_a_file_too_large_is_refused_without_sending_it(site, browser, tmp_path):  # noqa: F811
    path = tmp_path / "大.pdf"
    with path.open("wb") as out:
        out.truncate(100 * 1024 * 1024)
    page = visitor(browser)
    up_to_files(page, site)
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.set_input_files("#file-identity", str(path))
    expect(page.locator("#identity [data-status]")).to_contain_text("文件超过 20 MB，没有接收。")
    # The browser may still be after the icon of the page; nothing of the file is on its way.
    assert [address for address in asked if "upload" in address or "files" in address] == []
    page.context.close()


def test_everything_works_without_script(site, browser):  # noqa: F811
    page = visitor(browser, script=False)
    up_to_files(page, site)
    page.set_input_files("#file-identity", {"name": "证件.png", "mimeType": "image/png", "buffer": PNG})
    page.get_by_role("button", name="上传").first.click()
    expect(page.locator("[data-held=identity]")).to_contain_text("证件.png")
    up_to_check(page)
    page.get_by_role("button", name="提出申请").click()
    page.wait_for_url("**/receipt/")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载登记回执").click()
    assert download.value.suggested_filename == "登记回执.pdf"
    page.context.close()
