"""The demo: an invented city whose whole past went through the real actions."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest
import typer
from django.db import transaction
from django.test import override_settings
from typer.testing import CliRunner

from gongkai.agencies.models import ActingGrant, Organ, Person, Post, Section
from gongkai.agencies.queries import demo_logins
from gongkai.calendars.queries import work_calendar
from gongkai.channels.models import Handbook, Transfer, TransferLine
from gongkai.cli import demo as demo_command
from gongkai.cli.addresses import DEMO_PASSWORD
from gongkai.cli.demo.content_files import read_content
from gongkai.cli.demo.hours import Hours, point
from gongkai.cli.demo.load import formed_for_due, load_demo
from gongkai.disclosure.models import Catalogue, CatalogueEntry, Item, Release, Version, VersionAttachment, Withdrawal
from gongkai.disclosure.queries.desk import outstanding_emergencies, todo
from gongkai.files.queries import path_of
from gongkai.files.sniff import sniff
from gongkai.foi.models import (
    Batch,
    BatchMember,
    CaseFile,
    Complaint,
    Consultation,
    Extension,
    Fee,
    FoiRequest,
    Outcome,
    Rating,
    Remedy,
)
from gongkai.foi.queries.board import must_act
from gongkai.foi.queries.clock import calendar_for, steps_of
from gongkai.foi.queries.statistics import statistics
from gongkai.foi.queries.tracking import case_by_code
from gongkai.law.foi_moves import STATES
from gongkai.law.headings import HEADINGS
from gongkai.law.replies import REPLIES
from gongkai.law.reply_clock import reply_clock
from gongkai.law.report_form import REQUEST_ROWS
from gongkai.law.roles import ADMINISTRATORS, ROLES
from gongkai.ledger.models import Fact, Seal
from gongkai.ledger.queries import verify
from gongkai.review.models import Case, Opinion
from gongkai.scanning.models import CopyConfirmation, ScanFinding
from gongkai.search.queries import find
from tests.conftest import SHANGHAI

NOW = datetime(2026, 11, 23, 11, 30, tzinfo=SHANGHAI)
TODAY = NOW.date()
CONTENT = Path(demo_command.__file__).parent / "content"


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo in an empty database, once for this module; taken back afterwards."""
    home = tmp_path_factory.mktemp("demo")
    said: list[str] = []
    with (
        override_settings(FILES_ROOT=home / "files", INDEX_ROOT=home / "index"),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        load_demo(say=said.append, now=NOW)
        yield said
        transaction.set_rollback(True)


def states() -> Counter:
    return Counter(Item.objects.values_list("work", "public"))


def test_it_is_as_large_as_promised(demo):
    assert Organ.objects.count() >= 6
    assert Section.objects.count() >= 15
    assert Person.objects.count() >= 30
    assert Item.objects.count() >= 80
    assert demo[0] == (
        f"已写入演示内容：{Organ.objects.count()} 个机关，{Person.objects.count()} 名工作人员，"
        f"{Item.objects.count()} 条信息，{FoiRequest.objects.count()} 件依申请公开。"
    )


def test_every_heading_has_something_public(demo):
    public = set(Item.objects.filter(public="live").values_list("heading", flat=True))
    assert {h.code for h in HEADINGS} - public == set()


def test_every_state_is_there(demo):
    found = states()
    assert set(found) == {
        ("none", "live"), ("none", "withdrawn"), ("none", "withheld"), ("drafting", "hidden"), ("in_review", "hidden"),
        ("in_review", "live"), ("returned", "hidden"), ("refused", "hidden"),
    }  # fmt: skip
    assert set(Withdrawal.objects.values_list("reason", flat=True)) == {"error", "superseded", "abolished", "expired"}
    waiting = Case.objects.filter(state="open", emergency_at__isnull=True).exclude(subject_kind__startswith="foi.")
    assert set(waiting.values_list("current_order", flat=True)) == {1, 2, 3}


def test_the_written_states_are_the_states_reached(demo):
    """What content says of each item is what became of it."""
    told = Counter()
    for file in (CONTENT / "items").glob("*.toml"):
        told.update(item["state"] for item in tomllib.loads(file.read_text(encoding="utf-8"))["item"])
    found = states()
    assert found["none", "live"] == told["released"]
    assert found["in_review", "live"] == told["emergency_released"]
    assert found["none", "withheld"] == told["withheld_decided"]
    assert found["none", "withdrawn"] == sum(
        told[state] for state in ("withdrawn_error", "superseded", "abolished", "expired")
    )
    assert found["in_review", "hidden"] == sum(
        told[state] for state in ("in_section_review", "in_compliance_review", "in_secrecy_review")
    )
    for state in ("drafting", "returned", "refused"):
        assert found[state, "hidden"] == told[state]


def test_some_are_due_today_some_late_and_some_later(demo):
    due = list(Item.objects.filter(public="hidden").exclude(due_on=None).values_list("due_on", flat=True))
    assert sum(1 for day in due if day == TODAY) >= 3
    assert sum(1 for day in due if day < TODAY) >= 3
    assert sum(1 for day in due if day > TODAY) >= 5
    assert Item.objects.filter(public="withheld", next_assessment_on__lte=TODAY).count() == 1


def test_every_release_by_review_has_all_opinions_of_different_people(demo):
    releases = Release.objects.filter(basis="review").select_related("case", "version")
    assert releases.count() >= 60
    for release in releases:
        given = list(Opinion.objects.filter(case=release.case, digest=release.digest, verdict="approve"))
        people = [o.person_id for o in given] + [release.version.author_id]
        assert {o.step.code for o in given} == {"section", "compliance", "secrecy"}, release.version.title
        assert len(set(people)) == len(people) == 4
        assert max(o.at for o in given) == release.released_at


def test_emergencies_stand_out_with_the_secrecy_opinion_alone(demo):
    from gongkai.agencies.queries import capacities

    officer = Post.objects.get(role="emergency_officer", person__is_demo=True).person
    releases = list(outstanding_emergencies(capacities(officer, TODAY)))
    assert len(releases) == 2
    for release in releases:
        given = Opinion.objects.filter(case=release.case)
        assert [(o.step.code, o.verdict) for o in given] == [("secrecy", "approve")]


def test_nothing_with_a_blocking_finding_is_public(demo):
    blocked = set(ScanFinding.objects.filter(severity="block").values_list("scan__digest", flat=True))
    assert len(blocked) >= 1, "one text in review shows what a block looks like"
    assert set(Release.objects.values_list("digest", flat=True)) & blocked == set()


def test_what_was_asked_of_the_secrecy_reviewer_was_answered_before_release(demo):
    released = Release.objects.values_list("digest", flat=True)
    asked = ScanFinding.objects.filter(severity="confirm", scan__digest__in=list(released))
    assert asked.count() >= 10
    assert all(finding.answers.exists() for finding in asked)


def test_history_is_dated_in_order_and_never_ahead(demo):
    instants = list(Fact.objects.order_by("id").values_list("at", flat=True))
    assert instants == sorted(instants)
    assert instants[-1] <= NOW
    assert (NOW - instants[0]).days > 2000
    assert Seal.objects.count() == len(instants)
    assert list(verify()) == []


def test_a_release_carries_the_day_the_content_tells(demo):
    rules = Release.objects.get(version__title__contains="关于印发《云溪市城镇老旧小区加装电梯实施办法》")
    assert rules.released_at.astimezone(SHANGHAI).date() == date(2026, 9, 8)  # 76 days before
    assert rules.version.formed_on == date(2026, 9, 3)  # 81 days before
    assert rules.version.doc_number == "云政办规〔2026〕7号"
    assert "（云政办发〔2021〕18号）同时废止" in rules.version.body_text


def test_no_placeholder_is_left(demo):
    for title, summary, body in Version.objects.values_list("title", "summary", "body"):
        assert "{" not in title + summary + body


def test_links_between_documents(demo):
    readable = Version.objects.exclude(interprets=[])
    assert readable.count() == 8
    known = set(Item.objects.exclude(index_number=None).values_list("index_number", flat=True))
    assert {n for version in readable for n in version.interprets} <= known
    assert all(w.replaced_by.public == "live" for w in Withdrawal.objects.filter(reason="superseded"))


def test_attachments_are_what_they_are_called_and_were_read(demo):
    files = list(VersionAttachment.objects.select_related("blob", "copy__redaction"))
    assert len(files) >= 20
    assert {f.kind for f in files} == {"xlsx", "pdf"}
    assert "docx" in {f.copy.redaction.kind for f in files}  # marked and published as PDF
    for file in files:
        assert sniff(path_of(file.blob_id).read_bytes(), file.filename).name == file.kind
        assert len(file.text) > 20
    assert "每台补贴20万元，由市、区财政各承担50%" in next(
        f.text for f in files if f.filename == "通知正文.pdf"
    ).replace("\n", "").replace("\r", "")


def test_the_city_has_a_catalogue_of_this_year_and_one_from_before(demo):
    assert set(Catalogue.objects.filter(current=True).values_list("year", flat=True)) == {2026}
    assert set(Catalogue.objects.filter(current=False).values_list("year", flat=True)) == {2019}
    limits = set(CatalogueEntry.objects.values_list("limit_kind", flat=True))
    assert {"working_days", "calendar_days", "realtime", "month_end"} <= limits


def test_one_login_for_each_role_and_no_administrator_holds_two(demo):
    logins = demo_logins(DEMO_PASSWORD)
    assert [title for title, *_ in logins] == [row.title for row in ROLES]
    for person in Person.objects.all():
        assert len(ADMINISTRATORS & set(person.posts.values_list("role", flat=True))) <= 1
    assert Person.objects.filter(is_demo=False, password__startswith="!").count() == Person.objects.count() - 12


def test_the_logins_can_do_the_whole_journey_together(demo):
    """Drafter, three reviewers and leader are of one organ, the drafter and first reviewer of one section."""
    places = {title: place for title, _, _, place in demo_logins(DEMO_PASSWORD)}
    assert places["拟稿人"] == places["科室初审"] == "市民政局社会救助科"
    together = ("合规审核", "保密审查", "机关负责人", "依申请公开经办人", "政府信息公开工作机构负责人")
    assert [places[title][:4] for title in together] == ["市民政局"] * 5


def test_the_printed_logins_have_something_to_do(demo):
    from gongkai.agencies.queries import capacities

    for title, staff_number, _name, _place in demo_logins(DEMO_PASSWORD):
        if title in ("拟稿人", "科室初审", "合规审核", "保密审查"):
            person = Person.objects.get(staff_number=staff_number)
            mine = [row for row in todo(capacities(person, TODAY), person.pk, on=TODAY) if row.verb]
            assert mine, title


def test_the_township_is_reviewed_by_the_county_through_grants(demo):
    township = Organ.objects.get(code="ys-qsz")
    assert ActingGrant.objects.filter(organ=township).count() == 3
    released = Release.objects.filter(organ=township, basis="review")
    assert released.count() >= 2
    for opinion in Opinion.objects.filter(case__in=released.values("case")):
        assert opinion.post_code.endswith(">ys-qsz")


def test_released_items_are_found_and_others_are_not(demo):
    titles = [hit.row.title for hit in find("加装电梯补贴", limit=10, on=TODAY)]
    assert "加装电梯" in titles[0]
    unreleased = "临时救助对象及金额公示"
    assert Item.objects.filter(public="hidden", working_title__contains=unreleased).count() == 1
    titles = [hit.row.title for hit in find(unreleased, limit=10, on=TODAY)]
    assert [title for title in titles if unreleased in title] == ["云溪市临时救助对象及金额公示（上一期）"]


def test_there_are_requests_in_every_state_and_of_every_outcome(demo):
    assert FoiRequest.objects.count() == 300
    assert set(FoiRequest.objects.values_list("state", flat=True)) == set(STATES)
    assert set(Outcome.objects.values_list("reply_code", flat=True)) == {row.code for row in REPLIES}
    leaves = {row.code for row in REQUEST_ROWS if row.is_leaf}
    assert set(Outcome.objects.values_list("report_row", flat=True)) == leaves
    assert Outcome.objects.values("column").distinct().count() == 6
    waiting = Case.objects.filter(state="open", subject_kind__startswith="foi.").values_list("current_order", flat=True)
    assert set(waiting) == {1, 2, 3, 4}


def test_requests_have_whatever_else_happens_to_requests(demo):
    assert Consultation.objects.filter(answered=None).count() >= 4
    assert set(Extension.objects.values_list("decision", flat=True)) == {"", "approved"}
    assert Fee.objects.exclude(paid_on=None).count() == 2
    assert set(Rating.objects.values_list("grade", flat=True)) == {1, 2, 3, 4, 5}
    assert 0 < Complaint.objects.filter(answered_at=None).count() < Complaint.objects.count()
    assert set(Remedy.objects.values_list("kind", flat=True)) == {"review", "direct", "after_review"}
    assert set(Remedy.objects.values_list("result", flat=True)) == {"", "upheld", "corrected", "other"}
    assert (Batch.objects.count(), BatchMember.objects.count()) == (1, 8)


def test_some_requests_hand_out_copies_and_some_have_marks_to_decide(demo):
    marked = CaseFile.objects.filter(copy__isnull=False, kind="reply")
    assert set(marked.values_list("request__state", flat=True)) == {"closed", "in_review", "in_progress"}
    waiting = marked.filter(copy__redaction__marks__state="proposed").distinct()
    assert [paper.request.state for paper in waiting] == ["in_progress"]
    assert CopyConfirmation.objects.filter(copy__case_files__request__state="closed").exists()
    assert not CopyConfirmation.objects.filter(copy__case_files__request__state="in_review").exists()


def test_some_requests_are_late_and_some_due_soon(demo):
    organs = list(Organ.objects.values_list("pk", flat=True))
    clocks = [row.clock for row in must_act(organs, today=TODAY, within=5)]
    assert sum(1 for clock in clocks if clock and clock.status == "late") >= 4
    assert sum(1 for clock in clocks if clock and clock.status == "abandoned") >= 2
    assert sum(1 for clock in clocks if clock and clock.remaining in range(1, 6)) >= 3
    assert sum(1 for clock in clocks if clock is None) == 3


def test_the_dates_kept_are_the_dates_of_law(demo):
    for case in FoiRequest.objects.exclude(received_on=None).select_related("organ"):
        clock = reply_clock(steps_of(case), calendar_for(case.organ), TODAY)
        assert case.due_on == clock.due_on, case.number
        assert {v.code for v in clock.violations} == set(), "the demo breaks no rule but the time to reply"


def test_the_annual_report_of_the_city_joins_from_year_to_year(demo):
    root = Organ.objects.get(code="yx")
    tables = {year: statistics(root, year) for year in (2024, 2025, 2026)}
    assert all(found.failures == () for found in tables.values())
    assert all(tables[year].report.requests["carried_forward"][6] > 0 for year in tables)
    assert sum(found.report.requests["new_received"][6] for found in tables.values()) == 297  # 3 are unconfirmed


def test_the_printed_codes_open_their_requests(demo):
    assert demo[1] == "可以用来试查办理进度的申请（编号、查询码、电话后四位）："
    shown = [line.split() for line in demo[2:]]
    assert len(shown) == 5
    for number, code, fact, _ in shown:
        found = case_by_code(code, fact)
        assert found is not None
        assert found.number == number
        assert case_by_code(code, "9999") is None


def test_a_handbook_and_lists_for_archive_and_library_are_there(demo):
    book = Handbook.objects.get()
    assert book.published and book.chosen.count() >= 3
    lists = {made.receiver.name: made for made in Transfer.objects.select_related("receiver")}
    assert lists["云溪市档案馆"].handed_over_on is not None and lists["云溪市图书馆"].handed_over_on is None
    assert all(TransferLine.objects.filter(transfer=made).exists() for made in lists.values())


def test_running_it_again_adds_nothing(demo, monkeypatch):
    app = typer.Typer()
    app.command()(demo_command.demo)
    before = (Organ.objects.count(), Item.objects.count(), Fact.objects.count())
    again = CliRunner().invoke(app, [])
    assert again.exit_code == 2
    assert "系统里已有机构" in again.output
    quiet = CliRunner().invoke(app, ["--if-empty"])
    assert (quiet.exit_code, quiet.output) == (0, "")
    assert (Organ.objects.count(), Item.objects.count(), Fact.objects.count()) == before


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 23, 0, 3, tzinfo=SHANGHAI),
        datetime(2027, 1, 2, 8, 41, tzinfo=SHANGHAI),
        datetime(2026, 10, 4, 23, 59, tzinfo=SHANGHAI),
    ],
)
def test_office_hours_keep_their_order_and_never_run_ahead(now):
    hours = Hours(now)
    day = now.date()
    points = [point(day, n / 10) - shift for shift in (2, 1, 0) for n in range(10)]
    instants = [hours.at(p) for p in points]
    assert instants == sorted(set(instants))
    assert instants[-1] <= now
    assert [i.date().toordinal() for i in instants] == [int(p) for p in points]


@pytest.mark.django_db
@pytest.mark.parametrize("today", [date(2026, 11, 23), date(2026, 10, 4), date(2026, 12, 31), date(2024, 2, 29)])
def test_an_item_told_by_its_due_date_is_due_then(today):
    calendar = work_calendar()
    for n in (-2, 0, 3):
        formed = formed_for_due("信息形成或变更之日起20个工作日内", today, n)
        target = calendar.roll_forward(today)
        due = calendar.add(formed, 20)
        assert calendar.count(target, due) == n, (today, n)
        assert formed <= today


@pytest.mark.parametrize("today", [date(2026, 11, 23), date(2027, 1, 1), date(2028, 2, 29), date(2027, 3, 31)])
def test_content_reads_on_any_day(today):
    content = read_content(today, lambda limit, n: today)
    assert all("{" not in item["title"] + item["summary"] + item["body"] for item in content.items)
    assert all(item["formed_on"] <= today for item in content.items)
