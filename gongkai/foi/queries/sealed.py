"""Opening and making sealed columns. Who may look is decided, and recorded, by `actions/reveal.py`."""

from __future__ import annotations

import json
from typing import Any

from gongkai.files.queries import read
from gongkai.foi.models import Applicant, CaseFile, DataKey, FoiRequest, ReplyVersion
from gongkai.foi.particulars import Particulars, particulars_of
from gongkai.foi.replying import Composition, composition_of
from gongkai.foi.vault import seal, unseal, unwrap
from gongkai.foi.wishes import Wish, wish_of


def data_key(key: DataKey) -> bytes:
    """The small key itself; `Unsealable` once it was destroyed."""
    return unwrap(key.master_id, key.wrapped)


def sealed_text(key: DataKey, text: str, place: str) -> bytes:
    return seal(data_key(key), text.encode(), place)


def sealed_json(key: DataKey, values: Any, place: str) -> bytes:
    return sealed_text(key, json.dumps(values, ensure_ascii=False, sort_keys=True), place)


def text_of(key: DataKey, sealed: bytes | memoryview, place: str) -> str:
    """The open text; an empty column is an empty text."""
    return unseal(data_key(key), bytes(sealed), place).decode() if sealed else ""


def json_of(key: DataKey, sealed: bytes | memoryview, place: str) -> Any:
    return json.loads(text_of(key, sealed, place))


def particulars(applicant: Applicant) -> Particulars:
    return particulars_of(json_of(applicant.key, applicant.particulars, "applicant.particulars"))


def wish(case: FoiRequest) -> Wish:
    return wish_of(json_of(case.key, case.description, "request.description"))


def composition(case: FoiRequest, sealed: bytes | memoryview) -> Composition:
    """Of a draft or of a version: both are sealed for the same place."""
    return composition_of(json_of(case.key, sealed, "reply.content"))


def version_content(version: ReplyVersion) -> Composition:
    return composition(version.request, version.content)


def file_bytes(paper: CaseFile) -> bytes:
    """The open bytes of a paper."""
    return unseal(data_key(paper.request.key), read(paper.blob), "file.bytes")


def base_bytes(paper: CaseFile) -> bytes:
    """The open bytes of the form that is marked. Only for a copy that was made in this case."""
    if paper.base is None:
        raise ValueError("no copy was made of this paper")
    return unseal(data_key(paper.request.key), read(paper.base), "file.bytes")


def file_name(paper: CaseFile) -> str:
    return text_of(paper.request.key, paper.filename, "file.filename")
