"""The site as files: the portal's own bytes, kept true by every release, edit and withdrawal."""

from __future__ import annotations

import errno
import os
import random
import re
import resource
import subprocess
from datetime import timedelta
from urllib.parse import unquote

import pytest

from gongkai.channels.site import plan
from gongkai.channels.site.addresses import path_of
from gongkai.channels.site.tree import Busy, Place, SiteError, Tree
from gongkai.disclosure.models import Item
from tests.channels.site.conftest import forget
from tests.conftest import AT, TODAY

pytestmark = pytest.mark.django_db

#: What nginx passes on to the application.
DYNAMIC = re.compile("|".join((*plan.BY_APPLICATION, r"[^?]*\?")))


def body_of(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def everything(site):
    """An item of each kind that a public page may show."""
    plain = site.item("青禾市城乡低保标准", attachment="低保标准附表", theme="民政", keywords="低保 标准")
    site.item("青禾市城乡低保标准解读", interprets=[plain.index_number])
    site.withdraw(site.item("误发的名单", body="<p>误发正文</p>", attachment="误发附件"))
    site.withdraw(site.item("青禾市旧办法"), "abolished", basis="青政发〔2026〕1号")
    old, new = site.item("青禾市救助办法"), site.item("青禾市救助办法（修订）")
    site.withdraw(old, "superseded", replaced_by=new, explanation="已经修改。")
    site.edit(plain, title="青禾市城乡低保标准（2026年）")
    return plain


def test_every_file_is_the_answer_of_the_portal(site, client):
    everything(site)
    site.build()
    numbers = list(plan.in_front())
    addresses = [*plan.pages(), *(a for n in numbers for a in plan.pages_of(n))]
    addresses += [file.address for files in plan.files_of(numbers).values() for file in files]
    files, seen = site.files(), set()
    for address in addresses:
        answer = client.get(address, secure=True)
        path = path_of(address, status=answer.status_code, media_type=answer.headers["Content-Type"])
        assert files[path] == body_of(answer), address
        seen.add(path)
    assert {path for path in files if not path.startswith("static/")} == seen
    assert len(seen) > 60
    assert "items/900000002/2026-00003/withdrawn.html" in seen
    assert "items/900000002/2026-00001/files/1/低保标准附表.txt" in seen
    assert site.differences() == []


def test_a_page_says_the_same_at_every_request(site, client):
    """No token, no nonce, no hour: otherwise a file would never be the portal's answer."""
    everything(site)
    for address in [*plan.pages(), "/items/900000002/2026-00001/", "/items/900000002/2026-00001/print/"]:
        assert body_of(client.get(address, secure=True)) == body_of(client.get(address, secure=True)), address


def test_no_link_in_the_tree_is_dead(site):
    everything(site)
    site.build()
    files = site.files()
    dead = set()
    for path, body in files.items():
        if not path.endswith(".html"):
            continue
        for link in re.findall(r'(?:href|src|action)="(/[^"#]*)', body.decode()):
            if link.startswith("/static/") or DYNAMIC.match(link):
                continue
            target = path_of(unquote(link).replace("&amp;", "&"))
            gone = target.replace("index.html", "withdrawn.html")
            if target not in files and gone not in files:
                dead.add((path, link))
    assert dead == set()


def test_a_release_and_its_lists_follow_with_the_round(site):
    site.build()
    item = site.item("青禾市养老服务补贴办法", attachment="补贴申请表")
    [posting] = site.carry()
    assert posting.state == "confirmed"
    files = site.files()
    for path in ("index.html", "open/latest/index.html", "open/heading/20-11/index.html", "feed/index.xml"):
        assert "青禾市养老服务补贴办法" in files[path].decode(), path
    assert files[f"items/{item.index_number}/files/1/补贴申请表.txt"] == "补贴申请表".encode()
    assert site.differences() == []


def test_after_a_recall_not_a_byte_of_the_target_names_the_item(site):
    words = ("滨河路夜市管理办法", "夜市正文一段", "夜市附表")
    item = site.item(words[0], body=f"<p>{words[1]}</p>", attachment=words[2], summary="滨河路夜市概述", theme="市容")
    site.item("青禾市夜间经济解读", interprets=[item.index_number])
    site.build()
    there = site.files()
    assert sum(words[0].encode() in body for body in there.values()) > 10
    site.withdraw(item, explanation="附表有误。")
    site.carry(lists=False)  # a recall does not wait for the round
    left = [
        str(path)
        for path in site.target.rglob("*")
        if path.is_file()
        for word in (*words, "滨河路夜市概述")
        if word.encode() in path.read_bytes() or word in str(path)
    ]
    assert left == []
    files = site.files()
    notice = files[f"items/{item.index_number}/withdrawn.html"].decode()
    assert "附表有误。" in notice
    below = {path for path in files if path.startswith(f"items/{item.index_number}/")}
    assert below == {f"items/{item.index_number}/{name}" for name in ("withdrawn.html", "print/withdrawn.html")}
    assert "open/theme/市容/index.html" not in files
    assert site.differences() == []


def test_what_was_public_before_the_first_build_is_recalled_too(site, settings):
    """No posting was planned while the channel was not in use; the build makes them."""
    settings.STATIC_SITE_DIR, target = "", settings.STATIC_SITE_DIR
    item = site.item("青禾市旧公告")
    assert site.carry(lists=False) == []
    settings.STATIC_SITE_DIR = target
    site.build()
    site.withdraw(item)
    [posting] = site.carry(lists=False)
    assert posting.state == "recalled"
    assert all("青禾市旧公告".encode() not in body for body in site.files().values())


def test_kept_by_rounds_or_built_at_once_is_the_same_site(site, tmp_path):
    """Random releases, edits and withdrawals; the kept tree is the tree a whole build makes."""
    draw = random.Random(7)
    site.build()
    public: list[Item] = []
    for n in range(36):
        match draw.choice(["release", "release", "release", "edit", "withdraw", "end"]) if public else "release":
            case "release":
                interprets = [draw.choice(public).index_number] if public and draw.random() < 0.4 else []
                theme = draw.choice(["", "民政", "教育"])
                attachment = f"附件{n}" if draw.random() < 0.3 else ""
                public.append(site.item(f"第{n}号通知", theme=theme, interprets=interprets, attachment=attachment))
            case "edit":
                site.edit(draw.choice(public), title=f"第{n}号通知（更正）", theme=draw.choice(["", "民政"]))
            case "withdraw":
                site.withdraw(public.pop(draw.randrange(len(public))))
            case "end":
                site.withdraw(public.pop(draw.randrange(len(public))), "abolished", basis="新规定")
        if draw.random() < 0.5:
            site.carry(lists=draw.random() < 0.7)
    site.carry()
    assert site.differences() == []
    other = Place(tmp_path / "other")
    site.build(place=other, served=False)
    fresh = {
        p.relative_to(other.current().www).as_posix(): p.read_bytes()
        for p in other.current().www.rglob("*")
        if p.is_file()
    }
    kept = site.files()
    assert kept.keys() == fresh.keys()
    apart = {path: set(kept[path].split(b"\n")) ^ set(fresh[path].split(b"\n")) for path in kept}
    assert {path: [line.decode() for line in lines] for path, lines in apart.items() if lines} == {}


def test_a_worker_that_dies_before_the_lists_leaves_them_to_the_next(site):
    site.build()
    site.item("青禾市冬季供暖通知")
    site.carry(lists=False)
    assert "青禾市冬季供暖通知" not in site.files()["index.html"].decode()
    assert site.place.current().noted() == ["900000002/2026-00001"]
    site.carry()
    assert "青禾市冬季供暖通知" in site.files()["index.html"].decode()
    assert site.place.current().noted() == []


def test_taken_down_while_a_build_runs_is_not_in_the_new_tree(site):
    from gongkai.ledger.actions.seal import seal_all

    item = site.item("青禾市临时交通管制")
    site.build()

    def in_the_middle(done: int, total: int) -> None:
        if done == total:
            site.withdraw(item)
            seal_all(at=AT)
            forget()

    site.build(progress=in_the_middle)
    assert all("青禾市临时交通管制".encode() not in body for body in site.files().values())
    assert site.differences() == []


def limited():
    """No file may grow beyond 6,000 bytes from here on: the operating system refuses, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (6000, before[1]))
    return before


def test_a_write_that_the_system_refuses_leaves_the_old_site_whole(site):
    item = site.item("青禾市公告")
    site.build()
    before, served = site.files(), site.place.current().folder
    site.item("青禾市第二个公告")
    limits = limited()
    try:
        with pytest.raises(SiteError, match="原来的站点没有变化"):
            site.build()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert site.place.current().folder == served
    assert site.files() == before
    assert [p.name for p in (site.target / "trees").iterdir()] == [served.name]
    assert item.index_number in "".join(before)


@pytest.fixture
def small_disk(tmp_path):
    """A file system of its own with room for little; only an administrator may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1100k", "tmpfs", str(folder)], capture_output=True, text=True
    )
    if made.returncode:
        pytest.skip(f"不能挂载小磁盘：{made.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_fills_up_in_the_middle_leaves_the_old_site_whole(site, settings, small_disk):
    settings.STATIC_SITE_DIR = str(small_disk / "site")
    site.target = small_disk / "site"
    site.item("青禾市公告")
    site.build()
    before = site.files()
    filler = small_disk / "filler"
    free = os.statvfs(small_disk)
    filler.write_bytes(b"x" * max(0, free.f_bavail * free.f_frsize - 200_000))
    with pytest.raises(SiteError, match="磁盘空间不足") as told:
        site.build()
    assert told.value.__cause__.errno == errno.ENOSPC
    assert site.files() == before
    assert len(list((site.target / "trees").iterdir())) == 1
    filler.unlink()
    site.build()
    assert site.differences() == []


def test_an_item_that_cannot_be_written_is_tried_again_and_the_old_page_stays(site):
    item = site.item("青禾市公告")
    site.build()
    path = f"items/{item.index_number}/index.html"
    before = site.files()[path]
    site.edit(item, body=f"<p>{'长' * 4000}</p>")
    limits = limited()
    try:
        [posting] = site.carry(lists=False)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (posting.state, posting.problem) == ("planned", "disk")
    assert site.files()[path] == before
    [posting] = site.carry(later=60)
    assert posting.state == "confirmed"
    assert "长长长" in site.files()[path].decode()
    assert site.differences() == []


def test_two_writers_wait_for_each_other(site, monkeypatch):
    from gongkai.channels.site import tree

    site.build()
    monkeypatch.setattr(tree, "PATIENCE", 0.0)
    site.item("青禾市公告")
    with site.place.writing():
        with pytest.raises(Busy), site.place.writing():
            pass
        [posting] = site.carry(lists=False)
        assert (posting.state, posting.problem) == ("planned", "busy")
    [posting] = site.carry(later=60)
    assert posting.state == "confirmed"


def test_before_the_first_build_a_delivery_waits_and_says_what_to_do(site):
    site.item("青禾市公告")
    [posting] = site.carry()
    assert (posting.state, posting.sentence) == ("planned", "静态站点还没有建立，请管理员运行 gongkai site build。")
    site.build()
    posting.refresh_from_db()
    assert posting.is_settled


def test_a_new_day_and_a_renamed_organ_reach_every_page(site, monkeypatch):
    from gongkai.agencies.actions.organs import change_organ
    from gongkai.agencies.actors import SYSTEM

    item = site.item("青禾市公告")
    site.build()
    site.carry()
    change_organ(site.town.organ, name="青禾市民政和社会保障局", short_name="", actor=SYSTEM, at=AT)
    for _ in range(40):
        site.carry()
        if site.place.current().everything is None:
            break
    assert "青禾市民政和社会保障局" in site.files()[f"items/{item.index_number}/index.html"].decode()
    assert site.differences() == []
    assert site.place.current().day is not None


def test_a_numbered_page_keeps_its_place(site):
    """Eighty releases: a new one touches the head only; an edit of an old one its page and the head."""
    from gongkai.agencies.actors import SYSTEM
    from gongkai.disclosure.actions.import_items import begin_batch, examine_line, finish_batch, take_in
    from gongkai.disclosure.actions.withdraw import withdraw

    batch = begin_batch("old.jsonl", "0" * 64, at=AT)
    rows = [
        examine_line(n, {"id": f"h{n}", "title": f"第{n:03d}号旧闻", "body": f"旧闻{n}", "agency": "青禾市水利局", "date": "2020-01-02"}, today=TODAY)
        for n in range(80)
    ]  # fmt: skip
    for n in range(0, 80, 20):
        take_in(batch, rows[n : n + 20], at=AT - timedelta(days=80 - n))
    finish_batch(batch, rejected=0, at=AT)
    site.build()
    before = site.files()
    numbered = {path for path in before if re.match(r"open/latest/page/\d+/", path)}
    assert numbered == {"open/latest/page/1/index.html", "open/latest/page/2/index.html"}
    found = [
        re.findall(r"第(\d{3})号旧闻", before[path].decode())
        for path in ("open/latest/index.html", *sorted(numbered, reverse=True))
    ]
    assert sum(found, []) == [f"{n:03d}" for n in range(79, -1, -1)]
    site.item("青禾市新公告")
    site.carry()
    after = site.files()
    changed = {path for path in after if path.startswith("open/latest/") and after[path] != before[path]}
    assert changed == {"open/latest/index.html"}
    for n in range(19):
        site.item(f"青禾市公告{n}")
    site.carry()
    grown = site.files()
    changed = {path for path in grown if path.startswith("open/latest/") and grown[path] != after.get(path)}
    assert changed == {f"open/latest/{name}" for name in ("index.html", "page/2/index.html", "page/3/index.html")}
    old = Item.objects.get(working_title="第010号旧闻")
    withdraw(old.pk, "error", explanation="有误。", actor=SYSTEM, at=AT, today=TODAY)
    site.carry()
    shrunk = site.files()
    changed = {path for path in shrunk if path.startswith("open/latest/") and shrunk[path] != grown[path]}
    assert changed == {"open/latest/index.html", "open/latest/page/1/index.html"}
    assert site.differences() == []


def test_verify_finds_what_is_too_much_missing_changed_and_old(site):
    item = site.item("青禾市公告")
    site.build()
    number = item.index_number
    (site.www / "items" / "stray.html").write_text("x")
    (site.www / "open/latest/index.html").unlink()
    (site.www / f"items/{number}/index.html").write_text("改过")
    assert site.differences() == [
        ("stray", "items/stray.html"), ("missing", "open/latest/index.html"), ("changed", f"items/{number}/index.html"),
    ]  # fmt: skip
    site.build()
    site.edit(item, title="青禾市公告（更正）")
    kinds = dict(map(reversed, site.differences()))
    assert kinds[f"items/{number}/index.html"] == "old"


def test_an_item_whose_number_leads_out_of_the_tree_is_not_written(site):
    from gongkai.disclosure.actions.import_items import begin_batch, examine_line, finish_batch, take_in

    batch = begin_batch("old.jsonl", "0" * 64, at=AT)
    row = {"id": "h1", "title": "旧闻", "body": "旧闻", "agency": "青禾市水利局", "index_number": "../../../outside"}
    take_in(batch, [examine_line(1, row, today=TODAY)], at=AT)
    finish_batch(batch, rejected=0, at=AT)
    site.build()
    [posting] = site.carry()
    assert posting.is_settled
    site.carry()
    assert not any("outside" in str(path) for path in site.target.parent.rglob("*"))


def test_leftovers_of_a_dead_build_go_with_the_next(site):
    site.item("青禾市公告")
    site.build()
    dead = Tree(site.target / "trees" / "20260101T000000-dead")
    dead.make()
    (dead.www / "half.html").write_text("半页")
    site.build()
    assert len(list((site.target / "trees").iterdir())) == 1
    assert site.differences() == []


def test_every_route_of_the_portal_is_a_file_or_is_passed_on():
    """A new public page is in the tree or with the application on purpose: its route stands in one of the lists."""
    from django.urls import get_resolver

    portal = next(p for p in get_resolver().url_patterns if getattr(p, "app_name", "") == "portal")
    files = {*plan.WITH_EVERY_ITEM, *plan.SELDOM, "item", "print", "file", "image", "catalogue", "catalogue_page"}
    files |= {f"feed_{kind}" for kind in ("agency", "heading", "theme")}
    lists = ("latest", "heading", "agency", "theme", "year", "column", "entry", "rules")
    files |= {name + page for name in lists for page in ("", "_page")}
    routes = {p.name: "/" + str(p.pattern).removeprefix("^") for p in portal.url_patterns}
    passed_on = {name for name, route in routes.items() if route.startswith(plan.BY_APPLICATION)}
    assert {name: route for name, route in routes.items() if name not in files | passed_on} == {}
    assert files & passed_on == set()
    assert files <= routes.keys()
