"""The tracking pages in a real browser: every phase at desktop, phone and the narrowest width, axe on each, no script too."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from tests.foi.conftest import ADDRESS, IDENTITY, KEY_A, NAME, PHONE, PNG
from tests.journeys.serving import free_port, served
from tests.journeys.test_browser import browser, open_page, serious, shoot  # noqa: F401

pytestmark = pytest.mark.browser
TRACK = "/apply/track/"
#: Pages beside the case's own, by phase.
BESIDE = {
    "working": ["request/", "withdraw/", "papers/2/"],
    "late": ["remedies/", "complaint/"],
    "pay": ["fee/"],
    "given_up": ["clarify/"],
    "replied": ["reply/", "remedies/", "rating/", "correction/", "complaint/"],
}


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """A server with a case in every phase: (address, {phase: query code})."""
    home = tmp_path_factory.mktemp("home")
    port = free_port()
    environment = {
        **os.environ, "GONGKAI_HOME": str(home), "DATABASE_URL": "", "PORT": str(port), "FOI_DATA_KEYS": KEY_A,
        "DJANGO_SETTINGS_MODULE": "gongkai.config.settings.dev",
    }  # fmt: skip
    run = {"env": environment, "cwd": settings.BASE_DIR, "check": True}
    subprocess.run([sys.executable, "-m", "gongkai", "migrate"], **run)
    made = subprocess.run([sys.executable, "-m", "tests.portal.tracking_scenes"], stdout=subprocess.PIPE, **run)
    with served(home, environment, TRACK) as address:
        yield address, json.loads(made.stdout)


def enter(page: Page, address: str, code: str) -> None:
    page.goto(f"{address}{TRACK}")
    page.get_by_label("查询码").fill(code)
    page.get_by_label("核对信息").fill(NAME)
    page.get_by_role("button", name="查询进度").click()
    expect(page).to_have_url(f"{address}{TRACK}case/")


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_every_phase_is_sound_at_every_width(town, browser: Browser, width):  # noqa: F811
    address, codes = town
    faults = {}
    for phase, code in codes.items():
        page = open_page(browser, width)
        page.goto(f"{address}{TRACK}")
        if phase == "working":
            shoot(page, f"track-{width}-login")
            faults |= {f"login {fault}": fault for fault in serious(page)}
        enter(page, address, code)
        for name in ["case/", *BESIDE.get(phase, [])]:
            page.goto(f"{address}{TRACK}{name}")
            shoot(page, f"track-{width}-{phase}-{name.replace('/', '')}")
            if found := serious(page):
                faults[f"{phase} {name}"] = found
            if width == "phone":
                page.set_viewport_size({"width": 320, "height": 700})
                assert page.evaluate("document.documentElement.scrollWidth") <= 320, (phase, name)
                page.set_viewport_size({"width": 390, "height": 900})
        page.context.close()
    assert faults == {}
    assert len(codes) == 9


def test_large_print_at_320_does_not_scroll_sideways(town, browser: Browser):  # noqa: F811
    address, codes = town
    page = open_page(browser, "phone")
    enter(page, address, codes["working"])
    page.get_by_role("link", name="大字高对比版").click()
    page.goto(f"{address}{TRACK}case/")
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.locator("html.large").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.context.close()


def test_a_clarification_by_hand(town, browser: Browser, tmp_path):  # noqa: F811
    """A fault takes the focus and names its field; mended, the answer is taken and the page says what now."""
    address, codes = town
    page = open_page(browser)
    enter(page, address, codes["clarify"])
    expect(page.get_by_role("heading", level=1)).to_have_text("请补正您的申请")
    page.get_by_role("button", name="提交补正").click()
    expect(page.locator(".summary")).to_be_focused()
    page.locator(".summary a").first.click()
    expect(page.get_by_label("逐项回答")).to_be_focused()
    page.get_by_label("逐项回答").fill("东湖大道从柳浦路到湖心桥一段，2025年更换的路灯。")
    photo = tmp_path / "photo.png"
    photo.write_bytes(PNG)
    page.get_by_label("添加材料").set_input_files(str(photo))
    shoot(page, "track-clarify-filled")
    page.get_by_role("button", name="提交补正").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("您的申请正在办理")
    expect(page.locator(".banner--done")).to_contain_text("已经收到您的补正")
    page.get_by_role("button", name="结束查询").click()
    expect(page).to_have_url(f"{address}{TRACK}")
    page.go_back()
    page.reload()
    expect(page).to_have_url(f"{address}{TRACK}")
    page.context.close()


def test_everything_works_without_script(town, browser: Browser):  # noqa: F811
    address, codes = town
    context = browser.new_context(java_script_enabled=False, locale="zh-CN", accept_downloads=True)
    page = context.new_page()
    enter(page, address, codes["replied"])
    page.locator(".track-clock a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("机关的答复")
    with page.expect_download() as downloading:
        page.locator("a[href='/apply/track/reply/sealed/']").click()
    assert downloading.value.suggested_filename == "答复书（盖章件）.png"
    page.get_by_role("link", name="评价").click()
    page.get_by_label("满意", exact=True).check()
    page.get_by_role("button", name="提交评价").click()
    expect(page.locator(".banner--done")).to_contain_text("已经记下您的评价")
    context.close()


def test_printed_the_page_has_no_frame_and_nothing_personal(town, browser: Browser):  # noqa: F811
    address, codes = town
    page = open_page(browser)
    enter(page, address, codes["working"])
    for name in ("case/", "request/"):
        page.goto(f"{address}{TRACK}{name}")
        page.emulate_media(media="print")
        assert not page.locator(".masthead").is_visible() and not page.locator(".foot").is_visible()
        shown = page.locator("body").inner_text()
        assert [word for word in (NAME, IDENTITY, PHONE, ADDRESS) if word in shown] == []
        assert page.locator("h1").is_visible()
    page.context.close()
