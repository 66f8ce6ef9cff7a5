"""A Weibo account that follows the published interface, and misbehaves in the seven ways when told to.

ok, slow (20032: taken, shown later), accept then time out, reject later (taken away by the platform's review), callback
twice (there are none: the question is taken twice on its way, so the second answer says "repeated"), out of order (the
timeline shows a post only at the second look), gone (deleted over there by somebody).
"""

from __future__ import annotations

import html
import itertools
import json
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from tests.channels.stand_in import Asked

MOODS = ("ok", "slow", "accept then time out", "reject later", "callback twice", "out of order", "gone")
FORBIDDEN = "违禁词"


@dataclass
class Weibo:
    """`posts` is what the public sees: number → text as Weibo shows it, with shortened links."""

    mood: str = "ok"
    token: str = "wb-token"
    domain: str = "www.qinghe.example"
    posts: dict[str, str] = field(default_factory=dict)
    lagging: dict[str, int] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    _numbers: itertools.count = field(default_factory=lambda: itertools.count(3504803600500001))

    def answer(self, asked: Asked):
        parts = urlsplit(asked.path)
        name = parts.path.removeprefix("/2/").removesuffix(".json")
        given = parse_qs(asked.body.decode() if asked.method == "POST" else parts.query, keep_blank_values=True)
        told = {key: value[0] for key, value in given.items()}
        self.asked.append(name)
        if told.get("access_token") != self.token:
            return self._error(21327)
        if name in self.errors:
            return self._error(self.errors[name])
        match asked.method, name:
            case "POST", "statuses/share":
                return self._share(told)
            case "POST", "statuses/destroy":
                if self.mood == "gone":
                    self.posts.pop(told["id"], None)
                there = self.posts.pop(told["id"], None)
                if there is not None and self.mood == "accept then time out":
                    return None
                return self._error(20101) if there is None else self._json({"id": int(told["id"]), "text": there})
            case "GET", "statuses/show":
                text = self.posts.get(told["id"])
                return self._error(20101) if text is None else self._json(self._row(told["id"], text))
            case "GET", "statuses/user_timeline":
                return self._json({"statuses": self._timeline(int(told["count"])), "total_number": len(self.posts)})
            case other:
                raise AssertionError(f"not of the published interface: {other}")

    def _share(self, told: dict[str, str]):
        status = told["status"]
        assert re.fullmatch(r"\d+\.\d+\.\d+\.\d+", told["rip"])
        links = re.findall(r"https?://[\w\-./?%&=:#~+]+", status)
        if not links or any(urlsplit(link).hostname != self.domain for link in links) or re.search("#[^#]+#", status):
            return self._error(20018)
        shown = re.sub(r"https?://[\w\-./?%&=:#~+]+", "http://t.cn/R1x2y3z", status)
        if sum(1 if ord(c) < 256 else 2 for c in shown) > 280:
            return self._error(20012)
        if FORBIDDEN in status:
            return self._error(20021)
        shown = html.escape(shown, quote=False)
        if shown in list(self.posts.values())[-20:]:
            return self._error(20019)
        number = str(next(self._numbers))
        self.posts[number] = shown
        match self.mood:
            case "accept then time out":
                return None
            case "callback twice":
                return self._error(20019)
            case "slow":
                return self._error(20032)
            case "reject later":
                del self.posts[number]
            case "out of order":
                self.lagging[number] = 1
        return self._json(self._row(number, shown))

    def _timeline(self, count: int) -> list[dict]:
        rows = []
        for number, text in reversed(list(self.posts.items())[-count:]):
            if self.lagging.get(number):
                self.lagging[number] -= 1
                continue
            rows.append(self._row(number, text))
        return rows

    @staticmethod
    def _row(number: str, text: str) -> dict:
        return {"id": int(number), "idstr": number, "mid": number, "text": text}

    @staticmethod
    def _error(code: int):
        told = {"error": "refused", "error_code": code, "request": "/2/statuses"}
        return 400, {"Content-Type": "application/json;charset=UTF-8"}, json.dumps(told).encode()

    @staticmethod
    def _json(told: dict):
        return 200, {"Content-Type": "application/json;charset=UTF-8"}, json.dumps(told).encode()
