"""The hall screen in a real browser: goes round with nothing cut, lying and standing; lives without the server for a day and not
longer; drops what was recalled and what ended.

The clock of the page is set forward; the server, the scripts, the worker script and its store are the real ones.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from tests.conftest import SHANGHAI
from tests.foi.conftest import KEY_A
from tests.journeys.serving import free_port, served
from tests.journeys.test_browser import ARTIFACTS, browser, serious  # noqa: F401
from tests.portal.board_scenes import FILE_ONLY, LIST, LONG, LONGEST, NOTICE, ROWS

pytestmark = pytest.mark.browser
#: Milliseconds for an answer of a busy machine. The clock of the page goes on meanwhile.
SLOW = 30_000
SCREENS = {"lying": (1920, 1080), "standing": (1080, 1920)}
ORDER = [LIST, FILE_ONLY, LONGEST[:200], LONG, NOTICE]

#: Pieces of text that are wholly inside their box on this page of the item, by their order in the text.
INSIDE = """() => {
  const box = document.querySelector(".slide.is-shown .slide__text");
  const frame = box.getBoundingClientRect();
  const found = [];
  const walk = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    for (let i = 0; i < node.data.length; i++) {
      if (!node.data[i].trim()) continue;
      const range = document.createRange();
      range.setStart(node, i);
      range.setEnd(node, i + 1);
      const r = range.getBoundingClientRect();
      const inside = r.left >= frame.left - 1 && r.right <= frame.right + 1 && r.top >= frame.top - 1 && r.bottom <= frame.bottom + 1;
      found.push(inside);
    }
  }
  return found;
}"""
#: Everything else that stands on the screen lies in it, and nothing of it has a bar to scroll.
FAULTS = """() => {
  const faults = [];
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight) faults.push("page");
  for (const name of ["h1", ".board__clock", ".is-shown .slide__title", ".is-shown .slide__facts", ".is-shown .slide__text",
                      ".is-shown .slide__qr svg", ".is-shown .slide__address", ".board__foot"]) {
    const r = document.querySelector(name).getBoundingClientRect();
    if (r.left < 0 || r.top < 0 || r.right > innerWidth + 1 || r.bottom > innerHeight + 1 || !r.width || !r.height) faults.push(name);
  }
  const text = document.querySelector(".is-shown .slide__text").getBoundingClientRect();
  const side = document.querySelector(".is-shown .slide__side").getBoundingClientRect();
  if (text.right > side.left + 1 && text.bottom > side.top + 1) faults.push("text over side");
  return faults;
}"""


class Hall:
    """An installation with a board, and a server that can be stopped and started again at the same address."""

    def __init__(self, home) -> None:
        port = free_port()
        self.home = home
        self.address = f"http://127.0.0.1:{port}"
        self.environment = {
            **os.environ, "GONGKAI_HOME": str(home), "DATABASE_URL": "", "PORT": str(port), "FOI_DATA_KEYS": KEY_A,
            "DJANGO_SETTINGS_MODULE": "gongkai.config.settings.dev", "SITE_BASE_URL": self.address,
            "SITE_DOMAIN": f"127.0.0.1:{port}",
        }  # fmt: skip
        subprocess.run([sys.executable, "-m", "gongkai", "migrate"], **self._run)
        self.scene("fill")

    @property
    def _run(self) -> dict:
        return {"env": self.environment, "cwd": settings.BASE_DIR, "check": True}

    def scene(self, *words: str) -> None:
        subprocess.run([sys.executable, "-m", "tests.portal.board_scenes", *words], **self._run)

    @contextmanager
    def open(self):
        with served(self.home, self.environment, "/board/"):
            yield


@pytest.fixture(scope="module")
def hall(tmp_path_factory):
    return Hall(tmp_path_factory.mktemp("hall"))


@contextmanager
def a_screen(browser: Browser, hall: Hall, shape: str = "lying", *, motion: str = "no-preference", path="/board/"):  # noqa: F811
    """A page that has come up and heard from the server; its clock can be set forward."""
    width, height = SCREENS[shape]
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", reduced_motion=motion)
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda m: page.faults.append(m.text) if "Content Security Policy" in m.text else None)
    page.clock.install()
    page.goto(f"{hall.address}{path}")
    expect(page.locator(".slide.is-shown")).to_have_count(1, timeout=SLOW)
    expect(page.locator("#clock")).not_to_be_empty(timeout=SLOW)
    yield page
    assert page.faults == []
    context.close()


def until(page: Page, condition: str) -> None:
    """Waits for a promise; the content security policy forbids playwright's own way, which compiles text in the page."""
    for _ in range(SLOW // 200):
        if page.evaluate(condition):
            return
        time.sleep(0.2)
    raise AssertionError(condition)


def title(page: Page) -> str:
    return page.locator(".slide.is-shown .slide__title").inner_text()


def shot(page: Page, name: str) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=str(ARTIFACTS / f"board-{name}.png"))


@pytest.fixture(scope="module")
def opened(hall):
    with hall.open():
        yield hall


@pytest.mark.parametrize("shape", SCREENS)
def test_every_letter_of_every_item_is_seen_whole_on_its_way_round(opened, browser, shape):  # noqa: F811
    with a_screen(browser, opened, shape, motion="reduce") as page:
        page.keyboard.press(" ")
        for n, expected in enumerate(ORDER):
            assert title(page) == expected
            seen: list[bool] = []
            pages = page.locator("#where").inner_text().partition("共 5 条")[2]
            for number in range(int(pages.split("共 ")[1].split(" ")[0]) if pages.strip() else 1):
                assert page.evaluate(FAULTS) == []
                inside = page.evaluate(INSIDE)
                seen = [a or b for a, b in zip(seen or inside, inside, strict=True)]
                shot(page, f"{shape}-{n}-{number}")
                page.keyboard.press("ArrowRight")
            assert seen and all(seen), expected
        assert title(page) == ORDER[0]
        assert serious(page) == []
    assert ROWS == 30


def test_letters_are_large_enough_to_be_read_from_three_metres(opened, browser):  # noqa: F811
    """A letter for three metres is 15 mm and more (a two-hundredth of the distance). On a screen of 43 inches, 0.496 mm to a
    pixel at 1920 by 1080, that is 30 pixels."""
    with a_screen(browser, opened) as page:
        for part, least in ((".slide__title", 40), (".slide__text", 40), (".slide__facts", 30)):
            size = page.locator(f".is-shown {part}").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
            assert size >= least, part


def test_it_turns_by_itself_and_a_key_stops_it(opened, browser):  # noqa: F811
    with a_screen(browser, opened) as page:
        assert "第 1 页，共 4 页" in page.locator("#where").inner_text()
        page.clock.run_for(16_000)
        assert "第 2 页，共 4 页" in page.locator("#where").inner_text()
        page.keyboard.press(" ")
        expect(page.locator("#state")).to_have_text("已暂停")
        page.clock.run_for(60_000)
        assert "第 2 页，共 4 页" in page.locator("#where").inner_text()
        page.keyboard.press(" ")
        for _ in range(3):
            page.clock.run_for(16_000)
        assert title(page) == ORDER[1]
        page.keyboard.press("ArrowLeft")
        assert title(page) == ORDER[0]
        page.locator("#pause").click()
        expect(page.locator("#pause")).to_have_text("继续轮播")


def test_nothing_moves_but_the_pages(opened, browser):  # noqa: F811
    with a_screen(browser, opened, motion="no-preference") as page:
        moving = "[...document.querySelectorAll('*')].filter(e => getComputedStyle(e).animationName !== 'none').length"
        assert page.evaluate(moving) == 0


def test_without_scripts_it_is_a_page_of_all_items(opened, browser):  # noqa: F811
    context = browser.new_context(viewport={"width": 390, "height": 900}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{opened.address}/board/QH-MZ/")
    assert page.locator(".slide__title").all_inner_texts() == ORDER
    assert all(page.locator(".slide").nth(n).is_visible() for n in range(5))
    assert not page.locator("#pause").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_what_is_recalled_is_gone_within_a_minute_from_a_screen_that_shows_it(opened, browser):  # noqa: F811
    with a_screen(browser, opened) as page:
        while title(page) != FILE_ONLY:
            page.keyboard.press("ArrowRight")
        page.keyboard.press(" ")  # paused: what is recalled goes all the same
        opened.scene("recall", FILE_ONLY)
        page.clock.run_for(25_000)
        # 25 s and at most SLOW: within the minute.
        expect(page.locator(".slide.is-shown .slide__title")).to_have_text(LONGEST[:200], timeout=SLOW)
        assert FILE_ONLY not in page.content()
        kept = page.evaluate(
            "caches.open('gongkai-board-1').then(c => c.match('/board/')).then(r => r ? r.text() : '')"
        )
        assert FILE_ONLY not in kept


def test_without_the_server_it_lives_for_a_day_and_drops_what_ends_meanwhile(hall, browser):  # noqa: F811
    """Last in this module: the server of the others is stopped by then or stands in the way of nothing."""
    own = hall
    with a_screen_of_a_server_that_goes(browser, own) as page:
        page.reload()  # a machine that starts without the net
        expect(page.locator(".slide.is-shown .slide__title")).to_have_text(LIST)
        assert page.locator(".is-shown .slide__qr svg").bounding_box()["width"] > 250  # with its style sheets
        page.clock.run_for(3 * 60_000)
        expect(page.locator("#state")).to_contain_text("离线，内容截至")
        shot(page, "offline")
        midnight = datetime.combine(datetime.now(SHANGHAI).date() + timedelta(days=1), datetime.min.time(), SHANGHAI)
        left = (midnight - datetime.now(SHANGHAI)).total_seconds()
        page.clock.fast_forward(int((left - 240) * 1000))
        page.clock.run_for(2000)
        assert LIST in page.content()  # through its last day
        page.clock.fast_forward(300_000)
        page.clock.run_for(2000)
        assert LIST not in page.content()
        assert NOTICE in page.content()
        page.clock.fast_forward(24 * 3600 * 1000)
        page.clock.run_for(2000)
        expect(page.locator("#gone")).to_be_visible()
        shot(page, "given-up")
        assert NOTICE not in page.content() and page.locator(".slide").count() == 0
        assert page.evaluate("caches.open('gongkai-board-1').then(c => c.match('/board/')).then(r => !r)")


@contextmanager
def a_screen_of_a_server_that_goes(browser: Browser, hall: Hall):  # noqa: F811
    other = Hall.__new__(Hall)
    other.home, other.environment = hall.home, {**hall.environment, "PORT": str(free_port())}
    other.address = f"http://127.0.0.1:{other.environment['PORT']}"
    opening = other.open()
    opening.__enter__()
    try:
        with a_screen(browser, other, motion="reduce") as page:
            until(page, "navigator.serviceWorker.controller !== null")
            until(page, "caches.open('gongkai-board-1').then(c => c.match('/board/')).then(r => !!r)")
            until(
                page,
                "caches.open('gongkai-board-1').then(c => c.keys()).then(k => k.some(r => r.url.endsWith('board.css')))",
            )
            opening.__exit__(None, None, None)
            opening = None
            yield page
    finally:
        if opening is not None:
            opening.__exit__(None, None, None)


def test_cut_off_and_back_again_it_says_so_and_goes_on(opened, browser):  # noqa: F811
    with a_screen(browser, opened) as page:
        page.context.set_offline(True)
        page.clock.run_for(130_000)
        expect(page.locator("#state")).to_contain_text("离线，内容截至")
        page.clock.fast_forward(24 * 3600 * 1000)
        page.clock.run_for(2000)
        expect(page.locator("#gone")).to_be_visible()
        page.context.set_offline(False)
        page.clock.run_for(25_000)
        expect(page.locator("#gone")).to_be_hidden(timeout=SLOW)
        expect(page.locator(".slide.is-shown")).to_have_count(1)
        expect(page.locator("#state")).to_have_text("")
