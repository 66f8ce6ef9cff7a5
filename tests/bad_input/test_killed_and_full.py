"""Killed in the middle, a disk that takes no more, a database that is locked: wholly in or not at all, and told."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from tests.disclosure.test_import_items import GOOD
from tests.journeys.test_outside_a_transaction import Home

on_sqlite = not os.environ.get("DATABASE_URL", "").startswith("postgres")


def command(home: Home, *arguments: str, cwd, **more) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "gongkai", *arguments], env=home.environment, cwd=cwd, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more,
    )  # fmt: skip


@pytest.fixture(scope="module")
def history(tmp_path_factory) -> Home:
    """A town where nothing was drafted yet: an import needs no administrators."""
    return Home(tmp_path_factory.mktemp("history"))


def lines(name: str, count: int) -> str:
    return "\n".join(
        json.dumps(
            GOOD | {"id": f"{name}{n}", "title": f"第{n}号防汛通知", "body": f"请做好第{n}号防汛工作。" * 40},
            ensure_ascii=False,
        )
        for n in range(count)
    )


STATE = """
    items = Item.objects.filter(external_id__startswith="{name}")
    whole = items.filter(public="live", index_number__isnull=False, releases__standing="live").count()
    subjects = ["item:" + code for code in items.values_list("code", flat=True)]
    facts = Fact.objects.filter(kind="item.released_import", subject__in=subjects).count()
    print(items.count(), whole, Release.objects.filter(basis="import", item__in=items).count(), facts)
"""


def state(home: Home, name: str) -> int:
    """How many lines are in; each of them wholly, and whole chunks only."""
    items, whole, releases, facts = map(int, home.run(STATE.replace("{name}", name)).split())
    assert items == whole == releases == facts
    assert items % 100 == 0
    return items


def test_a_full_disk_while_importing_is_told_and_the_same_command_goes_on(history, tmp_path):
    (tmp_path / "old.jsonl").write_text(lines("f", 400), encoding="utf-8")
    limit = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({n}, resource.RLIM_INFINITY)); " + (
        "from gongkai.config.command import run; sys.argv = ['gongkai', 'import', 'items', 'old.jsonl']; run()"
    )
    # On SQLite the database itself stops growing; on PostgreSQL, which runs elsewhere, the index does.
    room = 3_000_000 if on_sqlite else 20_000
    process = subprocess.run(
        [sys.executable, "-c", limit.replace("{n}", str(room))], env=history.environment, cwd=tmp_path, text=True,
        capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    assert process.returncode == 1, process.stdout + process.stderr[-800:]
    assert "导入没有做完" in process.stderr
    assert "再运行同一条命令接着导入" in process.stderr
    assert "Traceback" not in process.stderr
    items = state(history, "f")
    done = command(history, "import", "items", "old.jsonl", cwd=tmp_path)
    out, err = done.communicate(timeout=120)
    assert done.returncode == 0, err
    assert f"已发布 {400 - items} 条，待处理 0 条，已在系统中 {items} 条" in out
    assert found(history, tmp_path, "f") == 400


def test_an_import_killed_at_any_moment_has_whole_chunks_and_goes_on_with_exactly_the_rest(history, tmp_path):
    home = history
    (tmp_path / "old.jsonl").write_text(lines("k", 400), encoding="utf-8")
    seen = [0]
    for n in range(2):
        stored = _count(home)
        process = command(home, "import", "items", "old.jsonl", cwd=tmp_path)
        deadline = time.monotonic() + 30
        # Wait until it has stored a chunk, then end it somewhere inside the next one.
        while process.poll() is None and time.monotonic() < deadline and _count(home) == stored:
            time.sleep(0.005)
        time.sleep(0.03 * n)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
        seen.append(state(home, "k"))
    assert 0 < seen[1] < seen[2] < 400
    done = command(home, "import", "items", "old.jsonl", cwd=tmp_path)
    out, err = done.communicate(timeout=120)
    assert done.returncode == 0, err
    assert f"已发布 {400 - seen[2]} 条，待处理 0 条，已在系统中 {seen[2]} 条，未导入 0 条" in out
    assert state(home, "k") == 400
    assert found(home, tmp_path, "k") == 400
    assert home.run("seal_all(at=AT); print(list(verify()))") == "[]"


def found(home: Home, cwd, name: str) -> int:
    """How many lines of an import the search finds."""
    process = command(home, "search", "防汛", "-k", "1000", "--json", cwd=cwd)
    return sum(row["external_id"].startswith(name) for row in json.loads(process.communicate(timeout=60)[0]))


def _count(home: Home) -> int:
    """Items stored by now, asked of the database itself."""
    if on_sqlite:
        with sqlite3.connect(home.folder / "gongkai.sqlite3", timeout=5) as database:
            return int(database.execute("SELECT COUNT(*) FROM disclosure_item").fetchone()[0])
    import dj_database_url
    import psycopg

    told = dj_database_url.parse(home.environment["DATABASE_URL"])
    with psycopg.connect(host=told["HOST"], user=told["USER"], dbname=told["NAME"]) as database:
        return int(database.execute("SELECT COUNT(*) FROM disclosure_item").fetchone()[0])


def test_a_draft_save_killed_at_any_moment_leaves_the_old_text_or_the_new_one(home):
    home.run("Desk(town()).draft(title='草稿')")
    for n in range(3):
        process = home.start(
            """
            from gongkai.disclosure.actions.save_draft import save_draft
            item = item_of("草稿"); actor = town().actor("drafter"); revision = item.draft.revision
            for k in range(1000):
                save_draft(item.pk, {"body": f"<p>{revision + k + 1}</p>" + "<p>字</p>" * 3000, "keywords":
                    str(revision + k + 1)}, based_on=revision + k, actor=actor, at=AT, today=TODAY)
                if k == 0:
                    print("go", flush=True)  # however busy the machine is, one save is through
            """
        )
        process.stdout.readline()
        time.sleep(0.15 + 0.07 * n)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
    report = home.run(
        """
        item = item_of("草稿"); d = item.draft
        assert d.keywords == str(d.revision) and d.body.startswith(f"<p>{d.revision}</p>") and d.body.endswith("<p>字</p>")
        told = [f.data["revision"] for f in Fact.objects.filter(kind="item.draft_saved", subject=f"item:{item.code}").order_by("id")]
        assert told == list(range(2, d.revision + 1)), told
        print(d.revision)
        """
    )
    assert int(report) > 3  # some saves were through


LOOK = """
        from gongkai.disclosure.models import DraftAttachment
        from gongkai.files.models import Blob
        from gongkai.files.queries import read
        import hashlib
        for blob in Blob.objects.all():
            data = read(blob)
            assert (hashlib.sha256(data).hexdigest(), len(data)) == (blob.digest, blob.size)
        rows = DraftAttachment.objects.count()
        assert rows == Fact.objects.filter(kind="item.attachment_added").count()
        print(rows)
"""


def test_an_upload_killed_at_any_moment_leaves_no_row_without_its_file(home):
    home.run("Desk(town()).draft(title='附件')")
    for n in range(3):
        process = home.start(
            f"""
            from gongkai.disclosure.actions.attachments import add_attachment
            item = item_of("附件"); actor = town().actor("drafter")
            print("go", flush=True)
            for k in range(12):
                add_attachment(item.pk, f"{n}-{{k}}字\\n".encode() * 5_000, filename=f"{n}-{{k}}.txt", actor=actor, at=AT)
                print(k, flush=True)
            """
        )
        # After none, one and two whole uploads, somewhere in the next one.
        for _ in range(1 + n):
            process.stdout.readline()
        time.sleep(0.15 + 0.3 * n)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
    assert int(home.run(LOOK)) > 0


def test_a_full_disk_while_storing_a_file_is_told_and_leaves_nothing_half_done(home):
    said = home.run(
        """
        import resource
        from django.core.files.uploadedfile import SimpleUploadedFile
        from django.test import Client
        from django.urls import reverse
        from gongkai.disclosure.models import DraftAttachment
        from gongkai.files.models import Blob
        from pathlib import Path
        from django.conf import settings
        Desk(town()).draft(title="满盘")
        item, client = item_of("满盘"), Client()

        def disk_takes(size):
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

        client.force_login(town().people["drafter"], backend="django.contrib.auth.backends.ModelBackend")
        address = reverse("desk:add_file", args=[item.code])
        from tests.desk.conftest import png
        import struct, zlib
        told = b"tEXt" + bytes(3_000_000)  # the original is kept as it was handed in, the copy leaves this behind
        data = png()[:33] + struct.pack(">I", 3_000_000) + told + struct.pack(">I", zlib.crc32(told)) + png()[33:]
        parts = list(Path(settings.FILES_ROOT).rglob(".part-*"))
        before = (Blob.objects.count(), DraftAttachment.objects.count(), Fact.objects.count())
        edit = reverse("desk:edit", args=[item.code])
        client.get(edit)
        # Full from the moment the file is to be kept: what reads it before needs room of its own.
        from gongkai.disclosure.actions import attachments
        store = attachments.store
        attachments.store = lambda *a, **k: (disk_takes(2_000_000), store(*a, **k))[1]
        answer = client.post(address, {"file": SimpleUploadedFile("大.png", data)})
        disk_takes(resource.RLIM_INFINITY)
        attachments.store = store
        page = client.get(edit).content.decode()
        assert "服务器没能保存文件（磁盘可能已满）" in page, (answer.status_code, page[:300])
        assert before == (Blob.objects.count(), DraftAttachment.objects.count(), Fact.objects.count())
        assert parts == list(Path(settings.FILES_ROOT).rglob(".part-*"))
        client.post(address, {"file": SimpleUploadedFile("大.png", data)})
        print(Blob.objects.count() - before[0], DraftAttachment.objects.count() - before[1])
        """
    )
    assert said == "2 1"  # the original and its copy


@pytest.mark.skipif(not on_sqlite, reason="PostgreSQL locks rows and has no lock of the whole database")
def test_a_locked_database_changes_nothing_shows_a_page_in_words_and_works_afterwards(home):
    said = home.run(
        """
        import sqlite3
        from django.conf import settings
        from django.db import connection
        from django.test import Client
        from django.urls import reverse
        from tests.desk.conftest import draft_form
        Desk(town()).draft(title="锁住")
        item, client = item_of("锁住"), Client(raise_request_exception=False)
        client.force_login(town().people["drafter"], backend="django.contrib.auth.backends.ModelBackend")
        address, form = reverse("desk:autosave", args=[item.code]), draft_form(item, body="<p>新</p>")
        connection.close()
        connection.settings_dict["OPTIONS"]["timeout"] = 0.3  # not thirty seconds of waiting for a test
        other = sqlite3.connect(settings.HOME / "gongkai.sqlite3", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        answer = client.post(address, form)
        print(answer.status_code, "系统出了故障" in answer.content.decode(), item_of("锁住").draft.revision)
        print(client.get("/").status_code)
        other.execute("ROLLBACK")
        print(client.post(address, form).json()["state"], item_of("锁住").draft.body)
        """
    )
    assert said.splitlines() == ["500 True 2", "200", "saved <p>新</p>"]
