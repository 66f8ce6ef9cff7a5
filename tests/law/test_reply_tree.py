"""The tree of questions: every path is walked."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.law.negative_list import GROUNDS
from gongkai.law.replies import REPLIES
from gongkai.law.reply_questions import FIRST_QUESTION, Choice
from gongkai.law.reply_tree import QUESTIONS, every_path, question, walk

PATHS = list(every_path())
MAIN = {
    "open": "yes",
    "clear": "yes",
    "purpose": "information",
    "volume": "no",
    "repeated": "no",
    "special": "no",
    "ours": "yes",
    "found": "yes",
    "published": "no",
}


def test_the_tree_has_the_paths_it_should():
    assert len(PATHS) == 84
    assert len({tuple(path.items()) for path in PATHS}) == 84


@pytest.mark.parametrize("path", PATHS, ids=lambda path: "-".join(path.values()))
def test_every_path_ends_in_one_row_and_says_why(path):
    end = walk(path)
    assert end.question is None
    assert end.unused == ()
    assert [step.question.code for step in end.steps] == list(path)
    assert end.outcome.why.endswith("。")
    assert (end.outcome.ground is not None) == bool(end.outcome.row.grounds)
    assert end.outcome.duties[-1] == end.outcome.row.advice


def test_every_row_is_reached():
    assert {walk(path).outcome.row.code for path in PATHS} == {row.code for row in REPLIES}


def test_every_ground_is_reached_in_whole_and_in_part():
    ends = [walk(path).outcome for path in PATHS]
    for code in ("R3", "R2p"):
        assert {end.ground.code for end in ends if end.row.code == code} == {g.code for g in GROUNDS}


def test_every_question_is_asked_and_every_choice_is_taken():
    asked = Counter((code, chosen) for path in PATHS for code, chosen in path.items())
    assert set(asked) == {(q.code, c.code) for q in QUESTIONS for c in q.choices}


def test_questions_and_choices_have_unique_codes_and_a_rule_with_its_article():
    assert len({q.code for q in QUESTIONS}) == len(QUESTIONS) == 19
    for asked in QUESTIONS:
        assert len({c.code for c in asked.choices}) == len(asked.choices) >= 2
        assert asked.text.endswith("？") and asked.rule.endswith("。") and "《" in asked.article


@pytest.mark.parametrize(
    ("more", "row", "ground"),
    [
        ({"closed_part": "none"}, "R2", None),
        ({"closed_part": "secret", "classified": "no"}, "R2", None),
        ({"closed_part": "secret", "classified": "yes", "separable": "no"}, "R3", "G14a"),
        ({"closed_part": "forbidden", "statute": "lower"}, "R2", None),
        ({"closed_part": "third_party", "third_position": "reasonable", "separable": "yes"}, "R2p", "G15"),
        ({"closed_part": "third_party", "third_position": "unreasonable"}, "R2", None),
        ({"closed_part": "third_party", "third_position": "silent_harm", "separable": "no"}, "R3", "G15"),
        ({"closed_part": "process", "still_process": "no"}, "R2", None),
        ({"closed_part": "process", "still_process": "yes", "rule_requires": "yes"}, "R2", None),
        ({"closed_part": "case_file", "rule_requires": "no", "withhold": "yes", "separable": "no"}, "R3", "G16c"),
        ({"closed_part": "internal", "internal_only": "yes", "withhold": "no"}, "R2", None),
    ],
)
def test_where_the_grounds_lead(more, row, ground):
    outcome = walk(MAIN | more).outcome
    assert (outcome.row.code, outcome.ground.code if outcome.ground else None) == (row, ground)


def test_the_third_party_is_told_when_its_objection_is_overruled():
    for position in ("public_interest", "unreasonable"):
        outcome = walk(MAIN | {"closed_part": "third_party", "third_position": position}).outcome
        assert "公开前把决定公开的内容和理由书面告知第三方" in outcome.duties


def test_discretion_is_marked():
    withheld = walk(MAIN | {"closed_part": "internal", "internal_only": "yes", "withhold": "yes", "separable": "no"})
    assert withheld.outcome.discretionary is True
    secret = walk(MAIN | {"closed_part": "secret", "classified": "yes", "separable": "no"})
    assert secret.outcome.discretionary is False


def test_an_unfinished_walk_gives_the_next_question():
    assert walk({}).question.code == FIRST_QUESTION
    assert walk(MAIN).question.code == "closed_part"
    assert walk(MAIN).outcome is None


def test_answers_left_over_after_going_back_are_told():
    end = walk(MAIN | {"purpose": "petition"})
    assert end.outcome.row.code == "R9"
    assert end.unused == ("volume", "repeated", "special", "ours", "found", "published")


def test_unknown_questions_and_choices_are_refused_loudly():
    with pytest.raises(LookupError, match="没有“weather”这一问"):
        walk({"weather": "fine"})
    with pytest.raises(LookupError, match="继续办理、收到收费通知后三十日内没有缴费、申请人已经撤回"):
        walk({"open": "perhaps"})
    with pytest.raises(LookupError, match="perhaps"):
        walk(MAIN | {"separable": "perhaps"})


def test_a_choice_leads_to_exactly_one_place():
    with pytest.raises(ValueError, match="只通向"):
        Choice("x", "两处", next="clear", reply="R1")
    with pytest.raises(ValueError, match="只通向"):
        Choice("x", "无处")


@given(st.dictionaries(st.sampled_from([q.code for q in QUESTIONS]), st.integers(0, 7)))
def test_any_set_of_known_answers_gives_a_question_or_an_outcome(picks):
    answers = {code: question(code).choices[pick % len(question(code).choices)].code for code, pick in picks.items()}
    end = walk(answers)
    assert (end.question is None) != (end.outcome is None)
    assert {step.question.code for step in end.steps} | set(end.unused) == set(answers)
