"""Which file an address is, and which addresses can be none."""

from __future__ import annotations

import pytest

from gongkai.channels.site.addresses import Unnameable, may_stand, path_of
from gongkai.law.verdicts import Allowed


@pytest.mark.parametrize(
    ("address", "more", "path"),
    [
        ("/", {}, "index.html"),
        ("/open/theme/卫生、体育/", {}, "open/theme/卫生、体育/index.html"),
        ("/items/A/2026-1/", {}, "items/A/2026-1/index.html"),
        ("/items/A/2026-1/", {"status": 410}, "items/A/2026-1/withdrawn.html"),
        ("/items/A/2026-1/print/", {"status": 410}, "items/A/2026-1/print/withdrawn.html"),
        ("/items/A/2026-1/files/1/附件 1.docx", {}, "items/A/2026-1/files/1/附件 1.docx"),
        ("/items/A/2026-1/images/" + "0" * 64, {"media_type": "image/png"}, f"items/A/2026-1/images/{'0' * 64}.png"),
        ("/feed/", {}, "feed/index.xml"),
        ("/feed/theme/x/", {}, "feed/theme/x/index.xml"),
        ("/sitemap.xml", {}, "sitemap.xml"),
        ("/404/", {"status": 404}, "404.html"),
    ],
)
def test_the_file_of_an_address(address, more, path):
    assert path_of(address, **more) == path


@pytest.mark.parametrize(
    "address",
    [
        "/items/../../etc/", "/items/./x/", "/items//x/", "/items/.hidden/", "/items/a\\b/", "/items/a\x00b/",
        "/items/a\nb/", "/items/a\u202eb/", f"/items/{'长' * 86}/", "items/x/",
    ],
)  # fmt: skip
def test_what_no_file_can_stand_for(address):
    with pytest.raises(Unnameable):
        path_of(address)


def test_an_index_number_that_leads_out_of_the_tree_is_refused():
    assert may_stand("900000002/2026-00001") == Allowed()
    assert may_stand("../../etc/cron.d").code == "unnameable"
    assert may_stand(".well-known").code == "unnameable"
