"""What the database itself refuses about requests, whoever writes."""

from gongkai.law.foi_moves import ENDED, RECEIVED, REGISTERED
from gongkai.law.replies import REPLIES, gives_information
from gongkai.ledger.guards import Guard, append_only, no_replace

STEPS_KEPT = "foi: a dated step is never changed or removed"
REPLY_KEPT = "foi: a reply sent to sign-off is never changed or removed"
DELIVERY_KEPT = "foi: a delivery is never changed or removed"
ONE_OUTCOME = "foi: an ended request has exactly one standing outcome, an open one has none"
_ENDED = ", ".join(f"'{state}'" for state in sorted(ENDED))
_GIVING = ", ".join(f"'{row.code}'" for row in REPLIES if gives_information(row.code))

# Every step of the review of this very digest has enough approvals; a 保密审查 step is among them unless the reply
# gives no information and was sent to sign-off as such.
ALL_OPINIONS = f"""
EXISTS (SELECT 1 FROM review_case c WHERE c.id = NEW.case_id
  AND c.subject_kind IN ('foi.reply', 'foi.reply_plain')
  AND c.subject_key = NEW.version_id AND c.digest = NEW.digest
  AND EXISTS (SELECT 1 FROM review_casestep s WHERE s.case_id = c.id)
  AND (EXISTS (SELECT 1 FROM review_casestep s WHERE s.case_id = c.id AND s.code = 'secrecy')
    OR (c.subject_kind = 'foi.reply_plain' AND NOT EXISTS (
      SELECT 1 FROM foi_replyversion g WHERE g.id = NEW.version_id AND g.reply_code IN ({_GIVING}))))
  AND NOT EXISTS (
    SELECT 1 FROM review_casestep s WHERE s.case_id = c.id AND s.quorum > (
      SELECT COUNT(DISTINCT o.person_id) FROM review_opinion o
      WHERE o.step_id = s.id AND o.verdict = 'approve' AND o.digest = c.digest AND o.round >= s.since_round)))
"""
NEWEST_VERSION = """
EXISTS (SELECT 1 FROM foi_replyversion v WHERE v.id = NEW.version_id AND v.digest = NEW.digest
  AND v.request_id = NEW.request_id
  AND NOT EXISTS (SELECT 1 FROM foi_replyversion w WHERE w.request_id = v.request_id AND w.number > v.number))
AND EXISTS (SELECT 1 FROM foi_foirequest r WHERE r.id = NEW.request_id AND r.state = 'signed')
"""
STANDING = "(SELECT COUNT(*) FROM foi_outcome o WHERE o.request_id = NEW.id AND o.voided_at IS NULL)"

#: On the tables of the first migration.
FIRST_GUARDS = [
    *append_only("foi_casestep", STEPS_KEPT),
    no_replace("foi_casestep", "id", STEPS_KEPT),
    Guard(
        "guard_foi_step_replaces",
        "foi_casestep",
        ("INSERT",),
        "foi: a step replaces one of the same kind and place in its own request",
        forbidden=(
            "NEW.replaces_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM foi_casestep o WHERE o.id = NEW.replaces_id "
            "AND o.request_id = NEW.request_id AND o.seq = NEW.seq AND o.step = NEW.step)"
        ),
    ),
    *append_only("foi_casenote", "foi: a note of the file is never changed or removed"),
    *append_only("foi_replyversion", REPLY_KEPT),
    no_replace("foi_replyversion", "id", REPLY_KEPT),
    no_replace("foi_replyversion", "digest", REPLY_KEPT),
    *append_only("foi_sealedcopy", "foi: a sealed copy is never changed or removed"),
    Guard(
        "guard_foi_seal_second_person",
        "foi_sealedcopy",
        ("INSERT",),
        "foi: the seal is bound to the signed digest by a second person",
        forbidden=(
            "NOT EXISTS (SELECT 1 FROM foi_replyversion v WHERE v.id = NEW.version_id AND v.digest = NEW.digest "
            "AND v.author_id <> NEW.by_id)"
        ),
    ),
    *append_only("foi_delivery", DELIVERY_KEPT),
    no_replace("foi_delivery", "id", DELIVERY_KEPT),
    no_replace("foi_delivery", "request_id", DELIVERY_KEPT),
    Guard(
        "guard_foi_delivery_opinions",
        "foi_delivery",
        ("INSERT",),
        "foi: no delivery without every opinion on this very reply",
        forbidden=f"NOT ({NEWEST_VERSION} AND {ALL_OPINIONS})",
    ),
    Guard(
        "guard_foi_request_begins",
        "foi_foirequest",
        ("INSERT",),
        "foi: a request begins as registered or received",
        forbidden=f"NEW.state NOT IN ('{REGISTERED}', '{RECEIVED}')",
    ),
    Guard(
        "guard_foi_request_outcome",
        "foi_foirequest",
        ("UPDATE",),
        ONE_OUTCOME,
        forbidden=(
            f"(NEW.state IN ({_ENDED}) AND {STANDING} <> 1) OR (NEW.state NOT IN ({_ENDED}) AND {STANDING} <> 0)"
        ),
        columns=("state",),
    ),
    Guard(
        "guard_foi_request_fixed",
        "foi_foirequest",
        ("UPDATE",),
        "foi: number, organ, applicant and submission of a request do not change",
        forbidden=(
            "NEW.number <> OLD.number OR NEW.organ_id <> OLD.organ_id OR NEW.applicant_id <> OLD.applicant_id "
            "OR NEW.submission_id <> OLD.submission_id OR NEW.item <> OLD.item OR NEW.channel <> OLD.channel "
            "OR NEW.arrived_on <> OLD.arrived_on OR (OLD.state = 'closed' AND NEW.state <> 'closed')"
        ),
    ),
    Guard("guard_foi_request_kept", "foi_foirequest", ("DELETE",), "foi: a request is never removed", truncate=True),
    # A line may be voided once, by taking the request up again; nothing else in it changes.
    Guard(
        "guard_foi_outcome_fixed",
        "foi_outcome",
        ("UPDATE",),
        "foi: a line of the annual report does not change",
        forbidden=(
            "NEW.request_id <> OLD.request_id OR NEW.reply_code <> OLD.reply_code OR NEW.ground <> OLD.ground "
            'OR NEW.report_row <> OLD.report_row OR NEW."column" <> OLD."column" OR NEW.decided_on <> OLD.decided_on '
            "OR OLD.voided_at IS NOT NULL"
        ),
    ),
    Guard("guard_foi_outcome_kept", "foi_outcome", ("DELETE",), "foi: an outcome is never removed", truncate=True),
    no_replace("foi_outcome", "id", "foi: an outcome is never removed"),
    Guard(
        "guard_foi_sequence_forward",
        "foi_numbersequence",
        ("UPDATE",),
        "foi: numbers are never given twice",
        forbidden="NEW.last < OLD.last OR NEW.organ_id <> OLD.organ_id OR NEW.kind <> OLD.kind OR NEW.year <> OLD.year",
    ),
    Guard(
        "guard_foi_sequence_kept",
        "foi_numbersequence",
        ("DELETE",),
        "foi: numbers are never given twice",
        truncate=True,
    ),
    # A destroyed key stays destroyed.
    Guard(
        "guard_foi_key_destroyed",
        "foi_datakey",
        ("UPDATE",),
        "foi: a destroyed data key does not come back",
        forbidden="OLD.destroyed_at IS NOT NULL AND (NEW.wrapped <> '' OR NEW.destroyed_at IS NULL)",
    ),
    *append_only("foi_submission", "foi: a submission is never changed or removed"),
    # What two people decided stays decided.
    *(
        Guard(
            f"guard_foi_{name}_decided",
            f"foi_{name}",
            ("UPDATE",),
            "foi: a decision is taken once",
            forbidden="OLD.decision <> '' AND (NEW.decision <> OLD.decision OR NEW.decided_by_id <> OLD.decided_by_id)",
        )
        for name in ("extension", "fee")
    ),
    Guard(
        "guard_foi_remedy_concluded",
        "foi_remedy",
        ("UPDATE",),
        "foi: the result of a remedy is recorded once",
        forbidden=(
            "NEW.request_id <> OLD.request_id OR NEW.kind <> OLD.kind OR NEW.filed_on <> OLD.filed_on "
            "OR OLD.result <> ''"
        ),
    ),
]

#: On the tables of 0004.
LATER_GUARDS = [
    *append_only("foi_issuedpaper", "foi: a document that was issued is never changed or removed"),
    no_replace("foi_issuedpaper", "id", "foi: a document that was issued is never changed or removed"),
    *append_only("foi_rating", "foi: a rating is never changed or removed"),
    *append_only("foi_batchmember", "foi: a request stays in its batch"),
    Guard(
        "guard_foi_complaint_answered",
        "foi_complaint",
        ("UPDATE",),
        "foi: a complaint is answered once, its words do not change",
        forbidden=(
            "NEW.request_id <> OLD.request_id OR NEW.to_organ_id <> OLD.to_organ_id OR NEW.text <> OLD.text "
            "OR OLD.answered_at IS NOT NULL"
        ),
    ),
    Guard("guard_foi_complaint_kept", "foi_complaint", ("DELETE",), "foi: a complaint is never removed", truncate=True),
    Guard(
        "guard_foi_correction_decided",
        "foi_recordcorrection",
        ("UPDATE",),
        "foi: a correction is decided once, its words do not change",
        forbidden=(
            "NEW.request_id <> OLD.request_id OR NEW.what <> OLD.what OR NEW.asked_on <> OLD.asked_on "
            "OR OLD.decision <> ''"
        ),
    ),
    Guard(
        "guard_foi_correction_kept",
        "foi_recordcorrection",
        ("DELETE",),
        "foi: a correction is never removed",
        truncate=True,
    ),
]

#: On what 0007 added.
COPY_GUARDS = [
    Guard(
        "guard_foi_file_is_its_copy",
        "foi_casefile",
        ("INSERT", "UPDATE"),
        "foi: a paper that stands for a checked copy holds the bytes of that copy",
        forbidden=(
            "NEW.copy_id IS NOT NULL AND NOT EXISTS ("
            "SELECT 1 FROM scanning_filecopy f WHERE f.id = NEW.copy_id AND f.digest = NEW.digest)"
        ),
    ),
    Guard(
        "guard_foi_file_fixed",
        "foi_casefile",
        ("UPDATE",),
        "foi: a paper of the file does not become another one",
        forbidden=(
            "NEW.request_id <> OLD.request_id OR NEW.blob_id <> OLD.blob_id OR NEW.digest <> OLD.digest "
            "OR NEW.kind <> OLD.kind OR COALESCE(NEW.copy_id, 0) <> COALESCE(OLD.copy_id, 0) "
            "OR COALESCE(NEW.original_id, 0) <> COALESCE(OLD.original_id, 0)"
        ),
    ),
]

GUARDS = [*FIRST_GUARDS, *LATER_GUARDS, *COPY_GUARDS]
