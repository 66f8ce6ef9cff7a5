"""Real documents are found by half their title and by citizens' questions. Needs ../shared/data beside the checkout."""

import pytest

from benchmarks import retrieval
from gongkai.search.engine import Engine

pytestmark = pytest.mark.skipif(
    not retrieval.DATA.is_dir(), reason="the real documents (../shared/data beside the checkout) are not here"
)


@pytest.fixture(scope="module")
def find(tmp_path_factory):
    engine = Engine(tmp_path_factory.mktemp("index"))
    assert engine.apply(retrieval.documents(), position=1) == 5648
    return retrieval.in_index(engine)


@pytest.mark.parametrize(("name", "number"), [("hebei", 732), ("regulations", 800)])
def test_half_a_title_finds_the_document_among_the_first_ten(find, name, number):
    found, _, asked, _ = retrieval.known_items(find, name)
    assert asked == number
    assert found >= 0.99


def test_citizens_questions_find_their_document_among_the_first_ten(find):
    held_back = [question for question in retrieval.questions() if retrieval.half(question) == 1]
    assert retrieval.recall(retrieval.ranks(find, held_back), 10) >= 0.98
