"""Keeping a reply while it is written: unfinished trees, two writers, own paragraphs, what may go out."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.foi.actions.add_file import add_file
from gongkai.foi.actions.compose_reply import compose_reply
from gongkai.foi.actions.submit_reply import submit_reply
from gongkai.foi.models import FoiRequest, NumberSequence, ReplyDraft
from gongkai.foi.models.cases import FILE_KINDS
from gongkai.foi.queries.composing import government_of, own_words, settled_by
from gongkai.foi.queries.replies import draft_composition
from gongkai.law.reply_tree import every_path
from gongkai.law.verdicts import Refusal
from tests.foi.conftest import PNG, answers_for

OPEN = {"open": "yes", "clear": "yes"}


def kept(case):
    return draft_composition(FoiRequest.objects.get(pk=case.pk))


def refusal(code: str):
    class _Expect:
        def __enter__(self):
            self.context = pytest.raises(Refusal)
            self.raised = self.context.__enter__()

        def __exit__(self, *args):
            done = self.context.__exit__(*args)
            assert self.raised.value.code == code
            return done

    return _Expect()


def test_an_unfinished_tree_is_kept_without_number_or_letter(counter):
    case = counter.case()
    draft = compose_reply(case.number, OPEN, letter={"reason": "先记下"}, **counter.who())
    assert (draft.reply_code, draft.ground, kept(case).answers, kept(case).letter) == (
        "",
        "",
        OPEN,
        {"reason": "先记下"},
    )
    case.refresh_from_db()
    assert (case.reply_number, NumberSequence.objects.filter(kind="reply").exists()) == ("", False)


def test_an_unknown_answer_is_refused(counter):
    case = counter.case()
    for answers in ({"open": "perhaps"}, {"nothing": "yes"}):
        with refusal("unreadable"):
            compose_reply(case.number, answers, **counter.who())
    assert not ReplyDraft.objects.exists()


def test_a_reply_that_was_finished_keeps_its_number_when_a_question_is_opened_again(counter):
    case = counter.case()
    counter.compose(case)
    case.refresh_from_db()
    number = case.reply_number
    compose_reply(case.number, OPEN, **counter.who())
    counter.compose(case)
    case.refresh_from_db()
    assert (number != "", case.reply_number) == (True, number)


def test_a_revision_somebody_else_made_is_not_written_over(counter):
    case = counter.case()
    compose_reply(case.number, OPEN, based_on=0, **counter.who())
    with refusal("draft_moved_on"):
        compose_reply(case.number, {"open": "yes"}, based_on=0, **counter.who())
    compose_reply(case.number, OPEN | {"purpose": "information"}, based_on=1, **counter.who("foi_officer2"))
    with refusal("draft_moved_on"):
        compose_reply(case.number, OPEN, based_on=1, **counter.who())
    assert (len(kept(case).answers), ReplyDraft.objects.get().revision) == (3, 2)


def test_own_paragraphs_are_judged_by_what_stands_in_them(counter):
    case = counter.case()
    counter.compose(
        case,
        letter={"remedy": "另有说明", "online_channel": "某平台"},
        text="一、随信附上。\n二、不服的，可以申请行政复议。",
    )
    letter = kept(case).letter
    assert (letter["remedy"], letter["online_channel"]) == ("二、不服的，可以申请行政复议。", "")
    with refusal("wording_incomplete"):
        submit_reply(case.number, based_on=1, **counter.who())


@pytest.mark.parametrize("kind", sorted(set(FILE_KINDS) - {"correction"}))  # evidence comes after the reply only
def test_only_papers_made_or_found_for_it_go_out(counter, kind):
    case = counter.case()
    paper = add_file(case.number, PNG, "一页.png", kind=kind, **counter.who())
    if kind in ("record", "reply", "other"):
        counter.compose(case, files=[paper.pk])
        assert kept(case).files == (paper.pk,)
    else:
        with refusal("not_to_go_out"):
            counter.compose(case, files=[paper.pk])
        assert not ReplyDraft.objects.exists()


def test_only_words_of_ones_own_are_told_apart(counter):
    case = counter.case()
    counter.compose(case, letter={"request": "我的复述"}, findings={"review_body": "云山区人民政府"})
    case = FoiRequest.objects.get(pk=case.pk)
    own = own_words(case, draft_composition(case), on=counter.day)
    assert own["request"] == "我的复述"
    assert {"addressee", "agency", "number", "dated", "articles", "remedy"} & set(own) == set()


def test_what_answers_settle_belongs_to_the_path_only():
    assert settled_by(answers_for("R3", "G16b")) == {"no_rule_requires": True, "separability_examined": True}
    assert settled_by(answers_for("R3", "G16a")) == {"external_effect": False, "separability_examined": True}
    assert settled_by(answers_for("R2") | {"separable": "yes"}) == {}
    for answers in every_path():
        refused_or_partial = "separable" in answers
        assert settled_by(answers).get("separability_examined", False) is refused_or_partial


def test_the_government_of_an_organ_is_the_nearest_above(office):
    assert government_of(office.organ) == "青禾市人民政府"
    assert government_of(office.organ.parent) == ""


def test_the_day_a_draft_was_saved_is_no_word_of_ones_own(counter):
    """Only beside the day it was saved: seen from another day its date would look written by hand."""
    case = counter.case()
    counter.compose(case)
    case = FoiRequest.objects.get(pk=case.pk)
    assert "dated" not in own_words(case, draft_composition(case), on=counter.day)
    assert own_words(case, draft_composition(case), on=date(2026, 3, 3))["dated"] == "2026-03-02"
