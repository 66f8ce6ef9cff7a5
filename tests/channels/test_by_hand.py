"""What people carry: written down with a proof, corrected by new rows, in the same matrix, an alarm until taken back."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta

import pytest
from PIL import Image

from gongkai.channels.actions.record_by_hand import Scan, record_by_hand
from gongkai.channels.by_hand import hand_alarms, hand_matrix
from gongkai.channels.cover import MOST_BYTES, cover
from gongkai.channels.handoff import filename, package
from gongkai.channels.models import HandRecord
from gongkai.law.verdicts import Refusal
from gongkai.ledger.models import Fact
from tests.conftest import AT, TODAY

PNG = io.BytesIO()
Image.new("RGB", (8, 8), "white").save(PNG, "PNG")
SCAN = Scan("公报第9期.png", PNG.getvalue())


@pytest.fixture
def by_hand(town):
    def go(item, carrier="政府公报", verb="deliver", **changes):
        given = {"on": TODAY, "words": "2026年第9期第3页", "link": "https://gazette.example/2026/9"} | changes
        at = given.pop("at", AT)
        return record_by_hand(item.pk, carrier, verb, actor=town.actor("drafter"), at=at, **given)

    return go


def standings(item) -> dict[str, str]:
    return {row.carrier: row.standing for row in hand_matrix(item.pk, on=TODAY)}


@pytest.fixture
def entered(released, town):
    """A released item whose catalogue entry names places."""
    from gongkai.disclosure.models import Catalogue, CatalogueEntry

    def go(*channels: str):
        item = released()
        catalogue = Catalogue.objects.create(organ=town.organ, year=2026, imported_at=AT)
        item.entry = CatalogueEntry.objects.create(
            catalogue=catalogue, serial=1, level1="社会救助", content="名单", limit_text="20个工作日",
            limit_kind="working_days", limit_n=20, subject_text="青禾市民政局", channels=list(channels), audience="全社会",
            method="proactive", level="市级", heading="20-11",
        )  # fmt: skip
        item.save()
        return item

    return go


@pytest.mark.django_db
def test_places_of_the_catalogue_without_a_channel_are_rows_of_the_matrix(entered, wechat):
    item = entered("政府网站", "两微一端", "政府公报", "发布会/听证会", "入户/现场")
    assert standings(item) == {"政府公报": "not_yet", "发布会/听证会": "not_yet", "入户/现场": "not_yet"}


@pytest.mark.django_db
def test_without_credentials_new_media_are_posted_by_hand(entered):
    assert standings(entered("政府网站", "两微一端")) == {"两微一端": "not_yet"}


@pytest.mark.django_db
def test_a_record_fills_its_row_and_a_withdrawal_asks_for_the_next(entered, by_hand, withdrawn):
    item = entered("政府公报")
    made = by_hand(item)
    [row] = hand_matrix(item.pk, on=TODAY)
    assert (row.standing, row.record, row.is_settled, hand_alarms(on=TODAY)) == ("carried", made, True, [])
    withdrawn(item)
    assert (standings(item), hand_alarms(on=TODAY)) == ({"政府公报": "to_recall"}, [made])
    by_hand(item, verb="recall", words="第10期刊登更正启事")
    assert (standings(item), hand_alarms(on=TODAY)) == ({"政府公报": "taken_back"}, [])
    assert Fact.objects.filter(kind="channel.by_hand").count() == 2


@pytest.mark.django_db
def test_a_new_version_makes_the_record_out_of_date(entered, by_hand, revised):
    item = entered("政府公报")
    made = by_hand(item)
    revised(item, title="改过的标题")
    assert (standings(item), hand_alarms(on=TODAY)) == ({"政府公报": "outdated"}, [made])


@pytest.mark.django_db
def test_a_repealed_document_is_to_be_taken_back(entered, by_hand, withdrawn):
    item = entered("公示栏")
    by_hand(item, "公示栏")
    withdrawn(item, "abolished")
    assert standings(item) == {"公示栏": "to_recall"}


@pytest.mark.django_db
def test_a_correction_is_a_new_row(released, by_hand):
    item = released()
    wrong = by_hand(item)
    right = by_hand(item, words="2026年第10期第1页", corrects=wrong.pk)
    [row] = hand_matrix(item.pk, on=TODAY)
    assert (row.record, row.history, HandRecord.objects.count()) == (right, (wrong, right), 2)
    with pytest.raises(Refusal, match="已经更正过"):
        by_hand(item, corrects=wrong.pk)
    with pytest.raises(Refusal, match="不是这条信息在这个渠道上的"):
        by_hand(item, "广播电视", corrects=right.pk)


@pytest.mark.django_db
def test_a_corrected_row_does_not_count_even_with_the_later_day(released, by_hand):
    item = released()
    later = TODAY + timedelta(days=1)
    wrong = by_hand(item, on=later, at=AT + timedelta(days=2))
    right = by_hand(item, on=TODAY, at=AT + timedelta(days=2), corrects=wrong.pk)
    assert [row.record for row in hand_matrix(item.pk, on=later)] == [right]


@pytest.mark.django_db
def test_rows_are_never_changed_or_removed(released, by_hand):
    from django.db import DatabaseError, transaction

    made = by_hand(released())
    for change in (lambda: HandRecord.objects.update(words="改"), made.delete):
        with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
            change()


@pytest.mark.django_db
def test_a_scan_is_kept_by_its_digest(released, by_hand):
    made = by_hand(released(), link="", scan=SCAN)
    assert (made.scan.media_type, made.scan.size) == ("image/png", len(SCAN.data))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"carrier": " "}, "carrier_missing"),
        ({"carrier": "长" * 41}, "carrier_missing"),
        ({"words": " "}, "words_missing"),
        ({"words": "长" * 301}, "words_missing"),
        ({"link": ""}, "no_proof"),
        ({"link": "gazette.example"}, "link_incomplete"),
        ({"link": "javascript:alert(1)"}, "link_incomplete"),
        ({"on": date(2026, 9, 22)}, "in_the_future"),
        ({"on": date(2026, 9, 20)}, "before_release"),
        ({"scan": Scan("说明.txt", "文字".encode())}, "not_a_scan"),
    ],
)
def test_what_is_not_accepted(released, by_hand, changes, code):
    with pytest.raises(Refusal) as refused:
        by_hand(released(), **changes)
    assert refused.value.code == code
    assert HandRecord.objects.count() == 0


@pytest.mark.django_db
def test_only_the_items_own_people_record(released, town):
    for who in ("other_drafter", "leader"):
        with pytest.raises(Refusal) as refused:
            record_by_hand(
                released(title=f"由{who}登记").pk, "政府公报", "deliver", on=TODAY, words="第9期", actor=town.actor(who),
                at=AT, link="https://gazette.example/",
            )  # fmt: skip
        assert refused.value.code == "not_your_post"


@pytest.mark.django_db
def test_nothing_is_recorded_of_what_was_never_released(desk, by_hand):
    with pytest.raises(Refusal) as refused:
        by_hand(desk.draft())
    assert refused.value.code == "never_released"


# ready to paste -------------------------------------------------------------------------------------------


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        assert made.testzip() is None
        return {name: made.read(name) for name in made.namelist()}


def words(data: bytes) -> str:
    return data.decode("utf-8-sig").replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("place", "names"),
    [
        ("wechat", {"标题.txt", "摘要.txt", "正文.html"}),
        ("weibo", {"微博正文.txt"}),
        ("政府公报", {"标题.txt", "正文.txt"}),
    ],
)
def test_a_package_has_all_that_is_needed(item_of, site, place, names):
    item = item_of()
    data = package(item, place)
    files = opened(data)
    assert set(files) == names | {"链接.txt", "二维码.png", "封面.jpg", "说明.txt"}
    assert data == package(item_of(), place)
    link = "https://www.qinghe.example/items/900000002/2026-00001/"
    assert words(files["链接.txt"]) == link + "\n"
    assert link in words(files["说明.txt"])
    assert "附件：救助名单（在网页上下载）" in words(files["说明.txt"])
    assert Image.open(io.BytesIO(files["封面.jpg"])).size == (900, 383)
    assert filename(item, place) == f"900000002-2026-00001-{place}.zip"


def test_the_qr_code_is_the_link(item_of, site):
    import segno

    link = "https://www.qinghe.example/items/900000002/2026-00001/"
    picture = Image.open(io.BytesIO(opened(package(item_of(), "weibo"))["二维码.png"])).convert("L")
    drawn = [
        [picture.getpixel((x + 5, y + 5)) < 128 for x in range(0, picture.width, 10)]
        for y in range(0, picture.height, 10)
    ]
    wanted = segno.make(link, error="m", micro=False).matrix_iter(border=4)
    assert drawn == [[bool(cell) for cell in row] for row in wanted]


def test_a_title_too_long_for_the_account_is_told(item_of, site):
    files = opened(package(item_of(title="长" * 70), "wechat"))
    assert "注意：标题有 70 个字，公众号最多 64 个字，请另拟标题。" in words(files["说明.txt"])


def test_without_an_own_address_there_is_no_package(item_of):
    with pytest.raises(Refusal, match="SITE_BASE_URL"):
        package(item_of(), "wechat")


# covers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["短", "青禾市2026年8月临时救助情况公示", "长" * 400, "", "A" * 300, "一。" * 60])
def test_every_cover_is_a_small_picture(title):
    data = cover(title, "青禾市民政局")
    assert len(data) <= MOST_BYTES
    assert (Image.open(io.BytesIO(data)).format, Image.open(io.BytesIO(data)).size) == ("JPEG", (900, 383))
    assert data == cover(title, "青禾市民政局")


def test_different_titles_look_different():
    assert cover("甲", "局") != cover("乙", "局")
