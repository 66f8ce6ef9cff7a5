"""微信公众号: an article by the publish interface (发布能力), which takes it and decides later.

draft/add → freepublish/submit answers "submitted"; freepublish/get, or a callback, tells what became of it. The key of a
post is the fragment of its 阅读原文 link, so a draft or an article is found again by asking for the lists.
"""

from __future__ import annotations

import contextlib
import html
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urldefrag

from django.conf import settings

from gongkai.channels.adapters.wechat_api import Api, Deadline
from gongkai.channels.contract import ChannelError, Gone, Message, NotSent, PublicItem, Receipt, Rejected, Unclear
from gongkai.channels.cover import cover, has_font
from gongkai.law.verdicts import Allowed, Refused, Verdict

#: [M] characters of a title. Documents of the interface named 64 and, later, 32; the account's own answer (45003) counts.
TITLE_MOST = 64
#: [M] characters of the digest and of the author; longer ones are cut, or left out
DIGEST_MOST, AUTHOR_MOST = 120, 16
#: [M] characters of an article's HTML (the interface: fewer than 20,000); a longer text ends with a pointer to the page
CONTENT_MOST = 19_000
_PAGE = 20  # rows of a list at once, the most the interface gives
#: [I] own choice: how many of the newest rows are looked through for a repeat; a repeat is minutes old, not weeks
NEWEST = 60
#: 发布状态 of freepublish/get and of the event PUBLISHJOBFINISH
PUBLISHED = 0
_FAILED: Mapping[int, tuple[type[Rejected] | type[Gone], str, str]] = {
    2: (Rejected, "original", "没有通过公众号的原创校验。请到公众号后台查看，改为转载或者修改后重新发布。"),
    3: (Rejected, "failed", "公众号发布失败。请到公众号后台查看原因，然后点“重试”。"),
    4: (Rejected, "platform", "没有通过公众号平台审核，可能有不允许的词句。请修改后重新发布，或者到公众号后台申诉。"),
    5: (Gone, "deleted", "文章已在公众号后台被删除。还要发布的，请点“重试”。"),
    6: (Gone, "banned", "文章已被公众号平台封禁。请到公众号后台查看原因，修改后重新发布。"),
}


class WeChat:
    """Not in place: a new text is a new article, and the old one is deleted first."""

    code = "wechat"
    title = "微信公众号"
    shows_validity = False
    in_place = False
    repeatable = False
    carriers = ("两微一端", "微信")

    def __init__(self) -> None:
        self._api = Api()

    def missing(self) -> list[str]:
        told = {
            "WECHAT_APP_ID": settings.WECHAT_APP_ID,
            "WECHAT_APP_SECRET": settings.WECHAT_APP_SECRET,
            "WECHAT_BASE_URL": settings.WECHAT_BASE_URL,
            "SITE_BASE_URL": settings.SITE["base_url"],
        }
        gaps = [f"没有设置 {name}。" for name, value in told.items() if not value]
        if not has_font():
            gaps.append("没有安装中文字体，不能生成封面。请安装 fonts-noto-cjk。")
        return gaps

    def carries(self, item: PublicItem) -> Verdict:
        if len(item.title) > TITLE_MOST:
            return Refused(
                "title_too_long",
                f"标题有 {len(item.title)} 个字，公众号最多 {TITLE_MOST} 个字。请缩短标题后重新发布，"
                "或者下载手工发布包，登录公众号后台另拟标题发布，再登记。",
            )
        return Allowed()

    def render(self, item: PublicItem) -> Message:
        digest = _cut(" ".join((item.summary or item.text).split()), DIGEST_MOST)
        content = _content(item)
        payload = {
            "organ": item.organ,
            "link": f"{settings.SITE['base_url']}{item.url}",
            "article": {
                "article_type": "news",
                "title": item.title,
                "author": item.organ if len(item.organ) <= AUTHOR_MOST else "",
                "digest": digest,
                "content": content,
                "need_open_comment": 0,
            },
        }
        return Message("", item.title, content, payload)

    def deliver(self, message: Message) -> Receipt:
        """An article or a draft with this key is used again, so that a repeat is no second article."""
        by, link = Deadline(), _link(message)
        if there := self._published(link, by):
            return there
        draft = self._draft(link, by) or self._added(message, link, by)
        try:
            told = self._api.change("freepublish/submit", {"media_id": draft}, by)
        except NotSent:
            self._drop(draft, by)
            raise
        except Unclear as lost:
            if there := self._published_or_none(link, by):
                return there
            raise Unclear(
                lost.code, "内容已提交公众号，没有收到答复。请过几分钟到公众号后台的“发表记录”核实有没有发出。"
            ) from None
        number = str(told["publish_id"])
        return Receipt(number, final=False, told={"publish_id": number})

    def confirm(self, receipt: Receipt) -> Receipt | None:
        by = Deadline()
        if article := receipt.told.get("article_id"):
            told = self._api.read("freepublish/getarticle", {"article_id": article}, by)
            if all(row.get("is_deleted") for row in told.get("news_item", [])):
                raise _ended(5)
            return receipt
        if not receipt.told.get("publish_id"):
            return receipt  # found by a person: there is nothing to ask for
        return self._became(receipt, by)

    def recall(self, receipt: Receipt) -> Receipt:
        by = Deadline()
        articles = self._articles_of(receipt, by)
        for article in articles:
            try:
                self._api.change("freepublish/delete", {"article_id": article, "index": 0}, by)
            except Gone:
                continue
        return receipt

    def find(self, message: Message) -> Receipt | None:
        """An article with this key, if it is public by now."""
        return self._published(_link(message), Deadline())

    def _articles_of(self, receipt: Receipt, by: Deadline) -> list[str]:
        """What has to be deleted. `Gone` where nothing was published, `NotSent` while that is being decided."""
        if article := receipt.told.get("article_id"):
            return [str(article)]
        if receipt.told.get("publish_id"):
            try:
                became = self._became(receipt, by)
            except Rejected as never:
                raise Gone(never.code, never.sentence) from None
            if became is None:
                raise NotSent("publishing", "公众号还在处理这篇文章的发布，处理完就删除；系统会自动重试。")
            return [str(became.told["article_id"])]
        return self._by_item(receipt, by)

    def _by_item(self, receipt: Receipt, by: Deadline) -> list[str]:
        """Found by a person, or in hand when a process died: looked for by the item's own address, and among drafts."""
        address = f"{settings.SITE['base_url']}/items/{receipt.index_number}/"
        found = [
            str(row["article_id"])
            for row, news in self._rows("freepublish/batchget", by)
            if urldefrag(news.get("content_source_url", "")).url == address and not news.get("is_deleted")
        ]
        if found:
            return found
        drafts = [
            row["media_id"]
            for row, news in self._rows("draft/batchget", by)
            if urldefrag(news.get("content_source_url", "")).url == address
        ]
        for draft in drafts:
            self._api.change("draft/delete", {"media_id": draft}, by)
        if drafts:
            raise Gone("draft", "文章还在草稿箱里，没有发出，草稿已删除。")
        raise Rejected("not_found", "在公众号的发表记录里找不到这篇文章。请登录公众号后台删除，再点“渠道上没有”。")

    def _became(self, receipt: Receipt, by: Deadline) -> Receipt | None:
        """None while it is being published; raises for what failed or was deleted."""
        told = self._api.read("freepublish/get", {"publish_id": receipt.told["publish_id"]}, by)
        ended = outcome(
            receipt.reference, told.get("publish_status"), told.get("article_id"), told.get("article_detail")
        )
        if isinstance(ended, ChannelError):
            raise ended
        return ended

    def _added(self, message: Message, link: str, by: Deadline) -> str:
        picture = cover(message.title, message.payload["organ"])
        # As an image, not as a thumb: an account keeps 1,000 thumbs and 100,000 images.
        material = self._api.upload("material/add_material", "image", "cover.jpg", picture, by)
        article = {
            **message.payload["article"], "content_source_url": link, "thumb_media_id": material["media_id"],
        }  # fmt: skip
        try:
            return str(self._api.change("draft/add", {"articles": [article]}, by)["media_id"])
        except Unclear as lost:
            # A draft is not public: found by its key at the next attempt, or made once more.
            raise NotSent(lost.code, "公众号没有答复，系统会自动重试。") from None

    def _drop(self, draft: str, by: Deadline) -> None:
        """What waits for its turn may be withdrawn meanwhile: no draft is left for somebody to publish by hand."""
        with contextlib.suppress(ChannelError):
            self._api.change("draft/delete", {"media_id": draft}, by)

    def _draft(self, link: str, by: Deadline) -> str | None:
        rows = self._rows("draft/batchget", by, most=NEWEST)
        return next((str(row["media_id"]) for row, news in rows if news.get("content_source_url") == link), None)

    def _published(self, link: str, by: Deadline) -> Receipt | None:
        for row, news in self._rows("freepublish/batchget", by, most=NEWEST):
            if news.get("content_source_url") == link and not news.get("is_deleted"):
                article = str(row["article_id"])
                return Receipt(article, told={"article_id": article, "url": str(news.get("url", ""))})
        return None

    def _published_or_none(self, link: str, by: Deadline) -> Receipt | None:
        try:
            return self._published(link, by)
        except ChannelError:
            return None

    def _rows(self, name: str, by: Deadline, *, most: int | None = None) -> Iterator[tuple[dict[str, Any], Any]]:
        """Rows of a list with their first article, newest first as the interface gives them."""
        offset = 0
        while most is None or offset < most:
            told = self._api.read(name, {"offset": offset, "count": _PAGE, "no_content": 1}, by)
            rows = told.get("item", [])
            for row in rows:
                news = row.get("content", {}).get("news_item", [])
                yield row, (news[0] if news else {})
            offset += _PAGE
            if not rows or offset >= told.get("total_count", 0):
                return


def outcome(publish_id: str, status: Any, article_id: Any, detail: Any) -> Receipt | Rejected | Gone | None:
    """What a 发布状态 means, from freepublish/get or from the event.

    None while it is being published (1), and for anything the interface does not describe: that is asked again, and
    after a while a person's.
    """
    if status == PUBLISHED and article_id:
        rows = detail.get("item", []) if isinstance(detail, dict) else []
        url = str(rows[0].get("article_url", "")) if rows else ""
        return Receipt(publish_id, told={"publish_id": publish_id, "article_id": str(article_id), "url": url})
    return _ended(status) if status in _FAILED else None


def _ended(status: int) -> Rejected | Gone:
    kind, code, sentence = _FAILED[status]
    return kind(code, sentence)


def _link(message: Message) -> str:
    return f"{message.payload['link']}#{quote(message.key, safe='')}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _content(item: PublicItem) -> str:
    """The text as WeChat shows it: no pictures (those of other hosts are dropped there), the page as the source."""
    head = [("索引号", item.index_number), ("发布机构", item.organ), ("发文字号", item.doc_number)]
    if item.formed_on is not None:
        head.append(("成文日期", f"{item.formed_on:%Y-%m-%d}"))
    top = "".join(f"<p>{name}：{html.escape(value)}</p>" for name, value in head if value)
    tail = "".join(f"<p>附件：{html.escape(file.title or file.filename)}</p>" for file in item.files)
    tail += "<p>全文和附件请点“阅读原文”查看。</p>"
    room = CONTENT_MOST - len(top) - len(tail)
    return top + _body(item, room) + tail


def _body(item: PublicItem, room: int) -> str:
    """The clean HTML of the page where it fits, else as many paragraphs of the plain text as do."""
    body = re.sub(r"<img\b[^>]*>", "", item.body)
    if len(body) <= room:
        return body
    kept: list[str] = []
    for paragraph in item.text.splitlines():
        made = f"<p>{html.escape(paragraph.strip())}</p>"
        if len(made) > room:
            break
        room -= len(made)
        kept.append(made)
    return "".join(kept)
