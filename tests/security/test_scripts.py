"""No field lets a script through to anybody's screen: by the mark-up of every page, and in a real browser.

The browser is shown the pages the system makes, with its own style sheets and scripts, once with the content security
policy taken off (then escaping alone must hold) and once with it on (then it must have nothing to complain of).
"""

from __future__ import annotations

import mimetypes
import os
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Page, Route, sync_playwright

from gongkai.files.html import clean
from gongkai.files.refusal import Unreadable
from tests.security.stage import set_stage
from tests.security.vectors import VECTORS

HOST = "http://testserver"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
ADDRESSED = {
    "href",
    "src",
    "action",
    "formaction",
    "srcset",
    "data",
    "poster",
    "background",
    "xlink:href",
    "ping",
    "cite",
}


class Reader(HTMLParser):
    """Reads a page as a browser would and notes whatever could run or call elsewhere."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.elements = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements += 1
        values = {name: value or "" for name, value in attrs}
        if tag in ("iframe", "object", "embed", "base", "frame", "frameset", "style", "math", "template", "marquee"):
            self.found.append(f"<{tag}>")
        if tag == "script" and not (
            values.get("src", "").startswith("/static/")
            or "nonce" in values
            or values.get("type") in ("importmap", "application/json", "application/ld+json")
        ):
            self.found.append(f"<script {values}>")
        for name, value in values.items():
            if name.startswith("on") or name in ("style", "srcdoc", "formaction", "background", "ping"):
                self.found.append(f"<{tag} {name}={value!r}>")
            if name in ADDRESSED:
                plain = re.sub(r"[\x00-\x20]", "", value).lower()
                kind = plain.split(":", 1)[0] if re.match(r"[a-z][a-z0-9+.-]*:", plain) else ""
                if kind not in ("", "http", "https", "mailto", "tel"):
                    self.found.append(f"<{tag} {name}={value!r}>")
                if tag != "a" and (kind in ("http", "https") or plain.startswith("//")) and tag != "link":
                    self.found.append(f"<{tag} {name}={value!r}>")


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


@pytest.fixture
def stage(desk, town):
    return set_stage(desk, town, items=12)


def signed_in(town, who: str) -> Client:
    client = Client()
    client.force_login(town.people[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_net_catches_the_vectors_themselves():
    """Unescaped, most of them are caught by the reader, so that silence elsewhere means something."""
    caught = [vector for vector in VECTORS if read(f'<p title="{vector}">{vector}</p>').found]
    assert len(VECTORS) >= 250
    assert len(caught) > 150


def test_nothing_that_runs_is_left_in_a_cleaned_body():
    refused = 0
    for vector in VECTORS:
        for html in (vector, f"<p>{vector}</p>", f'<p title="{vector}">x</p>', f"<table><tr><td>{vector}</td></tr></table>",
                     f"<ul><li>{vector}", f'<img src="asset:x" alt="{vector}">', f"<a href='{vector}'>x</a>"):  # fmt: skip
            try:
                cleaned = clean(html, image_sources=("asset:",))
            except Unreadable:
                refused += 1
                continue
            assert read(cleaned.replace('src="asset:', 'src="/')).found == [], (html, cleaned)
    assert refused < 30


def test_no_page_holds_anything_that_runs(stage, town):
    assert len(set(stage.poison.dealt)) > 150
    wrong, elements = [], 0
    clients = {"": Client()}
    for who, address in [("", a) for a in stage.public] + stage.desk:
        client = clients.setdefault(who, clients.get(who) or signed_in(town, who))
        response = client.get(address)
        assert response.status_code in (200, 410), (who, address, response.status_code)
        if "html" not in response["Content-Type"]:
            continue
        reader = read(response.content.decode())
        elements += reader.elements
        wrong += [(who, address, found) for found in reader.found]
    assert wrong == []
    assert elements > 10_000


def test_no_question_comes_back_alive(town, desk):
    """Every vector as the question of every page that repeats what was asked."""
    desk.release()
    client = Client()
    wrong = []
    for n, vector in enumerate(VECTORS):
        asked = quote(vector)
        for address in (f"/search/?q={asked}&agency={asked}&theme={asked}&validity={asked}&page={asked}",
                        f"/open/latest/?theme={asked}&agency={asked}&heading={asked}&after={asked}",
                        f"/correction/?page={asked}", f"/{asked}/")[: 4 if n % 3 == 0 else 1]:  # fmt: skip
            response = client.get(address)
            wrong += [(address, found) for found in read(response.content.decode()).found]
    assert wrong == []


def test_no_refused_form_comes_back_alive(town, desk):
    item = desk.draft()
    drafter, keeper = signed_in(town, "drafter"), signed_in(town, "security_admin")
    names = ("title", "doc_number", "issuer", "keywords", "summary", "source", "ground_reason", "impact_assessment",
             "interprets", "body", "formed_on", "theme", "heading", "openness", "page", "words", "contact", "kind",
             "username", "staff_number", "name", "reason")  # fmt: skip
    wrong = []
    for vector in VECTORS[::3]:
        data = dict.fromkeys(names, vector) | {"based_on": "x"}
        for client, address in (
            (drafter, f"/desk/items/{item.code}/edit/"), (drafter, "/desk/new/"), (keeper, "/desk/accounts/new/"),
            (keeper, "/desk/grants/"), (Client(), "/correction/"),
        ):  # fmt: skip
            response = client.post(address, data)
            assert response.status_code < 500
            wrong += [(address, vector, found) for found in read(response.content.decode()).found]
        data["based_on"] = "1"  # somebody else saved meanwhile: both texts are shown
        data |= {
            "title": vector[:300],
            "formed_on": "2026-09-18",
            "openness": "proactive",
            "theme": "",
            "heading": "20-11",
        }
        response = drafter.post(f"/desk/items/{item.code}/edit/", data)
        wrong += [("conflict", vector, found) for found in read(response.content.decode()).found]
    assert wrong == []


# -- in a browser -------------------------------------------------------------------------------


class Watch:
    """A page fed by the test client, with everything noted that a script of somebody else would do."""

    def __init__(self, page: Page, client: Client, *, policy: bool) -> None:
        self.page, self.client, self.policy = page, client, policy
        self.hits: list[str] = []
        self.dialogs: list[str] = []
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        page.expose_function("hit", lambda *said: self.hits.append(page.url))
        page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        page.on("console", lambda m: self.complaints.append(m.text) if "Content Security Policy" in m.text else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.route("**/*", self._serve)
        self.raw: str | None = None
        self.answers: dict[str, HttpResponse] = {}

    def _serve(self, route: Route) -> None:
        asked = urlsplit(route.request.url)
        if asked.netloc != "testserver":
            self.foreign.append(route.request.url)
            route.abort()
            return
        if asked.path.startswith("/static/"):
            found = finders.find(asked.path.removeprefix("/static/"))
            body = Path(str(found)).read_bytes() if found else b""
            route.fulfill(
                status=200 if found else 404,
                body=body,
                content_type=mimetypes.guess_type(asked.path)[0] or "text/plain",
            )
            return
        if self.raw is not None:
            route.fulfill(body=self.raw, content_type="text/html; charset=utf-8")
            return
        if route.request.method != "GET":
            route.fulfill(status=409, body='{"sentence": "", "others": []}', content_type="application/json")
            return
        response = self.answers.get(asked.path)
        if response is None:
            route.fulfill(status=404)
            return
        headers = {k: v for k, v in response.headers.items() if self.policy or k != "Content-Security-Policy"}
        route.fulfill(status=response.status_code, body=response.content, headers=headers)

    def look(self, address: str) -> None:
        # Made here and not while the browser asks: the browser's part of this thread has no hold of the database.
        self.answers[urlsplit(HOST + address).path] = self.client.get(address)
        self.page.goto(HOST + address, wait_until="load")
        if self.page.evaluate("document.contentType") == "text/html":
            self.page.evaluate(POKE)

    @property
    def noted(self) -> dict[str, list[str]]:
        return {"hits": self.hits, "dialogs": self.dialogs, "foreign": self.foreign}


# What a person would do to a page: point at things and step through them; plus what must not be there at all.
POKE = """() => {
  for (const element of document.querySelectorAll('main *')) {
    for (const name of ['mouseover', 'pointerenter', 'focus', 'animationstart', 'toggle', 'wheel'])
      element.dispatchEvent(new Event(name, {bubbles: false}));
    for (const {name, value} of element.attributes)
      if (name.startsWith('on') || /^\\s*(javascript|data|vbscript):/i.test(value) && ['href', 'src', 'action', 'formaction'].includes(name))
        hit(name + '=' + value);
  }
}"""


@pytest.fixture(scope="module")
def chromium():
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's loop runs in this thread beside the test client
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM") or None, args=ARGUMENTS)
        yield launched
        launched.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def watch(chromium, client: Client, *, policy: bool) -> Watch:
    context = chromium.new_context(bypass_csp=not policy, locale="zh-CN")
    context.set_default_timeout(20_000)
    return Watch(context.new_page(), client, policy=policy)


@pytest.mark.browser
def test_the_browser_runs_the_vectors_when_nothing_stops_them(chromium):
    """The watch works: unescaped, a good part of the vectors runs, speaks up or calls elsewhere."""
    alive = 0
    watching = watch(chromium, Client(), policy=False)
    for vector in VECTORS[:60]:
        before = sum(map(len, watching.noted.values()))
        watching.raw = f"<!doctype html><meta charset=utf-8><main><p>{vector}</p></main>"
        watching.page.goto(f"{HOST}/raw", wait_until="load")
        watching.page.evaluate(POKE)
        watching.page.wait_for_timeout(15)
        alive += sum(map(len, watching.noted.values())) > before
    assert alive > 35
    watching.page.context.close()


@pytest.mark.browser
def test_no_script_runs_on_any_page_even_without_the_policy(chromium, stage, town):
    noted: dict[str, dict[str, list[str]]] = {}
    seen = 0
    by_who: dict[str, list[str]] = {"": [a for a in stage.public if "feed" not in a and "xml" not in a]}
    for who, address in stage.desk:
        by_who.setdefault(who, []).append(address)
    by_who[""] += [f"/search/?q={quote(vector)}" for vector in VECTORS[::12]]
    for who, addresses in by_who.items():
        watching = watch(chromium, signed_in(town, who) if who else Client(), policy=False)
        for address in addresses:
            watching.look(address)
            seen += 1
        watching.page.wait_for_timeout(50)
        if any(watching.noted.values()):
            noted[who] = watching.noted
        watching.page.context.close()
    assert noted == {}
    assert seen > 90


@pytest.mark.browser
def test_the_policy_has_nothing_to_complain_of_on_clean_pages(chromium, desk, town):
    from gongkai.ledger.actions.seal import seal_all
    from gongkai.search.actions.follow import follow_all
    from tests.conftest import AT, TODAY

    release = desk.release(body="<h2>一</h2><p>救助</p><table><tr><td>1</td><td>2</td></tr></table>")
    draft = desk.draft(title="第二件")
    desk.attach(draft)
    waiting = desk.draft(title="第三件")
    desk.submit(waiting)
    seal_all(at=AT)
    follow_all(on=TODAY)
    number = release.item.index_number
    pages = {
        "": ["/", "/open/", "/open/latest/", f"/items/{number}/", f"/items/{number}/print/", "/search/?q=救助", "/search/?q=无此词",
             "/guide/", "/apply/", "/correction/", "/rules/", "/rules/due/", "/rules/reply/", "/rules/fee/", "/desk/login/", "/nowhere/"],
        "drafter": ["/desk/", "/desk/items/", "/desk/new/", f"/desk/items/{draft.code}/edit/", f"/desk/items/{draft.code}/preview/",
                    f"/desk/items/{waiting.code}/", "/desk/coverage/", "/desk/catalogue/", "/desk/me/"],
        "section_reviewer": [f"/desk/items/{waiting.code}/review/"],
        "system_admin": ["/desk/organs/", "/desk/plans/default/"],
        "security_admin": ["/desk/accounts/"],
        "audit_admin": ["/desk/ledger/"],
    }  # fmt: skip
    complaints = {}
    for who, addresses in pages.items():
        watching = watch(chromium, signed_in(town, who) if who else Client(), policy=True)
        for address in addresses:
            watching.look(address)
            assert watching.foreign == []
        if watching.complaints:
            complaints[who] = watching.complaints
        watching.page.context.close()
    assert complaints == {}


def test_every_page_carries_the_policy_and_it_allows_no_inline_script(town, desk):
    desk.release()
    for client, addresses in (
        (
            Client(),
            (
                "/",
                "/open/latest/",
                "/items/900000002/2026-00001/",
                "/search/?q=x",
                "/desk/login/",
                "/nowhere/",
                "/feed/",
            ),
        ),
        (signed_in(town, "drafter"), ("/desk/", "/desk/items/", "/desk/new/", "/desk/items/AAAA/")),
    ):
        for address in addresses:
            response = client.get(address)
            policy = response["Content-Security-Policy"]
            assert "unsafe" not in policy, address
            assert "object-src 'none'" in policy
            assert "base-uri 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert response["X-Content-Type-Options"] == "nosniff"
            assert response["X-Frame-Options"] == "DENY"
            assert response["Referrer-Policy"] == "same-origin"
