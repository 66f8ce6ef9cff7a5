"""An item is found by the words its attachment shows, never by those that were hidden in what was handed in."""

from __future__ import annotations

import pytest

from gongkai.disclosure.actions.attachments import add_attachment
from gongkai.disclosure.models import Draft
from gongkai.files.queries import read
from gongkai.ledger.actions.seal import seal_all
from gongkai.search.actions.follow import follow_all
from gongkai.search.queries import find
from tests.canaries import office, pdf, sheet
from tests.canaries.extract import found
from tests.conftest import AT, TODAY

pytestmark = pytest.mark.django_db

#: Name of the file, what makes it, the words it shows, the words it hides.
FILES = [
    ("名单.xlsx", sheet.PLACES["very_hidden_sheet"], "看得见的字", "骨灰盒价格"),
    ("通知.docx", office.DOCX["comment"].make, "看得见的字", "骨灰盒价格"),
    ("方案.pdf", pdf.PLACES["white_text"], "VISIBLE", "KANARIE00042"),
]


@pytest.mark.parametrize(("filename", "make", "shown", "hidden"), FILES, ids=[name for name, *_ in FILES])
def test_a_released_item_is_found_by_what_its_attachment_shows_alone(desk, filename, make, shown, hidden):
    data = make(hidden)
    assert found(data, hidden)
    item = desk.draft(title="青禾市临时救助公示", body="<p>名单附后。</p>")
    add_attachment(item.pk, data, filename=filename, actor=desk.town.actor("drafter"), at=AT)
    [attached] = Draft.objects.get(item=item).attachments.all()
    assert attached.blob_id != attached.original_id
    assert found(read(attached.blob), hidden) == set()
    assert hidden not in attached.text

    desk.release(item=item)
    seal_all(at=AT)
    follow_all(on=TODAY)

    assert [hit.title for hit in find(shown, limit=10, on=TODAY)] == ["青禾市临时救助公示"]
    assert find(f"“{hidden}”", limit=10, on=TODAY) == []
