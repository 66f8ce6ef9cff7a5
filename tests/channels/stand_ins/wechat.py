"""A WeChat official account that follows the published interface, and misbehaves in the seven ways when told to.

ok, slow (decides only after being asked three times), accept then time out (does it and breaks off), reject later
(平台审核不通过), callback twice, out of order (callbacks come late and in reverse), gone (deleted over there by somebody).
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from tests.channels.stand_in import Asked

MOODS = ("ok", "slow", "accept then time out", "reject later", "callback twice", "out of order", "gone")
TOKEN = "callback-token"
FORBIDDEN = "违禁词"


@dataclass
class Job:
    """A publish job: `waits` questions are answered with "in progress" before it has ended."""

    number: str
    article: dict
    status: int
    waits: int
    article_id: str = ""


@dataclass
class WeChat:
    """`articles` is what the public sees: article_id → article. `outbox` holds callbacks that were not delivered yet."""

    mood: str = "ok"
    app_id: str = "wx-test"
    secret: str = "wx-secret"
    title_most: int = 64
    quota: int | None = None
    token: str = ""
    issued: int = 0
    materials: dict[str, bytes] = field(default_factory=dict)
    drafts: dict[str, dict] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    articles: dict[str, dict] = field(default_factory=dict)
    outbox: list[bytes] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    errors: dict[str, int] = field(default_factory=dict)
    _numbers: itertools.count = field(default_factory=lambda: itertools.count(100000001))

    def answer(self, asked: Asked):
        parts = urlsplit(asked.path)
        name = parts.path.removeprefix("/cgi-bin/")
        self.asked.append(name)
        if name == "stable_token":
            return self._json(self._stable_token(json.loads(asked.body)))
        if parse_qs(parts.query).get("access_token") != [self.token] or not self.token:
            return self._json({"errcode": 42001, "errmsg": "access_token expired"})
        if self.quota is not None:
            if self.quota == 0:
                return self._json({"errcode": 45009, "errmsg": "reach max api daily quota limit"})
            self.quota -= 1
        if name in self.errors:
            return self._json({"errcode": self.errors[name], "errmsg": "refused"})
        return self._dispatch(name, asked)

    def _dispatch(self, name: str, asked: Asked):
        if name == "material/add_material":
            return self._json(self._material(asked))
        told = json.loads(asked.body)
        match name:
            case "draft/add":
                return self._json(self._add(told["articles"]))
            case "draft/delete":
                return self._json(self._ok() if self.drafts.pop(told["media_id"], None) else self._bad(40007))
            case "draft/batchget":
                return self._json(self._page("media_id", self.drafts, told))
            case "freepublish/submit":
                out = self._submit(told["media_id"])
                return None if self.mood == "accept then time out" and out.get("errcode") == 0 else self._json(out)
            case "freepublish/get":
                return self._json(self._get(told["publish_id"]))
            case "freepublish/getarticle":
                article = self.articles.get(told["article_id"])
                return self._json({"news_item": [{**article, "is_deleted": False}]} if article else self._bad(53600))
            case "freepublish/batchget":
                return self._json(self._page("article_id", self.articles, told))
            case "freepublish/delete":
                if self.mood == "gone":
                    self.articles.pop(told["article_id"], None)
                out = self._ok() if self.articles.pop(told["article_id"], None) else self._bad(53600)
                return None if self.mood == "accept then time out" and out["errcode"] == 0 else self._json(out)
            case other:
                raise AssertionError(f"not of the published interface: {other}")

    def _stable_token(self, told: dict) -> dict:
        assert told["grant_type"] == "client_credential"
        if (told["appid"], told["secret"]) != (self.app_id, self.secret):
            return self._bad(40125)
        if not self.token or told.get("force_refresh"):
            self.issued += 1
            self.token = f"token-{self.issued}"
        return {"access_token": self.token, "expires_in": 7200}

    def _material(self, asked: Asked) -> dict:
        [kind] = parse_qs(urlsplit(asked.path).query)["type"]
        assert kind in ("image", "thumb")
        assert asked.headers["content-type"].startswith("multipart/form-data; boundary=")
        found = re.search(rb'name="media"; filename="[\w.]+"[^\r]*\r\n(?:[^\r]+\r\n)*\r\n(.*)\r\n--', asked.body, re.S)
        assert found, "no field media"
        if len(found[1]) > (64 * 1024 if kind == "thumb" else 10 * 1024 * 1024):
            return self._bad(40009)
        media = f"material-{next(self._numbers)}"
        self.materials[media] = found[1]
        return {"media_id": media, "url": "http://mmbiz.example/0"}

    def _add(self, articles: list[dict]) -> dict:
        [article] = articles
        if article["thumb_media_id"] not in self.materials:
            return self._bad(40007)
        if len(article["title"]) > self.title_most:
            return self._bad(45003)
        if len(article["digest"]) > 128:
            return self._bad(45004)
        if len(article["content"]) >= 20_000 or len(article["content_source_url"].encode()) > 1024:
            return self._bad(45002)
        media = f"draft-{next(self._numbers)}"
        self.drafts[media] = article
        return {"media_id": media}

    def _submit(self, media: str) -> dict:
        article = self.drafts.get(media)
        if article is None:
            return self._bad(40007)
        if FORBIDDEN in article["title"] + article["content"]:
            return self._bad(53503)
        del self.drafts[media]
        number = str(next(self._numbers))
        status = 4 if self.mood == "reject later" else 0
        waits = {"slow": 3, "out of order": 2}.get(self.mood, 0)
        job = self.jobs[number] = Job(number, article, status, waits)
        if not waits:
            self._end(job)
        return {"errcode": 0, "errmsg": "ok", "publish_id": number, "msg_data_id": number}

    def _end(self, job: Job) -> None:
        if job.status == 0:
            job.article_id = f"article-{next(self._numbers)}"
            self.articles[job.article_id] = {**job.article, "url": f"https://mp.example/s/{job.article_id}"}
        events = [self.event(job)] * (2 if self.mood == "callback twice" else 1)
        self.outbox = [*events, *self.outbox] if self.mood == "out of order" else [*self.outbox, *events]

    def _get(self, number: str) -> dict:
        job = self.jobs.get(number)
        if job is None:
            return self._bad(53600)
        if job.waits:
            job.waits -= 1
            if not job.waits:
                self._end(job)
            return {"publish_id": number, "publish_status": 1, "fail_idx": []}
        if job.status == 0 and job.article_id not in self.articles:
            return {"publish_id": number, "publish_status": 5, "fail_idx": []}
        if job.status:
            return {"publish_id": number, "publish_status": job.status, "fail_idx": [1]}
        row = {"idx": 1, "article_url": self.articles[job.article_id]["url"]}
        return {
            "publish_id": number, "publish_status": 0, "article_id": job.article_id,
            "article_detail": {"count": 1, "item": [row]}, "fail_idx": [],
        }  # fmt: skip

    @staticmethod
    def _page(name: str, rows: dict[str, dict], told: dict) -> dict:
        assert 1 <= told["count"] <= 20
        newest = list(reversed(rows.items()))[told["offset"] : told["offset"] + told["count"]]
        item = [{name: k, "content": {"news_item": [{**v, "content": ""}]}, "update_time": 1} for k, v in newest]
        return {"total_count": len(rows), "item_count": len(item), "item": item}

    def event(self, job: Job) -> bytes:
        """What the account sends to the callback address when a job has ended."""
        detail = (
            f"<article_id><![CDATA[{job.article_id}]]></article_id><article_detail><count>1</count><item><idx>1</idx>"
            f"<article_url><![CDATA[https://mp.example/s/{job.article_id}]]></article_url></item></article_detail>"
            if job.status == 0
            else "<fail_idx>1</fail_idx>"
        )
        return (
            "<xml><ToUserName><![CDATA[gh_test]]></ToUserName><FromUserName><![CDATA[o_test]]></FromUserName>"
            "<CreateTime>1481013459</CreateTime><MsgType><![CDATA[event]]></MsgType>"
            "<Event><![CDATA[PUBLISHJOBFINISH]]></Event><PublishEventInfo>"
            f"<publish_id>{job.number}</publish_id><publish_status>{job.status}</publish_status>{detail}"
            "</PublishEventInfo></xml>"
        ).encode()

    def settle_all(self) -> None:
        """Time passes: every job ends."""
        for job in self.jobs.values():
            if job.waits:
                job.waits = 0
                self._end(job)

    @staticmethod
    def _ok() -> dict:
        return {"errcode": 0, "errmsg": "ok"}

    @staticmethod
    def _bad(code: int) -> dict:
        return {"errcode": code, "errmsg": "refused"}

    @staticmethod
    def _json(told: dict):
        return 200, {"Content-Type": "application/json; charset=utf-8"}, json.dumps(told).encode()


def signed(stamp: int, nonce: str = "n1", token: str = TOKEN) -> dict[str, str]:
    """The query with which the account calls back."""
    text = "".join(sorted((token, str(stamp), nonce)))
    return {"signature": hashlib.sha1(text.encode()).hexdigest(), "timestamp": str(stamp), "nonce": nonce}
