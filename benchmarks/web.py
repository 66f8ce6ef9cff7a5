"""Public pages of a real installation under load, beside a static file from nginx and a bare Django view.

    python -m benchmarks.web [--quick] [--items N] [--rounds N] [--seconds S]
    python -m benchmarks.web --profile [item | home | list | deep | rare | common] [--items N]

The installation is made here: invented documents taken in by the import action in chunks of 25 over sixteen years,
then served by `gongkai serve --no-worker` (granian, one worker, production settings, SQLite) on loopback. The bare view
is Django without middleware giving fixed bytes, in a granian of its own with the same settings. Both granian and nginx
give the bytes of an item page. Targets alternate within each round and the order turns round every time; medians count.
CPU is read from /proc for the server's whole process tree; addresses vary from request to request.
SQL is counted in this process: once just after a release, when nothing is kept any more, and once again.
"""

from __future__ import annotations

import argparse
import contextlib
import cProfile
import http.client
import json
import os
import pstats
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks.imports import VILLAGES, environment, gongkai, invented
from benchmarks.machine import ROOT

CONNECTIONS = 4
TICKS = os.sysconf("SC_CLK_TCK")
COMMON = ["办理", "公开", "工作", "期限", "申请人"]  # in nearly every invented document


# ---- the load ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Load:
    """What one stretch of requests saw: number and seconds, latencies in milliseconds, bytes received."""

    requests: int
    seconds: float
    p50: float
    p95: float
    received: int


_LUA = """
local paths = {%s}
local at = 0
request = function() at = at %% #paths + 1; return wrk.format("GET", paths[at]) end
done = function(s, latency, r)
  local e = s.errors
  print(string.format("JSON[%%d, %%d, %%d, %%d, %%d, %%d]", s.requests, s.duration, latency:percentile(50),
    latency:percentile(95), s.bytes, e.connect + e.read + e.write + e.status + e.timeout))
end
"""


def load(port: int, paths: Sequence[str], connections: int, seconds: float) -> Load:
    """Ask for the paths in turn over kept-alive connections. An answer that is not 2xx stops the measurement."""
    if by_wrk(seconds):
        return _load_wrk(port, paths, connections, seconds)
    return _load_python(port, paths, connections, seconds)


def by_wrk(seconds: float) -> bool:
    """wrk knows whole seconds only; shorter stretches, and systems without it, are asked by threads of this process."""
    return seconds >= 1 and shutil.which("wrk") is not None


def _load_wrk(port: int, paths: Sequence[str], connections: int, seconds: float) -> Load:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_LUA % ",".join(f'"{path}"' for path in paths))
        script.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{round(seconds)}s", "-s", script.name]
        said = subprocess.run([*command, f"http://127.0.0.1:{port}"], capture_output=True, text=True, check=True).stdout
    requests, taken, p50, p95, received, bad = json.loads(said.split("JSON", 1)[1])
    if bad or not requests:
        raise SystemExit(f"{bad} failures in {requests} requests, the first path was {paths[0]}")
    return Load(requests, taken / 1e6, p50 / 1000, p95 / 1000, received)


def _load_python(port: int, paths: Sequence[str], connections: int, seconds: float) -> Load:
    """Threads of this process; measures small servers fairly, but cannot saturate nginx."""
    times: list[float] = []
    sizes: list[int] = []
    failures: list[str] = []
    stop = time.perf_counter() + seconds

    def ask(start: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        at = start
        while time.perf_counter() < stop and not failures:
            begun = time.perf_counter()
            connection.request("GET", paths[at % len(paths)])
            answer = connection.getresponse()
            size = len(answer.read())
            times.append(time.perf_counter() - begun)
            sizes.append(size)
            if not 200 <= answer.status < 300:
                failures.append(f"{answer.status} for {paths[at % len(paths)]}")
            at += connections
        connection.close()

    begun = time.perf_counter()
    threads = [threading.Thread(target=ask, args=(n,)) for n in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures or not times:
        raise SystemExit(f"requests failed: {failures}")
    taken = time.perf_counter() - begun
    times.sort()
    p50, p95 = (times[int(len(times) * part)] * 1000 for part in (0.5, 0.95))
    return Load(len(times), taken, p50, p95, sum(sizes))


# ---- servers -------------------------------------------------------------------------------------------------------


class Served:
    """A server process with all below it, as /proc knows them."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port

    def tree(self) -> list[int]:
        parents = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        found = [self.process.pid]
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found

    def cpu(self) -> float:
        """Processor seconds of all processes so far."""
        total = 0
        for pid in self.tree():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def resident(self) -> float:
        """Megabytes (10⁶) resident of the worker: the largest process below the one started."""
        pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self.tree()[1:]]
        return max(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port: int) -> bool:
    """Whether a server gives an answer of any kind within a minute."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except ConnectionError:
        return False
    finally:
        connection.close()
    return True


@contextlib.contextmanager
def running(command: list[str], port: int, log: Path, **env: str) -> Iterator[Served]:
    """Start a server, wait until it answers a request, end it afterwards. A port that is open is not enough: granian
    opens it before its worker has loaded the application."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **env}, stdout=out, stderr=out)
    try:
        while not answers(port):
            if process.poll() is not None:
                raise SystemExit(f"{command[0]} ended at once:\n{log.read_text()[-2000:]}")
            time.sleep(0.1)
        yield Served(process, port)
    finally:
        process.terminate()
        process.wait(30)


def nginx(folder: Path) -> tuple[list[str], int]:
    """Command and port of an nginx of one worker that gives the files of `folder`."""
    port = free_port()
    temporary = "".join(f"  {kind}_temp_path temp;\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        ("user root;\n" if os.geteuid() == 0 else "")
        + f"daemon off; worker_processes 1; pid nginx.pid; error_log stderr;\nevents {{}}\nhttp {{\n{temporary}"
        "  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; default_type text/html;\n"
        f"  server {{ listen 127.0.0.1:{port}; root {folder}; }}\n}}\n"
    )
    return [shutil.which("nginx") or "/usr/sbin/nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")], port


def bare_application() -> Any:
    """WSGI application of a Django without middleware: the bytes of the file in BENCH_BODY at every address."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpRequest, HttpResponse
    from django.urls import re_path

    body = Path(os.environ["BENCH_BODY"]).read_bytes()

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(body)

    class Addresses:
        urlpatterns = (re_path("", view),)

    settings.configure(MIDDLEWARE=[], ROOT_URLCONF=Addresses, ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="none")
    return get_wsgi_application()


def serve_bare(port: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "benchmarks.web:bare_application", factory=True, address="127.0.0.1", port=port, interface=Interfaces.WSGI,
        workers=1, blocking_threads=4, log_access=False, log_level="warning",
    ).serve()  # fmt: skip


# ---- the installation ----------------------------------------------------------------------------------------------


def make_installation(home: Path, items: int) -> None:
    """Migrate, load Django here, and take in the invented documents: 25 to an instant, the newest today."""
    gongkai("migrate", home=home)
    os.environ.update(environment(home))
    import django

    django.setup()
    from django.utils import timezone

    from gongkai.disclosure.actions.import_items import Incoming, begin_batch, examine_line, finish_batch, take_in
    from gongkai.ledger.actions.seal import seal_all
    from gongkai.search.actions.follow import follow_all

    now = timezone.now()
    incoming = [examine_line(n, record, today=timezone.localdate()) for n, record in enumerate(invented(items), 1)]
    chunks = [incoming[start : start + 25] for start in range(0, items, 25)]
    apart = timedelta(days=16 * 365) / len(chunks)
    batch = begin_batch("invented", "0" * 64, at=now)
    for back, chunk in zip(range(len(chunks) - 1, -1, -1), chunks, strict=True):
        taken = take_in(batch, [row for row in chunk if isinstance(row, Incoming)], at=now - back * apart)
        if taken.released != len(chunk):
            raise SystemExit(f"{len(chunk) - taken.released} invented documents were not released")
    finish_batch(batch, rejected=0, at=now)
    seal_all(at=now)
    follow_all(on=timezone.localdate())


def release_one_more(number: int) -> None:
    """One more release, so that nothing the pages keep is of use any more."""
    from django.utils import timezone

    from gongkai.disclosure.actions.import_items import begin_batch, examine_line, finish_batch, take_in

    now = timezone.now()
    record = next(invented(1)) | {"id": f"more-{number}", "title": f"追加的信息第{number}号"}
    batch = begin_batch("one more", "1" * 64, at=now)
    take_in(batch, [examine_line(1, record, today=timezone.localdate())], at=now)
    finish_batch(batch, rejected=0, at=now)


@dataclass
class Target:
    """One kind of page. `paths` are asked for in turn."""

    name: str
    label: str
    paths: list[str]
    aim: str = ""
    served: Served | None = None
    queries: tuple[int, int] | None = None
    body: bytes = b""
    loads: list[tuple[Load, Load, float]] = field(default_factory=list)  # many connections, one, CPU ms a request

    def middle(self, pick: Any) -> float:
        return statistics.median(pick(*load) for load in self.loads)

    @property
    def rate(self) -> float:
        return self.middle(lambda many, one, cpu: many.requests / many.seconds)

    @property
    def cpu(self) -> float:
        return self.middle(lambda many, one, cpu: cpu)


def targets() -> list[Target]:
    from gongkai.disclosure.queries import public

    rows = public.listed().order_by("-released_at", "-pk")
    total = rows.count()
    draw = random.Random(4)
    numbers = list(rows.values_list("item__index_number", flat=True))
    whole = total // public.PAGE
    deep = range(max(1, whole - 8), max(2, whole - 2))  # how many pages lie before each of the deep ones
    paths = []
    for number in deep:
        released_at, key = rows.values_list("released_at", "pk")[number * public.PAGE - 1]
        paths.append(f"/open/latest/?after={quote(_cursor(released_at, key))}")
    rare = draw.sample(VILLAGES, min(len(VILLAGES), max(10, total // 20)))
    return [
        Target("item", "item page", [quote(public.item_url(n)) for n in draw.sample(numbers, min(1000, total))],
               "SQL ≤ 2, CPU ≤ 3 ms"),
        Target("home", "home", ["/"]),
        Target("list", "list, page 1", ["/open/latest/"], "SQL ≤ 2"),
        Target("deep", f"list, pages {deep[0] + 1:,}–{deep[-1] + 1:,}", paths, "SQL ≤ 2, CPU ≤ 1.2 × page 1"),
        Target("rare", "search, a rare word", [f"/search/?q={quote(word)}" for word in rare]),
        Target("common", "search, a common word", [f"/search/?q={quote(word)}" for word in COMMON]),
    ]  # fmt: skip


def _cursor(released_at: datetime, key: int) -> str:
    return f"o:{released_at.isoformat()}:{key}"


# ---- in this process -----------------------------------------------------------------------------------------------


class Application:
    """The WSGI application called directly: what a page asks of the database, and where its time goes."""

    def __init__(self) -> None:
        from gongkai.config.wsgi import application

        self._application = application

    def get(self, path: str) -> bytes:
        address, _, query = path.partition("?")
        from urllib.parse import unquote

        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": unquote(address).encode().decode("latin-1"), "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "HTTP_HOST": "127.0.0.1", "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": BytesIO(), "wsgi.errors": sys.stderr,
            "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
        }  # fmt: skip
        seen: list[str] = []
        answer = self._application(environ, lambda status, headers: seen.append(status))
        body = b"".join(answer)
        answer.close()
        if not seen[0].startswith("200"):
            raise SystemExit(f"{seen[0]} for {path}")
        return body

    def queries(self, path: str) -> int:
        from django.db import connection

        asked: list[str] = []

        def note(execute: Any, sql: str, *rest: Any) -> Any:
            asked.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(note):
            self.get(path)
        return len(asked)


def count_queries(chosen: Sequence[Target]) -> None:
    application = Application()
    application.get("/about/")  # templates and addresses of the frame are loaded
    for number, target in enumerate(chosen):
        application.get(target.paths[0])
        release_one_more(number)
        first = application.queries(target.paths[-1])
        target.queries = (max(application.queries(path) for path in target.paths[:20]), first)
        target.body = application.get(target.paths[0])


def profile(target: Target, calls: int = 400) -> None:
    """Milliseconds a page without the profiler, then the functions that cost most under it."""
    application = Application()
    paths = (target.paths * (1 + calls // len(target.paths)))[:calls]
    for path in paths[:20]:
        application.get(path)
    begun = time.process_time()
    for path in paths:
        application.get(path)
    print(f"{target.label}: {(time.process_time() - begun) * 1000 / calls:.2f} ms of CPU a page, {calls} pages, "
          f"{application.queries(paths[0])} queries")  # fmt: skip
    profiler = cProfile.Profile()
    profiler.enable()
    for path in paths:
        application.get(path)
    profiler.disable()
    found = pstats.Stats(profiler).strip_dirs()
    found.sort_stats("tottime").print_stats(30).sort_stats("cumulative").print_stats(60)


# ---- report --------------------------------------------------------------------------------------------------------


def measure(chosen: Sequence[Target], rounds: int, seconds: float) -> None:
    for target in chosen:  # warm: templates, caches, files
        load(_port(target), target.paths, 1, min(1, seconds))
    for number in range(rounds):
        for target in chosen if number % 2 == 0 else list(reversed(chosen)):
            served = target.served
            if served is None:
                raise RuntimeError(f"{target.name} is not served")
            before = served.cpu()
            many = load(served.port, target.paths, CONNECTIONS, seconds)
            cpu = (served.cpu() - before) * 1000 / many.requests
            target.loads.append((many, load(served.port, target.paths, 1, min(1, seconds)), cpu))


def _port(target: Target) -> int:
    if target.served is None:
        raise RuntimeError(f"{target.name} is not served")
    return target.served.port


def report(pages: Sequence[Target], bare: Target, static: Target | None) -> None:
    print("| page | req/s | p50 ms | p95 ms | p50 ms, 1 connection | CPU ms a request | SQL | SQL after a release "
          "| bytes | static ÷ page, req/s | bare ÷ page, req/s | page ÷ bare, CPU | aim |")  # fmt: skip
    print("| --- |" + " ---: |" * 11 + " --- |")
    for target in [*pages, bare, *([static] if static else [])]:
        p50, p95 = target.middle(lambda many, one, cpu: many.p50), target.middle(lambda many, one, cpu: many.p95)
        alone = target.middle(lambda many, one, cpu: one.p50)
        warm, first = target.queries or (0, 0)
        to_static = f"{static.rate / target.rate:,.0f}" if static else "not measured"
        print(f"| {target.label} | {target.rate:,.0f} | {p50:.2f} | {p95:.2f} | {alone:.2f} | {target.cpu:.3f} "
              f"| {warm} | {first} | {len(target.body):,} | {to_static} | {bare.rate / target.rate:,.1f} "
              f"| {target.cpu / bare.cpu:,.1f} | {aim(target, pages)} |")  # fmt: skip


def aim(target: Target, pages: Sequence[Target]) -> str:
    """The aim with whether it was reached in this run."""
    if not target.aim:
        return "–"
    queries = target.queries[0] if target.queries else 0
    first_page = next(page for page in pages if page.name == "list")
    reached = {
        "item": queries <= 2 and target.cpu <= 3,
        "list": queries <= 2,
        "deep": queries <= 2 and target.cpu <= 1.2 * first_page.cpu,
    }[target.name]
    return f"{target.aim}: {'reached' if reached else '**missed**'}"


def run(folder: Path, items: int, rounds: int, seconds: float) -> None:
    pages = targets()
    count_queries(pages)
    body = folder / "page.html"
    body.write_bytes(pages[0].body)
    port, bare_port = free_port(), free_port()
    serve = [sys.executable, f"{sys.prefix}/bin/gongkai", "serve", "--no-worker", "--port", str(port)]
    serve_bare_view = [sys.executable, "-m", "benchmarks.web", "--bare", str(bare_port)]
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(running(serve, port, folder / "serve.log", WEB_WORKERS="1"))
        other = stack.enter_context(running(serve_bare_view, bare_port, folder / "bare.log", BENCH_BODY=str(body)))
        bare = Target("bare", "bare Django view, bytes of an item page", ["/"], served=other, body=pages[0].body)
        static = None
        if shutil.which("nginx") or Path("/usr/sbin/nginx").exists():
            command, nginx_port = nginx(folder)
            files = stack.enter_context(running(command, nginx_port, folder / "nginx.log"))
            static = Target("static", "nginx, static file of an item page", ["/page.html"], served=files,
                            body=pages[0].body)  # fmt: skip
        for page in pages:
            page.served = ours
        begun = ours.resident()
        measure([*pages, bare, *([static] if static else [])], rounds, seconds)
        generator = "wrk" if by_wrk(seconds) else "threads of this script, whose own limit the two fastest rows are"
        print(f"\n### Public pages, {items:,} items (median of {rounds} rounds of {seconds:g} s, {CONNECTIONS} "
              f"connections, asked by {generator})\n")  # fmt: skip
        report(pages, bare, static)
        resident = ours.resident()
        print(f"\nResident memory of the worker: {begun:.0f} MB before, {resident:.0f} MB after the run; aim ≤ 150 MB: "
              f"{'reached' if resident <= 150 else '**missed**'}.")  # fmt: skip
        if static is None:
            print("\nnginx is absent: no static file was measured.")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="120 items, one round of a fifth of a second, no wrk")
    options.add_argument("--items", type=int)
    options.add_argument("--rounds", type=int)
    options.add_argument("--seconds", type=float)
    options.add_argument("--profile", nargs="?", const="item", metavar="PAGE")
    options.add_argument("--bare", type=int, metavar="PORT", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.bare:
        serve_bare(chosen.bare)
        return
    if not Path("/proc/self/stat").exists():
        raise SystemExit("CPU and memory of the servers are read from /proc, which this system does not have.")
    items = chosen.items or (120 if chosen.quick else 2_000 if chosen.profile else 20_000)
    rounds, seconds = chosen.rounds or (1 if chosen.quick else 5), chosen.seconds or (0.2 if chosen.quick else 3)
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as name:
        folder = Path(name)
        make_installation(folder / "home", items)
        if chosen.profile:
            profile(next(target for target in targets() if target.name == chosen.profile))
        else:
            run(folder, items, rounds, seconds)


if __name__ == "__main__":
    main()
