"""Every rule shows what it finds and what it lets pass: samples/<code>/hit-*.txt and miss-*.txt."""

from pathlib import Path

import pytest

from gongkai.scanning.rules import RULES, scan

SAMPLES = Path(__file__).parent / "samples"
CODES = [rule.code for rule in RULES]


def samples(code: str, kind: str) -> list[Path]:
    return sorted((SAMPLES / code).glob(f"{kind}-*.txt"))


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


@pytest.mark.parametrize("code", CODES)
def test_each_rule_has_samples_of_both_kinds(code):
    assert samples(code, "hit"), f"规则 {code} 缺少 samples/{code}/hit-1.txt"
    assert samples(code, "miss"), f"规则 {code} 缺少 samples/{code}/miss-1.txt"


def test_each_folder_of_samples_belongs_to_a_rule():
    assert sorted(folder.name for folder in SAMPLES.iterdir()) == sorted(CODES)


@pytest.mark.parametrize(
    "path", [p for code in CODES for p in samples(code, "hit")], ids=lambda p: f"{p.parent.name}-{p.stem}"
)
def test_hits_are_found(path):
    assert path.parent.name in {finding.code for finding in scan(read(path))}


@pytest.mark.parametrize(
    "path", [p for code in CODES for p in samples(code, "miss")], ids=lambda p: f"{p.parent.name}-{p.stem}"
)
def test_misses_are_not_flagged(path):
    assert path.parent.name not in {finding.code for finding in scan(read(path))}


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_each_rule_says_what_it_is_what_the_law_says_and_what_to_do(rule):
    assert rule.title and len(rule.title) <= 14
    assert rule.article.startswith("《") and "条" in rule.article
    assert rule.sentence.endswith("。") and "！" not in rule.sentence
    assert rule.code.isascii() and rule.code == rule.code.lower()
