"""Draft → three opinions → public → withdrawn, through the real actions."""

from gongkai.disclosure.actions.withdraw import withdraw
from gongkai.disclosure.queries import public
from gongkai.disclosure.queries.document import document
from gongkai.ledger.actions.seal import seal_all
from gongkai.ledger.queries import timeline, verify
from tests.conftest import AT, TODAY


def test_from_draft_to_public_page_and_down_again(desk, town):
    item = desk.draft()
    assert item.due_on.isoformat() == "2026-10-22"
    version = desk.submit(item)
    assert document("900000002/2026-00001", on=TODAY) is None
    assert desk.opine(version, 1, "section_reviewer") is None
    assert desk.opine(version, 2, "compliance_reviewer") is None
    release = desk.opine(version, 3, "secrecy_reviewer")
    item.refresh_from_db()
    assert (item.work, item.public, item.index_number) == ("none", "live", "900000002/2026-00001")
    assert release.released_at == AT
    page = document("900000002/2026-00001", on=TODAY)
    assert (page.title, page.values["body"]) == (version.title, "<p>本月共救助三十二户。</p>")
    assert [row.title for row in public.page(public.listed(), on=TODAY).rows] == [version.title]

    withdraw(item.pk, "error", explanation="名单有误。", actor=town.actor("leader"), at=AT, today=TODAY)
    page = document("900000002/2026-00001", on=TODAY)
    assert (page.notice_only, page.title, page.values) == (True, "", {})
    assert public.page(public.listed(), on=TODAY).rows == []

    kinds = [fact.kind for fact in timeline(f"item:{item.code}")][::-1]
    assert kinds == [
        "item.created", "item.draft_saved", "review.opened", "item.submitted", "review.approved", "review.approved",
        "review.approved", "item.released", "item.withdrawn",
    ]  # fmt: skip
    assert seal_all(at=AT) > 0
    assert list(verify()) == []
