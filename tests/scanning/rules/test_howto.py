"""docs/howto/add-a-scan-rule.md is true: its example is a working rule, and what it names exists."""

import re
from pathlib import Path

from gongkai.scanning.rules import RULES, scan
from gongkai.scanning.rules.engine import unique

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "howto" / "add-a-scan-rule.md").read_text(encoding="utf-8")


def test_the_example_is_a_rule_that_works():
    names: dict = {}
    exec(re.search(r"```python\n(.*?)```", PAGE, re.DOTALL).group(1), names)
    rules = unique((*RULES, names["DRIVING_FILE"]))
    found = [(f.code, f.text, f.suggestion) for f in scan("驾驶证档案编号：330100123456，请核对", rules=rules)]
    assert found == [("driving_file", "330100123456", "********3456")]
    assert scan("案卷档案编号：330100123456", rules=rules) == []


def test_the_files_and_names_it_speaks_of_exist():
    for path in re.findall(r"`((?:gongkai|benchmarks|tests)/[\w./]+)`", PAGE):
        assert (ROOT / path).exists(), path
    table = (ROOT / "gongkai" / "scanning" / "rules" / "__init__.py").read_text(encoding="utf-8")
    assert "RULES" in table and "_EDITION" in table
