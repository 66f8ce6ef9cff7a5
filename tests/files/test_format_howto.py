"""docs/howto/add-a-file-format.md is true: its example is a working parser, and the files it names exist."""

from __future__ import annotations

import re
from email.message import EmailMessage
from pathlib import Path

import pytest

from gongkai.files.refusal import Unreadable
from tests.canaries.office import packed, word

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "howto" / "add-a-file-format.md").read_text(encoding="utf-8")


def mail(tmp_path: Path, attached: bytes) -> Path:
    message = EmailMessage()
    message["From"] = "li@example.org"
    message.set_content("第一行\n第二行\n")
    message.add_attachment(attached, maintype="application", subtype="octet-stream", filename="表.docx")
    path = tmp_path / "a.eml"
    path.write_bytes(message.as_bytes())
    return path


def test_the_example_reads_an_e_mail_and_what_is_attached_to_it(tmp_path: Path) -> None:
    names: dict = {}
    exec(re.search(r"```python\n(.*?)```", PAGE, re.DOTALL).group(1), names)
    found = names["read"](str(mail(tmp_path, packed(word()))))
    assert found["count"] == 2
    assert [{"line": 1}, "第一行"] in found["parts"]
    assert [{"member": "From", "hidden": "properties"}, "li@example.org"] in found["parts"]
    assert [{"paragraph": 1, "member": "表.docx", "hidden": "attachment"}, "看得见的字"] in found["parts"]
    with pytest.raises(Unreadable):
        names["read"](str(mail(tmp_path, b"PK\x03\x04 broken")))


def test_the_names_it_speaks_of_exist() -> None:
    for path in re.findall(r"`((?:gongkai|tests)/[\w./]+)`", PAGE):
        assert (ROOT / path).exists(), path
    for file, name in (
        ("readable", "READABLE"), ("parsers/texts", "_READERS"), ("reading", "_UNITS"), ("hidden", "HIDDEN"), ("sniff", "KINDS"),
    ):  # fmt: skip
        assert re.search(
            rf"^{name}\b", (ROOT / "gongkai" / "files" / f"{file}.py").read_text(encoding="utf-8"), re.MULTILINE
        )
