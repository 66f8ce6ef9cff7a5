from urllib.parse import urlencode
from tests.desk.conftest import draft_form, sentences
def test_urlencoded(at, desk):
    item = desk.draft()
    b = at("drafter")
    from django.urls import reverse
    r = b.client.post(reverse("desk:edit", args=[item.code]), urlencode(draft_form(item, body="字"*5_000_000)), content_type="application/x-www-form-urlencoded")
    print(r.status_code, r.content[:300].decode())
    r = b.client.post(reverse("desk:autosave", args=[item.code]), draft_form(item, body="字"*9_000_000))
    print(r.status_code, r.content[:300].decode())
