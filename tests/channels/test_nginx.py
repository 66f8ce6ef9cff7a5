"""docs/nginx.conf with the real nginx before a real application: files for readers, 410 for what was taken down."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.channels.installation import ROOT, WITHDRAW, Installation

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
pytestmark = pytest.mark.skipif(NGINX is None, reason="没有安装 nginx，不能检查 docs/nginx.conf。")
#: What both have to say the same.
HEADERS = ("content-security-policy", "x-frame-options", "x-content-type-options", "referrer-policy",
           "cross-origin-opener-policy")  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def by_app(self) -> bool:
        return "x-from-app" in self.headers


@dataclass
class Served:
    installation: Installation
    numbers: list[str]
    nginx: int
    app: int
    process: subprocess.Popen

    def get(self, address: str, *, app: bool = False, method: str = "GET", **headers: str) -> Answer:
        link = http.client.HTTPConnection("127.0.0.1", self.app if app else self.nginx, timeout=30)
        try:
            link.request(method, quote(address, safe="/?=&%"), headers={"Host": "127.0.0.1", **headers})
            answer = link.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            link.close()


def configuration(folder: Path, site: Path, port: int, app: int) -> str:
    """The file of the documentation with the five places filled in; everything else as it is handed out."""
    text = (ROOT / "docs" / "nginx.conf").read_text(encoding="utf-8")
    for pattern, place in (
        (r"server 127\.0\.0\.1:8000;", f"server 127.0.0.1:{app};"),
        (r"listen 80;", f"listen 127.0.0.1:{free_port()};"),
        (r"listen 443 ssl http2;", f"listen 127.0.0.1:{port};"),
        (r"ssl_certificate(_key)? .*;", ""),
        (r"root /srv/gongkai-site/current/www;", f"root {site}/current/www;"),
        (r"/var/cache/nginx/gongkai", f"{folder}/cache"),
        # Tells in the test who answered.
        (r"proxy_pass http://gongkai_app;", "proxy_pass http://gongkai_app; add_header X-From-App 1 always;"),
    ):
        text, count = re.subn(pattern, place, text)
        assert count, pattern
    temporary = "".join(
        f"{kind}_temp_path {folder}/temp;\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    return (
        f"{user}daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr;\nevents {{}}\nhttp {{\n"
        f"include /etc/nginx/mime.types; access_log off;\n{temporary}{text}\n}}\n"
    )


def wait_for(port: int, process: subprocess.Popen) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended at once"
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            link.request("GET", "/about/", headers={"Host": "127.0.0.1"})
            link.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            link.close()
    raise AssertionError("no answer")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nginx")
    installation = Installation(folder / "home", folder / "site")
    numbers = installation.make()
    built = installation.run("site", "build", "--processes", "1")
    assert built.returncode == 0, built.stderr
    port, app = free_port(), free_port()
    (folder / "nginx.conf").write_text(configuration(folder, installation.target, port, app))
    serve = subprocess.Popen(
        [sys.executable, "-m", "gongkai", "serve", "--no-worker", "--port", str(app)], cwd=ROOT,
        env=installation.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    nginx = subprocess.Popen([str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf")])
    try:
        wait_for(app, serve)
        wait_for(port, nginx)
        yield Served(installation, numbers, port, app, serve)
    finally:
        for process in (nginx, serve):
            process.terminate()
            process.wait(30)


def parts(header: str) -> set[str]:
    """Directives, whose order says nothing."""
    return {part.strip() for part in header.split(";")}


def test_pages_come_from_files_with_the_bytes_and_headers_of_the_application(served):
    number = served.numbers[0]
    for address in (
        "/", "/open/", "/open/latest/", "/open/theme/民政/", "/search/", "/apply/", "/guide/", "/institutions/",
        f"/items/{number}/", f"/items/{number}/print/", "/robots.txt", "/sitemap.xml", "/feed/", "/feed/theme/民政/",
    ):  # fmt: skip
        file, app = served.get(address), served.get(address, app=True)
        assert (file.status, file.by_app) == (200, False), address
        assert file.body == app.body, address
        for name in HEADERS:
            assert parts(file.headers[name]) == parts(app.headers[name]), (address, name)
        assert file.headers["content-type"].lower() == app.headers["content-type"].lower(), address


def test_an_attachment_is_handed_over_and_never_run(served):
    address = f"/items/{served.numbers[-1]}/files/1/夜市附表.txt"
    file = served.get(address)
    assert (file.status, file.body.decode(), file.by_app) == (200, "夜市附表", False)
    assert file.headers["content-disposition"] == "attachment"
    assert file.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert file.headers["x-content-type-options"] == "nosniff"


def test_what_is_not_there_is_the_page_for_it(served):
    for address in (
        "/items/900000002/2026-09999/",
        "/nothing/",
        "/items/",
        "/items/900000002/",
        "/desk/",
        "/desk/login/",
    ):
        answer = served.get(address)
        assert (answer.status, answer.by_app) == (404, False), address
        assert "没有这一页" in answer.body.decode()
    for address in (
        "/index.html",
        "/open/index.html",
        f"/items/{served.numbers[0]}/index.html",
        "/feed/index.xml",
        "/.git/config",
    ):
        assert served.get(address).status == 404, address
    answer = served.get("/open")
    assert (answer.status, answer.headers["location"].endswith("/open/")) == (301, True)


def test_only_search_filters_forms_and_the_large_version_reach_the_application(served):
    for address in (
        "/search/?q=公告",
        "/open/latest/?theme=民政",
        "/apply/?agency=QH-MZ",
        "/correction/",
        "/rules/due/",
        "/apply/track/",
        "/subscribe/",
        "/board/",
        "/board/QH-MZ/",
        "/handbooks/",
    ):
        answer = served.get(address)
        assert (answer.status, answer.by_app) == (200, True), address
        assert answer.headers["content-security-policy"].count("default-src") == 1
    for address in ("/board/worker.js", "/api/v1/items", f"/api/v1/items/{served.numbers[0]}"):
        answer = served.get(address)
        assert (answer.status, answer.by_app) == (200, True), address
    assert served.get("/handbooks/900.pdf").by_app
    assert "没有这个索引号" in served.get("/api/v1/items/900000002/2026-09999").body.decode()
    screen = served.get("/board/")
    assert served.get("/board/", **{"If-None-Match": screen.headers["etag"]}).status == 304
    large = served.get(f"/items/{served.numbers[0]}/", Cookie="display=large")
    assert (large.status, large.by_app, 'class="large"' in large.body.decode()) == (200, True, True)
    chosen = served.get("/display/large/?next=/open/")
    assert (chosen.status, "display=large" in chosen.headers["set-cookie"]) == (302, True)
    assert served.get("/open/latest/", method="POST").status == 405


def test_a_feed_reader_is_told_that_nothing_changed(served):
    for address in ("/feed/", "/feed/agency/QH-MZ/"):
        first = served.get(address)
        again = served.get(address, **{"If-None-Match": first.headers["etag"]})
        assert (again.status, again.body) == (304, b"")
        by_date = served.get(address, **{"If-Modified-Since": first.headers["last-modified"]})
        assert by_date.status == 304


def test_taken_down_is_gone_everywhere_and_the_application_may_be_away(served):
    number = served.numbers[-1]
    before = served.get(f"/items/{number}/")
    assert (before.status, "夜市正文一段" in before.body.decode()) == (200, True)
    served.installation.script(WITHDRAW, number)
    for address in (f"/items/{number}/", f"/items/{number}/print/"):
        gone = served.get(address)
        assert (gone.status, gone.by_app) == (410, False)
        assert "附表有误。" in gone.body.decode()
        assert "夜市正文" not in gone.body.decode()
    assert served.get(f"/items/{number}/withdrawn.html").status == 404
    assert served.get(f"/items/{number}/files/1/夜市附表.txt").status == 404
    for address in ("/", "/open/latest/", "/open/agency/QH-MZ/", "/feed/", "/feed/agency/QH-MZ/", "/sitemap.xml"):
        assert "滨河路夜市" not in served.get(address).body.decode(), address
    feed = served.get("/feed/").body.decode()
    assert f'<at:deleted-entry ref="http://127.0.0.1/items/{number}/"' in feed
    served.process.terminate()
    served.process.wait(30)
    assert served.get("/open/latest/").status == 200
    assert served.get(f"/items/{served.numbers[0]}/").status == 200
    down = served.get("/search/?q=补贴")
    assert (down.status, "暂时不能使用" in down.body.decode()) == (503, True)
