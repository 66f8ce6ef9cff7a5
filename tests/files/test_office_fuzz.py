"""Changed at random, a file is read or refused: nothing else happens, and the child serves the next one."""

from __future__ import annotations

import io
import os
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from gongkai.files.reading import Reading, read_texts
from gongkai.files.refusal import Unreadable
from tests.canaries.office import packed
from tests.canaries.show import ALL

_PIECES = (b'"', b"<", b">", b"</w:p>", b"999999999999", b"-1", b"", b"\xff", b"&", b"<w:tbl>", b"0", b'r:id="r1"')


def changed(data: bytes, chance: random.Random) -> bytes:
    """The archive with some bytes of its members changed, doubled or gone, packed anew."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        members = {name: source.read(name) for name in source.namelist()}
    for _ in range(chance.randint(1, 4)):
        name = chance.choice(sorted(members))
        content = bytearray(members[name])
        at = chance.randrange(len(content) + 1)
        what = chance.random()
        if what < 0.1 and len(members) > 1:
            del members[name]
            continue
        if what < 0.6:
            content[at : at + chance.randint(0, 8)] = chance.choice(_PIECES)
        elif what < 0.8:
            content[at:at] = content[at : at + chance.randint(1, 200)] * chance.randint(1, 4)
        else:
            content[at : at + 1] = bytes([chance.randrange(256)])
        members[name] = bytes(content)
    return packed(members)


WHOLE = pytest.mark.skipif(os.environ.get("GONGKAI_FULL") != "1", reason="only in make test-full")


@pytest.mark.parametrize("count", [200, pytest.param(20_000, marks=[pytest.mark.full, WHOLE])])
def test_changed_files_are_read_or_refused(count: int, tmp_path: Path) -> None:
    chance = random.Random(count)
    made = [(kind, place.make("金丝雀甲乙")) for kind, places in ALL.items() for place in places.values()]
    path = tmp_path / "a"

    def files() -> Iterator[tuple[Path, str]]:
        for _ in range(count):
            kind, data = chance.choice(made)
            path.write_bytes(changed(data, chance))
            yield path, kind

    outcomes = list(read_texts(files()))
    assert len(outcomes) == count
    read = [outcome for outcome in outcomes if isinstance(outcome, Reading)]
    codes = {outcome.code for outcome in outcomes if isinstance(outcome, Unreadable)}
    assert len(read) > count / 20
    assert codes <= {"damaged", "broken", "foreign-xml", "unpacks-too-large", "encrypted", "too-much-text"}, codes
