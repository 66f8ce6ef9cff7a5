"""Somebody filling in the request form with a plain browser: pages, posts, files."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from lxml import html

from tests.portal.page_reader import within, words

#: The person is invented; the identity number is made with a right check character.
NAME, PHONE, ADDRESS, IDENTITY = "欧阳甲乙", "13900001234", "青禾市文渊街道无名路9号", "11010519491231002X"
EMAIL = "ouyang-jiayi@example.invalid"
WHAT = {"name": "2025年临时救助资金发放明细", "document_number": "", "features": "分街道、分月份"}
WHO = {
    "column": "natural", "name": NAME, "contact": "", "identity_kind": "id_card", "identity_number": IDENTITY,
    "phone": PHONE, "email": EMAIL, "address": ADDRESS, "postcode": "000000",
}  # fmt: skip
HOW = {"form": "electronic", "delivery": "online"}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n" + b"%" + b"x" * 1500 + b"\n%%EOF\n"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

PAGES = ("request", "request_agency", "request_applicant", "request_files", "request_delivery", "request_check")


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


class Seen:
    """One answer: its status, its words, and parts by selector."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self.status = response.status_code
        self.to = response.headers.get("Location", "")
        self.text = response.content.decode() if not response.streaming else ""
        self.tree = html.fromstring(self.text) if self.text.lstrip().startswith("<!doctype") else None

    def all(self, selector: str) -> list[Any]:
        return [] if self.tree is None else within(self.tree, selector)

    def said(self, selector: str) -> str:
        """The words of the first match; "" when there is none."""
        found = self.all(selector)
        return words(found[0]) if found else ""

    def value(self, name: str) -> str:
        found = self.all(f"[name={name}]")[0]
        return found.text or "" if found.tag == "textarea" else found.get("value", "")


class Applicant:
    """A browser of its own; every post carries the token the page gave, as a browser would."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        self.client = Client(enforce_csrf_checks=True, REMOTE_ADDR=address)

    def get(self, name: str, **query: str) -> Seen:
        return Seen(self.client.get(reverse(f"portal:{name}"), query))

    def token(self) -> str:
        if "csrftoken" not in self.client.cookies:
            self.get("request")
        return self.client.cookies["csrftoken"].value

    def post(self, name: str, values: dict[str, Any] | None = None, *, args: tuple[Any, ...] = (), **more: Any) -> Seen:
        data = {"csrfmiddlewaretoken": self.token()} | (values or {})
        return Seen(self.client.post(reverse(f"portal:{name}", args=args), data, **more))

    def post_raw(self, name: str, body: bytes | str, *, args: tuple[Any, ...] = (), kind: str, **headers: str) -> Any:
        return self.client.post(
            reverse(f"portal:{name}", args=args), body, content_type=kind,
            headers={"X-CSRFToken": self.token()} | headers,
        )  # fmt: skip

    def what(self, *items: dict[str, str], **more: str) -> Seen:
        values = {f"item{n}-{k}": v for n, item in enumerate(items or (WHAT,)) for k, v in item.items()}
        return self.post("request", values | more)

    def agency(self, code: str = "QH-MZ", **more: str) -> Seen:
        return self.post("request_agency", {"organ": code} | more)

    def who(self, **changes: str) -> Seen:
        return self.post("request_applicant", WHO | changes)

    def how(self, **changes: str) -> Seen:
        return self.post("request_delivery", HOW | changes)

    def fill(self, *items: dict[str, str]) -> None:
        """Every page, up to the summary."""
        assert self.what(*items).to == reverse("portal:request_agency")
        assert self.agency(anyway="QH-MZ").to == reverse("portal:request_applicant")
        assert self.who().to == reverse("portal:request_files")
        assert self.how().to == reverse("portal:request_check")

    def send(self) -> Seen:
        """提出申请, as the summary offers it."""
        return self.post("request_check", {"seen": self.get("request_check").value("seen")})

    def codes(self) -> list[str]:
        return [words(code) for code in self.get("request_receipt").all(".request__code")]
