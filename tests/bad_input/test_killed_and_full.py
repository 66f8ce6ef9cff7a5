"""Killed in the middle, a disk that takes no more, a database that is locked: wholly in or not at all, and told."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from django.conf import settings

from tests.disclosure.test_import_items import GOOD
from tests.journeys.test_outside_a_transaction import Home

on_sqlite = not os.environ.get("DATABASE_URL", "").startswith("postgres")


def command(home: Home, *arguments: str, cwd, **more) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "gongkai", *arguments], env=home.environment, cwd=cwd, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more,
    )  # fmt: skip


def lines(count: int) -> str:
    return "\n".join(
        json.dumps(GOOD | {"id": f"n{n}", "title": f"第{n}号防汛通知", "body": f"请做好第{n}号防汛工作。" * 40}, ensure_ascii=False)
        for n in range(count)
    )


STATE = """
    from gongkai.disclosure.models import ImportBatch
    items = Item.objects.filter(external_id__startswith="n")
    whole = items.filter(public="live", index_number__isnull=False, releases__standing="live").count()
    facts = Fact.objects.filter(kind="item.released_import").count()
    print(items.count(), whole, Release.objects.filter(basis="import").count(), facts)
"""


def test_an_import_killed_at_any_moment_has_whole_chunks_and_goes_on_with_exactly_the_rest(tmp_path):
    home = Home(tmp_path / "home")
    (tmp_path / "old.jsonl").write_text(lines(600), encoding="utf-8")
    seen = []
    for _ in range(3):
        process = command(home, "import", "items", "old.jsonl", cwd=tmp_path)
        before = int(home.run(STATE).split()[0]) if not seen else seen[-1]
        deadline = time.monotonic() + 30
        # Wait until it has begun to store, then end it somewhere inside a chunk.
        while process.poll() is None and time.monotonic() < deadline:
            if _count(home) > before:
                break
            time.sleep(0.005)
        time.sleep(0.03 * len(seen))
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
        items, whole, releases, facts = map(int, home.run(STATE).split())
        assert items == whole == releases == facts
        assert items % 100 == 0
        seen.append(items)
    assert seen[0] > 0
    done = command(home, "import", "items", "old.jsonl", cwd=tmp_path)
    out, err = done.communicate(timeout=120)
    assert done.returncode == 0, err
    assert f"已发布 {600 - seen[-1]} 条，待处理 0 条，已在系统中 {seen[-1]} 条，未导入 0 条" in out
    assert home.run(STATE) == "600 600 600 600"
    found = command(home, "search", "防汛", "-k", "1000", "--json", cwd=tmp_path)
    assert len(json.loads(found.communicate(timeout=60)[0])) == 600
    assert home.run("seal_all(at=AT); print(list(verify()))") == "[]"


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
    for n in range(5):
        process = home.start(
            f"""
            from gongkai.disclosure.actions.save_draft import save_draft
            item = item_of("草稿"); actor = town().actor("drafter"); revision = item.draft.revision
            print("go", flush=True)
            for k in range(1000):
                save_draft(item.pk, {{"body": f"<p>{{revision + k + 1}}</p>" + "<p>字</p>" * 3000, "keywords":
                    str(revision + k + 1)}}, based_on=revision + k, actor=actor, at=AT, today=TODAY)
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
    for n in range(4):
        process = home.start(
            f"""
            from gongkai.disclosure.actions.attachments import add_attachment
            item = item_of("附件"); actor = town().actor("drafter")
            print("go", flush=True)
            for k in range(12):
                add_attachment(item.pk, bytes([{n}, k]) * 500_000, filename=f"{n}-{{k}}.txt", kind="txt",
                    media_type="text/plain", text="字", actor=actor, at=AT)
            """
        )
        process.stdout.readline()
        time.sleep(0.04 + 0.03 * n)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
    assert int(home.run(LOOK)) > 0


FULL = """
        import resource, signal
        def disk_takes(size):
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
"""


def test_a_full_disk_while_storing_a_file_is_told_and_leaves_nothing_half_done(home):
    said = home.run(
        "Desk(town()).draft(title='满盘')"
        + FULL
        + """
        from django.core.files.uploadedfile import SimpleUploadedFile
        from django.test import Client
        from django.urls import reverse
        from gongkai.disclosure.models import DraftAttachment
        from gongkai.files.models import Blob
        from pathlib import Path
        from django.conf import settings
        item, client = item_of("满盘"), Client()
        client.force_login(town().people["drafter"], backend="django.contrib.auth.backends.ModelBackend")
        address = reverse("desk:add_file", args=[item.code])
        data = "公开的文字\\n".encode() * 200_000
        before = (Blob.objects.count(), DraftAttachment.objects.count(), Fact.objects.count())
        edit = reverse("desk:edit", args=[item.code])
        client.get(edit)
        disk_takes(2_000_000)  # room for the database, none for the file
        answer = client.post(address, {"file": SimpleUploadedFile("大.txt", data)})
        disk_takes(resource.RLIM_INFINITY)
        page = client.get(edit).content.decode()
        assert "服务器没能保存文件（磁盘可能已满）" in page, (answer.status_code, page[:300])
        assert before == (Blob.objects.count(), DraftAttachment.objects.count(), Fact.objects.count())
        assert not list(Path(settings.FILES_ROOT).rglob(".part-*"))
        client.post(address, {"file": SimpleUploadedFile("大.txt", data)})
        print(Blob.objects.count() - before[0], DraftAttachment.objects.count() - before[1])
        """
    )
    assert said == "1 1"


def test_a_full_disk_while_importing_is_told_and_the_same_command_goes_on(tmp_path):
    home = Home(tmp_path / "home")
    (tmp_path / "old.jsonl").write_text(lines(400), encoding="utf-8")
    limit = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({n}, resource.RLIM_INFINITY)); " + (
        "from gongkai.config.command import run; sys.argv = ['gongkai', 'import', 'items', 'old.jsonl']; run()"
    )
    # On SQLite the database itself stops growing; on PostgreSQL, which runs elsewhere, the index does.
    room = 3_000_000 if on_sqlite else 20_000
    process = subprocess.run(
        [sys.executable, "-c", limit.replace("{n}", str(room))], env=home.environment, cwd=tmp_path, text=True,
        capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    assert process.returncode == 1, process.stdout + process.stderr[-800:]
    assert "导入没有做完" in process.stderr
    assert "再运行同一条命令接着导入" in process.stderr
    assert "Traceback" not in process.stderr
    items, whole, releases, facts = map(int, home.run(STATE).split())
    assert items == whole == releases == facts
    assert items % 100 == 0
    done = command(home, "import", "items", "old.jsonl", cwd=tmp_path)
    out, err = done.communicate(timeout=120)
    assert done.returncode == 0, err
    assert f"已发布 {400 - items} 条，待处理 0 条，已在系统中 {items} 条" in out
    found = command(home, "search", "防汛", "-k", "1000", "--json", cwd=tmp_path)
    assert len(json.loads(found.communicate(timeout=60)[0])) == 400


@pytest.mark.skipif(not on_sqlite, reason="PostgreSQL locks rows and has no lock of the whole database")
def test_a_locked_database_changes_nothing_shows_a_page_in_words_and_works_afterwards(home):
    home.run("Desk(town()).draft(title='锁住')")
    with sqlite3.connect(home.folder / "gongkai.sqlite3", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        said = home.run(
            """
            from django.db import connection
            connection.close(); connection.settings_dict["OPTIONS"]["timeout"] = 0.3
            from django.test import Client
            from django.urls import reverse
            from tests.desk.conftest import draft_form
            item, client = item_of("锁住"), Client(raise_request_exception=False)
            from django.conf import settings; settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
            settings.SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
            from unittest import mock
            from django.contrib.auth.models import update_last_login
            from django.contrib.auth.signals import user_logged_in
            user_logged_in.disconnect(dispatch_uid="update_last_login")
            client.force_login(town().people["drafter"], backend="django.contrib.auth.backends.ModelBackend")
            answer = client.post(reverse("desk:autosave", args=[item.code]), draft_form(item, body="<p>新</p>"))
            print(answer.status_code, "系统出了故障" in answer.content.decode(), item_of("锁住").draft.revision)
            public = client.get("/")
            print(public.status_code)
            """
        )
        other.execute("ROLLBACK")
    assert said.splitlines() == ["500 True 2", "200"]
    assert home.run(
        """
        from gongkai.disclosure.actions.save_draft import save_draft
        item = item_of("锁住")
        print(save_draft(item.pk, {"body": "<p>新</p>"}, based_on=2, actor=town().actor("drafter"), at=AT, today=TODAY).revision)
        """
    ) == "3"
