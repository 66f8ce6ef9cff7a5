"""Which file an address is. Pure.

An address that ends in a slash is a folder with its page in it: `index.html`, for feeds `index.xml`, and `withdrawn.html`
for an item that was taken down, which nginx answers with 410. An image gets the ending of its type, since nginx tells types
by endings. Everything else is the file of that name.
"""

from __future__ import annotations

from typing import Final

from gongkai.law.verdicts import Allowed, Refused, Verdict

PAGE: Final = "index.html"
FEED: Final = "index.xml"
NOTICE: Final = "withdrawn.html"
NOT_FOUND: Final = "/404/"
ENDINGS: Final = {"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif"}
#: Bytes of one name on every file system in use.
NAME_BYTES: Final = 255
OK, GONE, MISSING = 200, 410, 404


class Unnameable(ValueError):
    """An address that no file can stand for."""


def path_of(address: str, *, status: int = OK, media_type: str = "") -> str:
    """Path of the file, relative to the root of the tree, of a decoded address without query."""
    if address == NOT_FOUND:
        return "404.html"
    if not address.startswith("/"):
        raise Unnameable(address)
    folder = address.endswith("/")
    names = address.strip("/").split("/") if address != "/" else []
    if not all(_safe(name) for name in names):
        raise Unnameable(address)
    if folder:
        page = NOTICE if status == GONE else FEED if names[:1] == ["feed"] else PAGE
        return "/".join([*names, page])
    if len(names) > 2 and names[-2] == "images":
        return "/".join(names) + ENDINGS[media_type]
    return "/".join(names)


def _safe(name: str) -> bool:
    """A name that stays inside its folder, is not hidden, and that every file system keeps as it is."""
    return (
        name != ""
        and not name.startswith(".")
        and "\\" not in name
        and "\x00" not in name
        and name.isprintable()
        and len(name.encode()) <= NAME_BYTES
    )


def may_stand(index_number: str) -> Verdict:
    """May an item with this index number be a folder?"""
    try:
        path_of(f"/items/{index_number}/")
    except Unnameable:
        return Refused(
            "unnameable",
            f"索引号“{index_number}”里有不能用作网址的字符，静态站点不能收录这一条。请更正索引号。",
        )
    return Allowed()
