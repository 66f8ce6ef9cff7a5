"""The served tree in an S3-compatible store: the same objects, removals first, mended by whoever comes next."""

from __future__ import annotations

import pytest

from gongkai.channels.site import bucket, mirror
from gongkai.channels.site.bucket import BucketError
from tests.channels.stand_ins.bucket import BUCKET, KEY, SECRET, Bucket

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(settings):
    place = Bucket()
    with place.serve() as served:
        settings.STATIC_SITE_BUCKET = f"{served.url}/{BUCKET}/www"
        settings.STATIC_SITE_BUCKET_KEY, settings.STATIC_SITE_BUCKET_SECRET = KEY, SECRET
        yield place


def held(place: Bucket) -> dict[str, bytes]:
    return {key.removeprefix("www/"): found.body for key, found in place.objects.items()}


def differences(site):
    return [(d.kind, d.path) for d in mirror.verify(site.place, bucket.configured())]


def test_an_object_is_written_read_listed_and_removed(store):
    made = bucket.configured()
    assert made.digest("items/1/附件 一.txt") is None
    digest = made.write("items/1/files/1/附件 一+&.txt", [b"ab", b"c"])
    assert digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert made.digest("items/1/files/1/附件 一+&.txt") == digest
    for number in range(20):
        made.write(f"items/{number}/index.html", [b"page"])
    assert len(list(made.paths())) == 21
    assert "items/1/files/1/附件 一+&.txt" in set(made.paths())
    found = store.objects["www/items/1/files/1/附件 一+&.txt"]
    assert (found.headers["content-disposition"], found.headers["content-type"]) == ("attachment", "text/plain")
    assert store.objects["www/items/3/index.html"].headers["content-type"] == "text/html; charset=utf-8"
    made.remove("items/3/index.html")
    made.remove("items/3/index.html")
    assert made.digest("items/3/index.html") is None
    large = b"x" * (6 * 1024**2)
    made.write("items/1/files/2/大.bin", [large[: 1024**2]] * 6)
    assert store.objects["www/items/1/files/2/大.bin"].body == large


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("feed/index.xml", "application/atom+xml; charset=utf-8"), ("sitemap.xml", "application/xml; charset=utf-8"),
        ("robots.txt", "text/plain; charset=utf-8"), ("items/1/images/a.png", "image/png"),
        ("items/1/files/1/a.html", "text/html"), ("items/1/files/1/a", "application/octet-stream"),
    ],
)  # fmt: skip
def test_an_object_has_the_type_of_its_file(path, kind):
    assert bucket.media_type(path) == kind


def test_a_wrong_secret_and_a_store_that_is_away_are_told(store, settings):
    settings.STATIC_SITE_BUCKET_SECRET = "another"
    with pytest.raises(BucketError, match="没有接受（SignatureDoesNotMatch）"):
        bucket.configured().write("a", [b"a"])
    settings.STATIC_SITE_BUCKET_SECRET = SECRET
    store.mood = "break"
    with pytest.raises(BucketError, match="没有回应"):
        bucket.configured().write("a", [b"a"])
    assert store.objects == {}


def test_what_is_missing_is_said(settings):
    settings.STATIC_SITE_BUCKET = ""
    assert bucket.missing() == []
    settings.STATIC_SITE_BUCKET = "s3.example.cn/site"
    assert bucket.missing() == ["STATIC_SITE_BUCKET 应当写成 https://对象存储的地址/存储桶。"]
    settings.STATIC_SITE_BUCKET = "https://s3.example.cn/site"
    assert len(bucket.missing()) == 2


def test_the_store_follows_releases_and_recalls(site, store):
    site.build()
    item = site.item("滨河路夜市管理办法", body="<p>夜市正文一段</p>", attachment="夜市附表")
    [posting] = site.carry()
    assert posting.state == "confirmed"
    assert held(store) == site.files()
    assert differences(site) == []
    store.log.clear()
    site.withdraw(item, explanation="附表有误。")
    [posting] = site.carry(lists=False)
    assert posting.state == "recalled"
    assert held(store) == site.files()
    assert all("夜市正文".encode() not in body and "夜市附表" not in path for path, body in held(store).items())
    assert [method for method, _ in store.log][:3] == ["DELETE"] * 3, "what was taken down goes first"
    assert store.log[-1][0] == "PUT"


def test_a_recall_that_did_not_reach_the_store_is_not_done(site, store):
    site.build()
    item = site.item("滨河路夜市管理办法", body="<p>夜市正文一段</p>")
    site.carry()
    site.withdraw(item)
    store.mood = "refuse"
    [posting] = site.carry(lists=False)
    assert (posting.state, posting.wanted == posting.carried) == ("planned", False)
    assert "AccessDenied" in posting.sentence
    assert "夜市正文".encode() in held(store)[f"items/{item.index_number}/index.html"]
    store.mood = "ok"
    [posting] = site.carry(lists=False, later=60)
    assert posting.state == "recalled"
    assert held(store) == site.files()


def test_objects_of_a_sender_that_died_are_mended_by_the_next(site, store):
    """The connection breaks after some objects; the item is withdrawn before anybody sends again."""
    site.build()
    site.carry()
    item = site.item("青禾市公告", attachment="附表")
    store.mood, store.left = "gone_after", 2
    site.carry()
    assert any(item.index_number in path for path in held(store))
    assert differences(site) != []
    store.mood = "ok"
    site.withdraw(item)
    site.carry(later=60)
    assert held(store) == site.files()
    assert differences(site) == []


def test_verify_finds_what_others_did_to_the_store(site, store):
    site.item("青禾市公告")
    site.build()
    site.carry()
    assert differences(site) == []
    made = bucket.configured()
    made.write("stray.html", [b"x"])
    made.remove("open/latest/index.html")
    made.write("index.html", ["改过".encode()])
    assert differences(site) == [
        ("stray", "stray.html"), ("missing", "open/latest/index.html"), ("changed", "index.html"),
    ]  # fmt: skip


def test_a_new_tree_sends_only_what_is_different(site, store):
    site.item("青禾市公告")
    site.build()
    site.carry()
    store.log.clear()
    site.build()
    site.carry()
    assert store.log == []
    assert held(store) == site.files()


def test_sending_is_cut_short_and_gone_on_with(site, store):
    site.item("青禾市公告")
    site.build()
    first = mirror.follow(site.place, bucket.configured(), seconds=0)
    assert (first.written, first.complete) == (0, False)
    second = mirror.follow(site.place, bucket.configured(), seconds=60)
    assert second.complete
    assert second.written == len(site.files()) == len(held(store))


def test_a_tree_in_which_nothing_was_written_is_not_compared_again(site, store):
    import os

    item = site.item("青禾市公告")
    site.build()
    site.carry()
    manifest = site.place.current().folder / "manifest"
    os.utime(manifest, (1_000_000_000, 1_000_000_000))
    made = bucket.configured()
    assert mirror.follow(site.place, made, seconds=60).complete
    (site.target / "sent" / "pages.json").unlink()  # would be sent again, were it looked at
    assert mirror.follow(site.place, made, seconds=60) == mirror.Sent(0, 0, True)
    site.edit(item, title="青禾市公告（更正）")
    site.carry(later=60)
    assert held(store) == site.files()
    assert mirror.follow(site.place, made, seconds=60).complete
