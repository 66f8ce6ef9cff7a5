"""What the database itself refuses about opinions."""

from gongkai.ledger.guards import Guard, append_only, no_replace

MESSAGE = "review: an opinion is never changed or removed"

GUARDS = [
    *append_only("review_opinion", MESSAGE),
    no_replace("review_opinion", "id", MESSAGE),
    # Never the author, never one person at two steps of a case (条例17), never about another text than the case's.
    Guard(
        "guard_review_separation",
        "review_opinion",
        ("INSERT",),
        "review: the author or one person at two steps",
        forbidden=(
            "EXISTS (SELECT 1 FROM review_case c WHERE c.id = NEW.case_id AND c.author_id = NEW.person_id) "
            "OR EXISTS (SELECT 1 FROM review_opinion o WHERE o.case_id = NEW.case_id AND o.person_id = NEW.person_id "
            "AND o.step_id <> NEW.step_id) "
            "OR NOT EXISTS (SELECT 1 FROM review_casestep s WHERE s.id = NEW.step_id AND s.case_id = NEW.case_id) "
            "OR NOT EXISTS (SELECT 1 FROM review_case c WHERE c.id = NEW.case_id AND c.digest = NEW.digest "
            "AND c.state = 'open' AND c.round = NEW.round)"
        ),
    ),
    # What a case is about and how many must agree is fixed when it begins.
    Guard(
        "guard_review_case_fixed",
        "review_case",
        ("UPDATE",),
        "review: what a case is about does not change",
        forbidden=(
            "NEW.digest <> OLD.digest OR NEW.subject_kind <> OLD.subject_kind OR NEW.subject_key <> OLD.subject_key "
            "OR NEW.author_id <> OLD.author_id OR NEW.organ_id <> OLD.organ_id OR NEW.round < OLD.round "
            "OR COALESCE(NEW.section_id, 0) <> COALESCE(OLD.section_id, 0) "
            "OR (OLD.state <> 'open' AND NEW.state <> OLD.state)"
        ),
    ),
    Guard(
        "guard_review_step_fixed",
        "review_casestep",
        ("UPDATE",),
        "review: the steps of a case are fixed when it begins",
        forbidden=(
            "NEW.case_id <> OLD.case_id OR NEW.code <> OLD.code OR NEW.role <> OLD.role OR NEW.quorum <> OLD.quorum "
            'OR NEW."order" <> OLD."order" OR NEW.since_round < OLD.since_round'
        ),
    ),
    Guard(
        "guard_review_step_quorum",
        "review_casestep",
        ("INSERT",),
        "review: every step needs somebody",
        forbidden="NEW.quorum < 1",
    ),
    Guard(
        "guard_review_step_kept",
        "review_casestep",
        ("DELETE",),
        "review: the steps of a case are fixed when it begins",
        truncate=True,
    ),
    Guard("guard_review_case_kept", "review_case", ("DELETE",), "review: a case is never removed", truncate=True),
]
