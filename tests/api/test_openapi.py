"""The description is true: every address is in it, and every answer has the shape it says."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import get_resolver

pytestmark = pytest.mark.django_db


def faults(value, schema, schemas, place="$"):
    """Where a value differs from its schema; the parts of JSON Schema the description uses, and no others."""
    if "$ref" in schema:
        yield from faults(value, schemas[schema["$ref"].rsplit("/", 1)[1]], schemas, place)
        return
    unknown = set(schema) - {
        "type", "properties", "required", "additionalProperties", "items", "enum", "description", "format", "pattern",
    }  # fmt: skip
    assert not unknown, unknown
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    name = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", type(None): "null"}
    kind = name[type(value)]
    if kind not in kinds:
        yield f"{place}: {kind}"
        return
    if kind == "object":
        for missing in set(schema["required"]) ^ set(value):
            yield f"{place}.{missing}: missing on one side"
        for key, inner in value.items():
            if key in schema["properties"]:
                yield from faults(inner, schema["properties"][key], schemas, f"{place}.{key}")
    if kind == "array":
        for n, inner in enumerate(value):
            yield from faults(inner, schema["items"], schemas, f"{place}[{n}]")
    if "enum" in schema and value not in schema["enum"]:
        yield f"{place}: {value} not in enum"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{place}: {value} against pattern"
    if kind == "string" and value:
        match schema.get("format"):
            case "date":
                date.fromisoformat(value)
            case "date-time":
                assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", value), place
            case "uri":
                assert value.isascii() and re.match(r"https?://", value), (place, value)
            case None:
                pass
            case other:
                raise AssertionError(other)


def test_the_checker_sees_what_is_wrong():
    schema = {"type": "object", "properties": {"a": {"type": "string", "enum": ["x"]}}, "required": ["a"]}
    assert list(faults({"a": "x"}, schema, {})) == []
    assert list(faults({}, schema, {})) == ["$.a: missing on one side"]
    assert list(faults({"a": "x", "b": 1}, schema, {})) == ["$.b: missing on one side"]
    assert list(faults({"a": "y"}, schema, {})) == ["$.a: y not in enum"]
    assert list(faults({"a": 1}, schema, {})) == ["$.a: integer"]


def routes():
    resolver = next(p for p in get_resolver().url_patterns if getattr(p, "app_name", "") == "api")
    return {str(p.pattern) for p in resolver.url_patterns if p.name not in ("openapi", "unknown")}


def test_every_address_is_described_and_every_description_has_its_address(ask):
    told = {
        path.removeprefix("/api/").replace("{index_number}", "(?P<index_number>.+?)")
        for path in ask("openapi.json")["paths"]
    }
    assert {f"^{path}/?$" for path in told} == routes()


def test_every_answer_has_its_shape(office, client):
    old = office.item(
        "旧办法", attachment="附表", theme="民政", keywords="救助 低保", summary="概述", effective_from=date(2026, 1, 1),
        valid_until=date(2027, 1, 1), is_trial=True,
    )  # fmt: skip
    new = office.item("新办法", interprets=[old.index_number])
    office.withdraw(old, "superseded", replaced_by=new)
    gone = office.item("发错的")
    office.withdraw(gone)
    asked = {
        "/api/v1/changes": ["changes", "changes?after=1&limit=1", "changes?limit=0"],
        "/api/v1/items": ["items", "items?limit=1", "items?theme=民政", "items?cursor=x"],
        "/api/v1/items/{index_number}": [
            f"items/{old.index_number}", f"items/{new.index_number}", f"items/{gone.index_number}", "items/none",
        ],
    }  # fmt: skip
    told = client.get("/api/v1/openapi.json").json()
    assert told["openapi"] == "3.1.0"
    schemas, seen = told["components"]["schemas"], set()
    assert set(asked) == set(told["paths"])
    for path, addresses in asked.items():
        for address in addresses:
            answer = client.get(f"/api/v1/{address}")
            responses = told["paths"][path]["get"]["responses"]
            schema = responses[str(answer.status_code)]["content"]["application/json"]["schema"]
            assert list(faults(answer.json(), schema, schemas)) == [], address
            seen.add(schema["$ref"].rsplit("/", 1)[1])
    # Every schema was held against a real answer, the two inner ones within their lists.
    assert seen | {"Change", "Row", "Notice"} == set(schemas)


def test_every_parameter_it_names_is_taken_and_its_bounds_are_true(office, client):
    office.item("青禾市公告")
    told = client.get("/api/v1/openapi.json").json()
    for path, question in told["paths"].items():
        for parameter in question["get"]["parameters"]:
            schema, name = parameter["schema"], parameter["name"]
            if parameter["in"] != "query" or schema["type"] != "integer":
                continue
            if name == "limit":
                assert client.get(path, {name: schema["maximum"]}).status_code == 200
                assert client.get(path, {name: schema["maximum"] + 1}).status_code == 400
            assert client.get(path, {name: schema["minimum"]}).status_code == 200
            assert client.get(path, {name: schema["default"]}).content == client.get(path).content
