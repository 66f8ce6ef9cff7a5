"""One item goes out to every channel there is and is taken back everywhere with one button, in a real browser.

The static tree is served by the real nginx with docs/nginx.conf, the outside places by stand-ins on loopback. Screenshots go
to test-artifacts/ for people to look at.
"""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pypdfium2 as pdfium
import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.channels.stand_in import StandIn
from tests.channels.stand_ins.platform import SECRET, Platform
from tests.channels.stand_ins.wechat import TOKEN, WeChat
from tests.channels.stand_ins.weibo import Weibo
from tests.channels.test_nginx import NGINX, configuration
from tests.journeys.channel_office import PASSWORD, STAFF
from tests.journeys.serving import free_port, served
from tests.journeys.test_browser import browser, open_page, serious, shoot  # noqa: F401

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(NGINX is None, reason="没有安装 nginx，不能提供静态站点。"),
]
TITLE, BODY = "滨河路夜市临时救助公示", "夜市受灾摊主三十二户。"
#: What the matrix calls each channel.
ALL = ("静态站点", "更新订阅", "政务服务平台", "微信公众号", "微博", "公示栏", "便民手册")
LONG = 240_000  # milliseconds a busy machine may need for a round of the worker
TIME_OUT = 240  # seconds


@dataclass
class Town:
    """Everything that runs."""

    site: str  # the application
    nginx: int
    target: Path
    environment: dict[str, str]
    platform: Platform
    wechat: WeChat
    weibo: Weibo

    def get(self, address: str) -> tuple[int, str]:
        """From nginx: status and text."""
        link = http.client.HTTPConnection("127.0.0.1", self.nginx, timeout=60)
        try:
            link.request("GET", quote(address, safe="/?=&%"), headers={"Host": "127.0.0.1"})
            answer = link.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")
        finally:
            link.close()

    def run(self, *arguments: str) -> None:
        subprocess.run([sys.executable, *arguments], env=self.environment, cwd=settings.BASE_DIR, check=True)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("channels")
    home, target = folder / "home", folder / "site"
    home.mkdir()
    port, front = free_port(), free_port()
    platform, wechat, weibo = Platform(), WeChat(), Weibo(domain="127.0.0.1")
    with StandIn(platform.answer) as one, StandIn(wechat.answer) as two, StandIn(weibo.answer) as three:
        environment = {
            **os.environ, "GONGKAI_HOME": str(home), "DATABASE_URL": "", "PORT": str(port),
            "DJANGO_SETTINGS_MODULE": "gongkai.config.settings.dev", "SITE_BASE_URL": f"http://127.0.0.1:{front}",
            "STATIC_SITE_DIR": str(target),
            "SERVICE_PLATFORM_URL": f"{one.url}/hook", "SERVICE_PLATFORM_SECRET": SECRET,
            "WECHAT_BASE_URL": two.url, "WECHAT_TOKEN": TOKEN, "WECHAT_APP_ID": wechat.app_id,
            "WECHAT_APP_SECRET": wechat.secret,
            "WEIBO_BASE_URL": three.url, "WEIBO_ACCESS_TOKEN": weibo.token, "WEIBO_OPERATOR_IP": "192.0.2.7",
        }  # fmt: skip
        made = Town(f"http://127.0.0.1:{port}", front, target, environment, platform, wechat, weibo)
        made.run("-m", "gongkai", "migrate")
        made.run("-m", "tests.journeys.channel_office")
        made.run("-m", "gongkai", "site", "build", "--processes", "1")
        (folder / "nginx.conf").write_text(configuration(folder, target, front, port))
        nginx = subprocess.Popen([str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf")])
        try:
            with served(home, environment, "/open/", tries=360):
                yield made
        finally:
            nginx.terminate()
            nginx.wait(30)


def sign_in(browser, town: Town, who: str, width: str = "desktop") -> Page:  # noqa: F811
    page = open_page(browser, width)
    page.set_default_timeout(120_000)
    page.goto(f"{town.site}/desk/login/")
    page.fill("input[name=username]", STAFF[who])
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("待办"))
    return page


def place(page: Page, title: str):
    """The line of one channel in the matrix."""
    return page.locator("ul.places > li").filter(has=page.get_by_text(title, exact=True))


def until(page: Page, words: dict[str, str]) -> None:
    """Look again and again, as a person would, until every named channel says what it should."""
    end = time.monotonic() + TIME_OUT
    while True:
        page.reload()
        told = {name: place(page, name).locator(".place__tag").inner_text().strip() for name in words}
        if told == words:
            return
        assert time.monotonic() < end, (told, page.locator("ul.places").inner_text())
        time.sleep(2)


def both_widths(page: Page, name: str) -> None:
    """A picture at each width, and axe."""
    shoot(page, f"channels-{name}")
    assert serious(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    shoot(page, f"channels-phone-{name}")
    page.set_viewport_size({"width": 1280, "height": 900})


def drafted(drafter: Page, town: Town) -> str:
    """A new item of the catalogue's entry, its channels looked at, sent to review; its code."""
    drafter.goto(f"{town.site}/desk/new/")
    drafter.fill("input[name=title]", TITLE)
    drafter.select_option("select[name=entry]", index=1)
    drafter.get_by_role("button", name="新建").click()
    code = re.search(r"/desk/items/(\w+)/", drafter.url)[1]
    drafter.goto(f"{town.site}/desk/items/{code}/channels/choose/")
    ticked = drafter.locator("input[name=channels]:checked")
    assert sorted(box.get_attribute("value") for box in ticked.all()) == ["notice_board", "wechat", "weibo"]
    both_widths(drafter, "1-choose")
    drafter.get_by_label("理由").fill("按公开目录发布。")
    drafter.get_by_role("button", name="保存渠道").click()
    expect(drafter.locator("main")).to_contain_text("已选择渠道，发布以后自动发送")
    drafter.goto(f"{town.site}/desk/items/{code}/edit/")
    drafter.locator(".ProseMirror").click()
    drafter.keyboard.type(BODY)
    drafter.fill("input[name=formed_on]", "2026-11-18")
    drafter.get_by_role("button", name="检查并送审").click()
    drafter.get_by_role("button", name="送审").click()
    expect(drafter.locator("main")).to_contain_text("已送审")
    return code


def approved(browser, town: Town, code: str) -> None:  # noqa: F811
    for who in ("section_reviewer", "compliance_reviewer", "secrecy_reviewer"):
        reviewer = sign_in(browser, town, who)
        reviewer.goto(f"{town.site}/desk/items/{code}/review/")
        expect(reviewer.locator("#goes")).to_contain_text("按公开目录发布。")
        if who == "secrecy_reviewer":
            both_widths(reviewer, "2-review")
        reviewer.get_by_role("button", name="通过", exact=True).click()
        expect(reviewer.locator("main")).to_contain_text("已通过")
        reviewer.context.close()


def shown_everywhere(town: Town, visitor: Page, number: str) -> None:
    """On each surface as its reader finds it."""
    status, page = town.get(f"/items/{number}/")
    assert (status, BODY in page) == (200, True)
    for address in ("/", "/open/latest/", "/open/agency/QH-MZ/", "/sitemap.xml"):
        assert number in town.get(address)[1], address
    assert f"/items/{number}/" in town.get("/feed/")[1]
    assert list(town.platform.held) == [number]
    assert [row["title"] for row in town.wechat.articles.values()] == [TITLE]
    [post] = town.weibo.posts.values()
    assert TITLE in post
    visitor.goto(f"{town.site}/board/")
    expect(visitor.locator("body")).to_contain_text(TITLE)
    visitor.screenshot(path=str(settings.BASE_DIR / "test-artifacts" / "channels-board.png"))
    visitor.goto(f"{town.site}/items/{number}/")
    expect(visitor.get_by_role("heading", level=1)).to_have_text(TITLE)


def nowhere(town: Town, visitor: Page, number: str) -> None:
    """Nothing of it but its notice, on any surface; the static tree swept byte for byte."""
    status, page = town.get(f"/items/{number}/")
    assert (status, BODY in page, "统计口径有误" in page) == (410, False, True)
    for address in ("/", "/open/latest/", "/open/agency/QH-MZ/", "/sitemap.xml"):
        assert TITLE not in town.get(address)[1], address
    feed = town.get("/feed/")[1]
    assert re.search(rf'<at:deleted-entry ref="[^"]*/items/{re.escape(number)}/"', feed)
    assert TITLE not in feed
    current = town.target / "current"
    files = [path for path in current.resolve().rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if BODY.encode() in path.read_bytes()] == []
    assert (town.platform.held, town.wechat.articles, town.weibo.posts) == ({}, {}, {})
    visitor.goto(f"{town.site}/board/")
    assert TITLE not in visitor.content()
    assert visitor.goto(f"{town.site}/items/{number}/").status == 410
    visitor.goto(f"{town.site}/search/?q={TITLE}")
    assert visitor.locator(f"main a[href='/items/{number}/']").count() == 0


def test_one_item_goes_out_everywhere_and_one_button_takes_it_back(town, browser):  # noqa: F811
    drafter = sign_in(browser, town, "drafter")
    code = drafted(drafter, town)
    approved(browser, town, code)
    drafter.goto(f"{town.site}/desk/items/{code}/channels/")
    number = re.search(r"\d{9}/\d{4}-\d+", drafter.locator(".sub").inner_text())[0]
    town.run("-m", "tests.journeys.channel_office", number)
    until(drafter, dict.fromkeys(ALL, "已发布"))
    expect(place(drafter, "微信公众号")).to_contain_text("第 1 版")
    expect(place(drafter, "政府公报").locator(".place__tag")).to_have_text("尚未登记")
    both_widths(drafter, "3-matrix")
    by_hand(drafter, town, code)
    both_widths(drafter, "4-by-hand")
    drafter.goto(f"{town.site}/desk/items/{code}/")
    both_widths(drafter, "5-item")
    visitor = open_page(browser)
    shown_everywhere(town, visitor, number)
    assert TITLE in handbook_text(town, visitor, "handbook")
    sheet = drafter.request.get(f"{town.site}/desk/items/{code}/notice.pdf")
    assert TITLE in pages_of(sheet.body(), "sheet")

    leader = sign_in(browser, town, "leader")
    leader.goto(f"{town.site}/desk/items/{code}/channels/")
    leader.get_by_role("link", name="从全部渠道撤回").click()
    leader.get_by_label("发布有误").check()
    leader.fill("textarea[name=explanation]", "统计口径有误，核实后重新公示。")
    both_widths(leader, "6-withdraw")
    leader.get_by_role("button", name="撤下").click()
    expect(leader.locator("main")).to_contain_text("信息已经撤下")
    # The portal at once, before any worker.
    assert visitor.goto(f"{town.site}/items/{number}/").status == 410
    shoot(leader, "channels-7-moving")
    until(leader, dict.fromkeys(ALL, "已撤回") | {"政府公报": "已撤下，待人工撤回"})
    both_widths(leader, "8-recalled")
    nowhere(town, visitor, number)
    assert TITLE not in handbook_text(town, visitor, "handbook-after")
    assert drafter.request.get(f"{town.site}/desk/items/{code}/notice.pdf").headers["content-type"] != "application/pdf"

    drafter.goto(f"{town.site}/desk/")
    expect(drafter.locator("main")).to_contain_text("1 处人工发布的，要人工撤回或者更换")
    both_widths(drafter, "9-todo")
    drafter.goto(f"{town.site}/desk/channels/settle/")
    both_widths(drafter, "a-settle")
    drafter.get_by_role("link", name="登记撤回").click()
    drafter.fill("textarea[name=words]", "第 10 期刊登更正启事")
    drafter.fill("input[name=link]", "https://gazette.example/10")
    drafter.get_by_role("button", name="保存登记").click()
    expect(drafter.locator("main")).to_contain_text("8 处全部办完")
    both_widths(drafter, "b-done")
    for page in (drafter, leader, visitor):
        page.context.close()


def by_hand(drafter: Page, town: Town, code: str) -> None:
    """Make ready, and write down where it was posted."""
    place(drafter, "政府公报").get_by_role("link", name="准备材料").click()
    expect(drafter.locator("#paste-1")).to_have_text(TITLE)
    drafter.locator("#paste-1").click()
    assert drafter.evaluate("getSelection().toString().trim()") == TITLE  # one click selects all, without script
    expect(drafter.locator(".pictures img").first).to_have_js_property("complete", True)
    both_widths(drafter, "4-handoff")
    drafter.get_by_role("link", name="登记发布").click()
    drafter.fill("textarea[name=words]", "2026 年第 9 期第 3 页")
    drafter.fill("input[name=link]", "https://gazette.example/9")
    both_widths(drafter, "4-record")
    drafter.get_by_role("button", name="保存登记").click()
    expect(place(drafter, "政府公报").locator(".place__tag")).to_have_text("已登记发布")


def pages_of(data: bytes, name: str) -> str:
    """The words of a PDF; its pages are kept as pictures."""
    book = pdfium.PdfDocument(data)
    for number, page in enumerate(book):
        page.render(scale=1.2).to_pil().save(settings.BASE_DIR / "test-artifacts" / f"channels-{name}-{number}.png")
    return "".join(page.get_textpage().get_text_range() for page in book).replace("\r\n", "")


def handbook_text(town: Town, visitor: Page, name: str) -> str:
    """What a reader of the newest edition reads; "" where there is none to be had."""
    visitor.goto(f"{town.site}/handbooks/")
    links = [a.get_attribute("href") for a in visitor.locator("main a[href$='.pdf']").all()]
    return "".join(pages_of(visitor.request.get(f"{town.site}{link}").body(), name) for link in links)


def test_what_is_unclear_is_settled_by_a_person_and_the_overview_tells(town, browser):  # noqa: F811
    """Weibo takes the post and breaks off; nobody knows, until somebody looked."""
    town.weibo.mood = "accept then time out"
    town.weibo.errors["statuses/user_timeline"] = 10014
    drafter = sign_in(browser, town, "drafter")
    code = drafted(drafter, town)
    approved(browser, town, code)
    drafter.goto(f"{town.site}/desk/items/{code}/channels/")
    until(drafter, {"微博": "待核实"})
    town.weibo.mood = "ok"  # its list of posts stays away, so that nothing settles by itself
    both_widths(drafter, "c-unclear")
    drafter.goto(f"{town.site}/desk/channels/settle/")
    both_widths(drafter, "d-unclear")
    [number] = town.weibo.posts
    drafter.get_by_label("那里的链接或者编号").fill(number)
    drafter.get_by_role("button", name="已发布在那里").click()
    expect(drafter.locator("main")).to_contain_text("已记为发布在微博")
    expect(drafter.locator("main")).to_contain_text("没有要核实的")
    drafter.goto(f"{town.site}/desk/items/{code}/channels/")
    expect(place(drafter, "微博").locator(".place__tag")).to_have_text("已发布")
    admin = sign_in(browser, town, "system_admin")
    admin.goto(f"{town.site}/desk/channels/")
    both_widths(admin, "e-overview")
    for page in (drafter, admin):
        page.context.close()
