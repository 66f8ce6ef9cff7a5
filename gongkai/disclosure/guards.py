"""What the database itself refuses about versions and releases, whoever writes."""

from gongkai.ledger.guards import Guard, append_only, no_replace

VERSION_KEPT = "disclosure: a frozen version is never changed or removed"
RELEASE_FIXED = "disclosure: what was released, when and why does not change"

# Every step of the case has enough approvals of this digest, counted since the step was last sent back to, and a
# 保密审查 step is among them. Separation of people is held by the guards on review_opinion.
ALL_OPINIONS = """
EXISTS (SELECT 1 FROM review_casestep s WHERE s.case_id = c.id AND s.code = 'secrecy')
AND NOT EXISTS (
  SELECT 1 FROM review_casestep s WHERE s.case_id = c.id AND s.quorum > (
    SELECT COUNT(DISTINCT o.person_id) FROM review_opinion o
    WHERE o.step_id = s.id AND o.verdict = 'approve' AND o.digest = c.digest AND o.round >= s.since_round))
"""

SECRECY_OPINION = """
EXISTS (SELECT 1 FROM review_casestep s WHERE s.case_id = c.id AND s.code = 'secrecy' AND s.quorum <= (
    SELECT COUNT(DISTINCT o.person_id) FROM review_opinion o
    WHERE o.step_id = s.id AND o.verdict = 'approve' AND o.digest = c.digest AND o.round >= s.since_round))
"""

# A scan there must be, and none of this text's scans found anything of severity block: a newer scan washes nothing.
SCANNED_CLEAN = """
EXISTS (SELECT 1 FROM scanning_scan n WHERE n.digest = NEW.digest)
AND NOT EXISTS (SELECT 1 FROM scanning_scanfinding f WHERE f.severity = 'block' AND f.scan_id IN (
    SELECT n.id FROM scanning_scan n WHERE n.digest = NEW.digest))
"""

THE_CASE = """
c.id = NEW.case_id AND c.subject_kind = 'disclosure.version' AND c.subject_key = NEW.version_id
AND c.digest = NEW.digest
"""

MAY_RELEASE = f"""
EXISTS (SELECT 1 FROM disclosure_version v WHERE v.id = NEW.version_id AND v.digest = NEW.digest
        AND v.item_id = NEW.item_id AND v.openness = 'proactive')
AND ({SCANNED_CLEAN})
AND (
  (NEW.basis = 'review' AND EXISTS (SELECT 1 FROM review_case c WHERE {THE_CASE} AND c.state = 'approved'
      AND {ALL_OPINIONS}))
  OR (NEW.basis = 'emergency' AND EXISTS (SELECT 1 FROM review_case c WHERE {THE_CASE} AND c.state = 'open'
      AND c.emergency_at IS NOT NULL AND {SECRECY_OPINION}))
  OR (NEW.basis = 'import' AND EXISTS (SELECT 1 FROM disclosure_importbatch b WHERE b.id = NEW.batch_id
      AND b.finished_at IS NULL))
)
"""

# What goes out after a review is the copy that was made of each file, byte for byte.
EVERY_FILE_A_COPY = """
NEW.basis = 'import' OR NOT EXISTS (
  SELECT 1 FROM disclosure_versionattachment a LEFT JOIN scanning_filecopy f ON f.id = a.copy_id
  WHERE a.version_id = NEW.version_id AND (f.id IS NULL OR f.digest <> a.blob_id))
"""

FIRST_GUARDS = [
    *append_only("disclosure_version", VERSION_KEPT),
    no_replace("disclosure_version", "id", VERSION_KEPT),
    *append_only("disclosure_versionattachment", VERSION_KEPT),
    no_replace("disclosure_versionattachment", "id", VERSION_KEPT),
    # An attachment cannot be slipped under a version that has a release or a review already.
    Guard(
        "guard_attachment_in_time",
        "disclosure_versionattachment",
        ("INSERT",),
        VERSION_KEPT,
        forbidden=(
            "EXISTS (SELECT 1 FROM review_case c WHERE c.subject_kind = 'disclosure.version' "
            "AND c.subject_key = NEW.version_id) "
            "OR EXISTS (SELECT 1 FROM disclosure_release r WHERE r.version_id = NEW.version_id)"
        ),
    ),
    Guard(
        "guard_release_opinions",
        "disclosure_release",
        ("INSERT",),
        "disclosure: no release without every opinion on this very text",
        forbidden=f"NOT ({MAY_RELEASE})",
    ),
    no_replace("disclosure_release", "id", RELEASE_FIXED),
    Guard("guard_release_kept", "disclosure_release", ("DELETE",), RELEASE_FIXED, truncate=True),
    # Standing may fall (live to replaced or withdrawn) and never rise again; everything else stays.
    Guard(
        "guard_release_fixed",
        "disclosure_release",
        ("UPDATE",),
        RELEASE_FIXED,
        forbidden=(
            "NEW.version_id <> OLD.version_id OR NEW.item_id <> OLD.item_id OR NEW.digest <> OLD.digest "
            "OR NEW.basis <> OLD.basis OR NEW.released_at <> OLD.released_at "
            "OR COALESCE(NEW.case_id, 0) <> COALESCE(OLD.case_id, 0) "
            "OR COALESCE(NEW.batch_id, 0) <> COALESCE(OLD.batch_id, 0) "
            "OR (OLD.standing <> 'live' AND NEW.standing = 'live') "
            "OR (OLD.standing = 'replaced' AND NEW.standing <> 'replaced') "
            "OR (NEW.listed AND NOT OLD.listed) OR (OLD.withdrawn_as <> '' AND NEW.withdrawn_as <> OLD.withdrawn_as) "
            "OR NEW.organ_id <> OLD.organ_id OR NEW.year <> OLD.year OR NEW.source_url <> OLD.source_url "
            "OR NEW.heading <> OLD.heading OR NEW.theme <> OLD.theme"
        ),
    ),
    # `fresh` frees a batch of its two administrators: only where nothing came in any other way. Closed stays closed.
    Guard(
        "guard_batch_fresh",
        "disclosure_importbatch",
        ("INSERT",),
        "disclosure: a house in use needs two administrators for an import",
        forbidden="NEW.fresh AND EXISTS (SELECT 1 FROM disclosure_item i WHERE i.import_batch_id IS NULL)",
    ),
    Guard(
        "guard_batch_fixed",
        "disclosure_importbatch",
        ("UPDATE",),
        "disclosure: what let an import in does not change",
        forbidden=(
            "NEW.fresh <> OLD.fresh OR NEW.source_digest <> OLD.source_digest "
            "OR COALESCE(NEW.approved_by_id, 0) <> COALESCE(OLD.approved_by_id, 0) "
            "OR COALESCE(NEW.approved_by_second_id, 0) <> COALESCE(OLD.approved_by_second_id, 0) "
            "OR (OLD.finished_at IS NOT NULL AND NEW.finished_at IS NULL)"
        ),
    ),
    Guard(
        "guard_batch_kept",
        "disclosure_importbatch",
        ("DELETE",),
        "disclosure: what let an import in does not change",
        truncate=True,
    ),
    *append_only("disclosure_withdrawal", "disclosure: a withdrawal is never changed or removed"),
    # Index numbers are never taken back or given again.
    Guard(
        "guard_index_number_fixed",
        "disclosure_item",
        ("UPDATE",),
        "disclosure: an index number stays with its item",
        forbidden="OLD.index_number IS NOT NULL AND (NEW.index_number IS NULL OR NEW.index_number <> OLD.index_number)",
    ),
    Guard(
        "guard_index_sequence_forward",
        "disclosure_indexsequence",
        ("UPDATE",),
        "disclosure: index numbers are never given twice",
        forbidden="NEW.last < OLD.last",
    ),
    Guard(
        "guard_index_sequence_kept",
        "disclosure_indexsequence",
        ("DELETE",),
        "disclosure: index numbers are never given twice",
        truncate=True,
    ),
    Guard("guard_item_kept", "disclosure_item", ("DELETE",), "disclosure: an item is never removed", truncate=True),
]

SECOND_GUARDS = [
    *FIRST_GUARDS,
    Guard(
        "guard_release_copies",
        "disclosure_release",
        ("INSERT",),
        "disclosure: an attachment goes out only as its checked copy",
        forbidden=f"NOT ({EVERY_FILE_A_COPY})",
    ),
]

LOOK_KEPT = "disclosure: a look at a released text is never changed or removed"

# Installed by migration 0006: what keeps upkeep honest.
UPKEEP_GUARDS = [
    *append_only("disclosure_look", LOOK_KEPT),
    no_replace("disclosure_look", "id", LOOK_KEPT),
]

SCHEDULE_FIXED = "disclosure: a set instant does not change; it ends, and another begins"

# Installed by migration 0007: nothing of an item goes out before the instant that waits for it.
SCHEDULE_GUARDS = [
    Guard(
        "guard_release_not_early",
        "disclosure_release",
        ("INSERT",),
        "disclosure: no release before the instant that was set",
        forbidden=(
            "EXISTS (SELECT 1 FROM disclosure_schedule s WHERE s.item_id = NEW.item_id AND s.state = 'waiting' "
            "AND s.due_at > NEW.released_at)"
        ),
    ),
    Guard(
        "guard_schedule_begins",
        "disclosure_schedule",
        ("INSERT",),
        SCHEDULE_FIXED,
        forbidden="NEW.state <> 'waiting' OR NEW.release_id IS NOT NULL OR NEW.ended_at IS NOT NULL",
    ),
    # A waiting one may only end; done is one that a release of the same item, not before the instant, stands for.
    Guard(
        "guard_schedule_fixed",
        "disclosure_schedule",
        ("UPDATE",),
        SCHEDULE_FIXED,
        forbidden=(
            "OLD.state <> 'waiting' OR NEW.state = 'waiting' OR NEW.id <> OLD.id OR NEW.item_id <> OLD.item_id "
            "OR NEW.due_at <> OLD.due_at OR NEW.set_at <> OLD.set_at "
            "OR COALESCE(NEW.set_by_id, 0) <> COALESCE(OLD.set_by_id, 0) "
            "OR (NEW.state <> 'done' AND NEW.release_id IS NOT NULL) "
            "OR (NEW.state = 'done' AND NOT EXISTS (SELECT 1 FROM disclosure_release r WHERE r.id = NEW.release_id "
            "AND r.item_id = NEW.item_id AND r.released_at >= NEW.due_at))"
        ),
    ),
    Guard("guard_schedule_kept", "disclosure_schedule", ("DELETE",), SCHEDULE_FIXED, truncate=True),
    no_replace("disclosure_schedule", "id", SCHEDULE_FIXED),
]

# Installed by migration 0008: what a published 清理 brought about happens once, and its lines stay.
CLEANING_GUARDS = [
    Guard(
        "guard_cleaning_line_once",
        "disclosure_cleaningline",
        ("UPDATE",),
        "disclosure: what a 清理 brought about does not change",
        forbidden=(
            "OLD.effect <> '' AND ("
            "(NEW.effect <> OLD.effect AND NOT (OLD.effect = 'unsettled' AND NEW.effect = 'settled')) OR NEW.decision <> OLD.decision "
            "OR NEW.release_id <> OLD.release_id OR NEW.item_id <> OLD.item_id OR NEW.effect_at <> OLD.effect_at "
            "OR NEW.dropped_because <> OLD.dropped_because)"
        ),
    ),
    Guard(
        "guard_cleaning_line_kept",
        "disclosure_cleaningline",
        ("DELETE",),
        "disclosure: a line of a 清理 is never removed",
        truncate=True,
    ),
]

GUARDS = [*SECOND_GUARDS, *UPKEEP_GUARDS, *SCHEDULE_GUARDS, *CLEANING_GUARDS]
