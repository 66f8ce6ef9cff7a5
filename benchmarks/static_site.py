"""The public site as files: building it, keeping it, and serving it with nginx.

    python -m benchmarks.static_site [--quick] [--items N] [--processes N] [--rounds N] [--seconds S]

The installation is that of benchmarks.web: invented documents, production settings, SQLite. Measured are: a whole build
(pages a second on the clock and per second of processor time, since the machine is shared), what one release and one
withdrawal take until the item and every list that names it are written, what an item page costs the application, and nginx
serving the built tree with docs/nginx.conf's rules beside the same nginx serving one static file of the size of an item
page. Targets alternate within each round. Files are written below TMPDIR: on ext4 a file made within half a minute after
many were removed costs the kernel up to a millisecond, whoever removed them, so that the disk may be the slower half.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import re
import resource
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from urllib.parse import quote, unquote

from benchmarks.machine import ROOT
from benchmarks.web import Application, free_port, load, make_installation, nginx, running

CONNECTIONS = 4


def processor() -> float:
    """Seconds of processor time of this process and the ones it waited for."""
    return sum(
        u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def whole_build(processes: int) -> tuple[int, float, float]:
    """Pages (without attachments and assets), seconds, seconds of processor time."""
    from django.utils import timezone

    from gongkai.channels.site.build import build
    from gongkai.channels.site.tree import configured

    now = timezone.now()
    begun, used = time.perf_counter(), processor()
    built = build(configured(), processes=processes, served=True, at=now, on=timezone.localdate())
    return 2 * built.items + built.pages, time.perf_counter() - begun, processor() - used


def one_change(act: str, number: int) -> tuple[float, float]:
    """Seconds, and seconds of processor time, from the sealed fact to the last list."""
    from django.utils import timezone

    from benchmarks.imports import invented
    from gongkai.agencies.actors import SYSTEM
    from gongkai.channels.actions.follow import follow_all
    from gongkai.channels.adapters import channel_of
    from gongkai.channels.tasks import carry_round
    from gongkai.disclosure.actions.import_items import begin_batch, examine_line, finish_batch, take_in
    from gongkai.disclosure.actions.withdraw import withdraw
    from gongkai.disclosure.models import Release
    from gongkai.ledger.actions.seal import seal_all

    now, today = timezone.now(), timezone.localdate()
    if act == "release":
        record = next(invented(1)) | {"id": f"kept-{number}", "title": f"追加的信息第{number}号"}
        batch = begin_batch("one more", "1" * 64, at=now)
        take_in(batch, [examine_line(1, record, today=today)], at=now)
        finish_batch(batch, rejected=0, at=now)
    else:
        rows = Release.objects.filter(standing="live").order_by("pk").values_list("item_id", flat=True)
        withdraw(rows[rows.count() // 2 + number], "error", explanation="有误。", actor=SYSTEM, at=now, today=today)
    seal_all(at=now)
    begun, used = time.perf_counter(), processor()
    follow_all(at=now, on=today)
    carry_round(channel_of("static_site"))
    return time.perf_counter() - begun, processor() - used


def kept(rounds: int) -> None:
    one_change("release", 0)  # what a running worker has loaded already
    print(
        "\n| one change, until its last list is written | seconds | processor seconds | aim |\n| --- | ---: | ---: | --- |"
    )
    for act, aim in (("release", 1.0), ("withdrawal", None)):
        taken = [one_change(act, n) for n in range(1, rounds + 1)]
        seconds, used = statistics.median(t[0] for t in taken), statistics.median(t[1] for t in taken)
        told = "–" if aim is None else f"< {aim:g} s: {'reached' if seconds < aim else '**missed**'}"
        print(f"| {act} | {seconds:.2f} | {used:.2f} | {told} |")


def dynamic(calls: int) -> None:
    """The same item pages asked of the application in this process, one by one: no document is at hand."""
    from gongkai.channels.site import plan

    numbers = [number for number, (_, readable) in plan.in_front().items() if readable]
    paths = [plan.pages_of(n)[0] for n in random.Random(4).sample(numbers, min(calls, len(numbers)))]
    application = Application()
    for path in paths[:20]:
        application.get(path)
    spent = []
    for path in paths:
        begun = time.process_time()
        application.get(path)
        spent.append((time.process_time() - begun) * 1000)
    asked = max(application.queries(path) for path in paths[:20])
    told = "reached" if asked <= 2 else "**missed**"
    print("\n| item page by the application | processor ms, median | SQL | aim |\n| --- | ---: | ---: | --- |")
    print(f"| {len(paths):,} pages | {statistics.median(spent):.2f} | {asked} | ≤ 2 queries: {told} |")


def served(folder: Path, rounds: int, seconds: float) -> None:
    """Three servers of one worker each: one file with no rules at all, one item page with docs/nginx.conf, and 1,000 item
    pages of the tree with it. The second tells what the rules cost, the third what many files cost beyond them."""
    from gongkai.channels.site import plan
    from gongkai.channels.site.tree import configured

    tree = configured().current()
    if tree is None:
        raise SystemExit("nothing was built")
    draw = random.Random(4)
    live = sorted(number for number, (_, readable) in plan.in_front().items() if readable)
    addresses = [quote(plan.pages_of(n)[0]) for n in draw.sample(live, min(1000, len(live)))]
    body = b"x" * int(
        statistics.median((tree.www / unquote(a).strip("/") / "index.html").stat().st_size for a in addresses)
    )
    lone = folder / "lone"
    (page := lone / unquote(addresses[0]).strip("/") / "index.html").parent.mkdir(parents=True)
    page.write_bytes(body)
    (folder / "single").mkdir()
    (folder / "single" / "page.html").write_bytes(body)
    turns = {"single": (*nginx(folder / "single"), ["/page.html"])}
    for name, www, paths in (("lone", lone, addresses[:1]), ("tree", tree.www, addresses)):
        turns[name] = (*_nginx_as_documented(folder / f"{name}-server", www), paths)
    rates: dict[str, list[float]] = {name: [] for name in turns}
    spent: dict[str, list[float]] = {name: [] for name in turns}
    with contextlib.ExitStack() as stack:
        servers = {
            name: stack.enter_context(running(command, port, folder / f"{name}.log"))
            for name, (command, port, _) in turns.items()
        }
        for _, port, paths in turns.values():
            load(port, paths, CONNECTIONS, min(1, seconds))
        for number in range(rounds):
            for name in list(turns) if number % 2 == 0 else list(turns)[::-1]:
                before = servers[name].cpu()
                got = load(turns[name][1], turns[name][2], CONNECTIONS, seconds)
                rates[name].append(got.requests / got.seconds)
                spent[name].append((servers[name].cpu() - before) * 1e6 / got.requests)
    print(
        f"\n| nginx, one worker, {CONNECTIONS} connections | requests/s | beside one file | processor µs a request "
        "| beside one file | aim |\n| --- | ---: | ---: | ---: | ---: | --- |"
    )
    labels = {
        "single": f"one static file of {len(body):,} bytes, no rules",
        "lone": "one item page of that size, with docs/nginx.conf",
        "tree": f"{len(addresses):,} item pages of the built tree in turn, with docs/nginx.conf",
    }
    rate, cost = ({n: statistics.median(v) for n, v in values.items()} for values in (rates, spent))
    for name, label in labels.items():
        ratio, by_cost = rate[name] / rate["single"], cost["single"] / cost[name]
        told = f"≥ 0.8: {'reached' if ratio >= 0.8 else '**missed**'}" if name == "tree" else "–"
        print(f"| {label} | {rate[name]:,.0f} | {ratio:.2f} | {cost[name]:.1f} | {by_cost:.2f} | {told} |")


def _nginx_as_documented(folder: Path, www: Path) -> tuple[list[str], int]:
    folder.mkdir()
    port = free_port()
    (folder / "nginx.conf").write_text(_configuration(folder, www, port))
    return [shutil.which("nginx") or "/usr/sbin/nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")], port


def _configuration(folder: Path, www: Path, port: int) -> str:
    text = (ROOT / "docs" / "nginx.conf").read_text(encoding="utf-8")
    for pattern, place in (
        (r"listen 80;", f"listen 127.0.0.1:{free_port()};"),
        (r"listen 443 ssl http2;", f"listen 127.0.0.1:{port};"),
        (r"ssl_certificate(_key)? .*;", ""),
        (r"root /srv/gongkai-site/current/www;", f"root {www};"),
        (r"/var/cache/nginx/gongkai", f"{folder}/cache"),
    ):
        text = re.sub(pattern, place, text)
    temporary = "".join(f"{kind}_temp_path temp;\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;\n" if os.geteuid() == 0 else ""
    return (
        f"{user}daemon off; worker_processes 1; pid tree.pid; error_log stderr;\nevents {{}}\nhttp {{\n{temporary}"
        "include /etc/nginx/mime.types; access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;\n"
        f"{text}\n}}\n"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="1,000 items, one process, one short round, no wrk")
    options.add_argument("--items", type=int)
    options.add_argument("--processes", type=int)
    options.add_argument("--rounds", type=int)
    options.add_argument("--seconds", type=float)
    chosen = options.parse_args()
    items = chosen.items or (1000 if chosen.quick else 20_000)
    processes = chosen.processes or (1 if chosen.quick else 2)
    rounds, seconds = chosen.rounds or (1 if chosen.quick else 5), chosen.seconds or (0.2 if chosen.quick else 3)
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as name:
        folder = Path(name)
        os.environ |= {"STATIC_SITE_DIR": str(folder / "site"), "SITE_BASE_URL": "http://127.0.0.1"}
        make_installation(folder / "home", items)
        pages, taken, used = whole_build(processes)
        rate, alone = pages / taken, pages / used
        print(f"\n### The site as files, {items:,} items, load {os.getloadavg()[0]:.1f}\n")
        print(
            "| whole build | pages | seconds | pages/s | pages per processor second | aim |\n| --- | ---: | ---: | ---: | ---: | --- |"
        )
        told = "reached" if rate >= 1000 else "**missed**"
        print(
            f"| {processes} processes, to the swap | {pages:,} | {taken:.1f} | {rate:,.0f} | {alone:,.0f} | ≥ 1,000 pages/s: {told} |"
        )
        peak = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        print(f"\nAt most {peak[0]:.0f} MB resident in the process that builds, {peak[1]:.0f} MB in each that helps.")
        kept(rounds)
        dynamic(100 if chosen.quick else 1000)
        if not (shutil.which("nginx") or Path("/usr/sbin/nginx").exists()):
            print("\nnginx is absent: serving was not measured.")
        else:
            served(folder, rounds, seconds)


if __name__ == "__main__":
    main()
