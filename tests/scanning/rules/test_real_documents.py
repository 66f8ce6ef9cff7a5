"""Figures on real documents and on cases others collected; read where they lie, nothing of them is kept here."""

import json
from pathlib import Path

import pytest

from gongkai.scanning.rules import scan
from gongkai.scanning.rules.checks import valid_id, valid_old_id, valid_uscc

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data stands not beside the checkout")


def records(name: str) -> list[dict]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(("name", "confirms_per_100"), [("hebei", 10), ("regulations", 5), ("covid-policy", 60)])
def test_clean_documents_are_hardly_blocked_and_rarely_asked(name, confirms_per_100):
    findings = [scan(f"{r['title']}\n{r['body']}") for r in records(f"documents/{name}.jsonl")]
    blocked = sum(any(f.severity == "block" for f in each) for each in findings)
    asked = sum(f.severity == "confirm" for each in findings for f in each)
    assert 100 * blocked <= len(findings)
    assert 100 * asked <= confirms_per_100 * len(findings)


def test_every_mobile_number_known_in_the_documents_is_found():
    bodies = {
        r["id"]: r["body"]
        for name in ("hebei", "regulations", "covid-policy")
        for r in records(f"documents/{name}.jsonl")
    }
    missed = []
    for record in records("pii/regex-hits-in-documents.jsonl"):
        known = record["hits"].get("mobile", [])
        if known and record["doc_id"] in bodies:
            found = {f.text for f in scan(bodies[record["doc_id"]]) if f.code == "mobile"}
            in_addresses = {number for number in known if f"={number}" in bodies[record["doc_id"]]}  # of web pages
            missed += sorted(set(known) - found - in_addresses)
    assert missed == []


def test_identifier_cases():
    for case in records("pii/identifier-cases.jsonl"):
        value, kind = case["value"], case["kind"]
        if kind == "resident_id" and not case.get("strict"):
            valid = valid_id(value) if len(value) == 18 else len(value) == 15 and valid_old_id(value)
            assert valid == case["valid"], value
        elif kind == "unified_social_credit_code":
            assert valid_uscc(value) == case["valid"], value
        elif kind == "mobile":
            assert bool([f for f in scan(value) if f.code == "mobile"]) == case["valid"], value
        elif kind == "bank_card":
            assert bool([f for f in scan(value) if f.code == "bank_card"]) == case["valid"], value
        elif kind == "text_with_expected_count":
            assert sum(len(finding.places) for finding in scan(value)) == case["expected_matches"], value
        else:
            assert kind == "resident_id", kind
