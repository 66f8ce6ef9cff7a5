"""The papers a reply may hand out, as the composer offers them: the original, and the copy that is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from gongkai.desk.pages.foi.reply_letter import paper_names
from gongkai.foi.actions.compose_reply import GOES_OUT
from gongkai.foi.models import CaseFile, FoiRequest
from gongkai.foi.models.cases import FILE_KINDS
from gongkai.foi.replying import Composition
from gongkai.scanning.queries import progress


def files(case: FoiRequest, made: Composition) -> list[dict[str, Any]]:
    """Papers that may go out with the reply, each with its newest copy; the chosen copies checked."""
    names = paper_names(case)
    rows = list(case.files.filter(kind__in=GOES_OUT).select_related("copy__redaction").order_by("copy__number", "pk"))
    newest = {row.original_id: row for row in rows if row.original_id is not None}
    listed = sorted((row for row in rows if row.original_id is None), key=lambda row: row.pk)
    return [_paper(case, row, row if row.copy else newest.get(row.pk), names, made) for row in listed]


def _paper(
    case: FoiRequest, row: CaseFile, copy: CaseFile | None, names: Mapping[int, str], made: Composition
) -> dict[str, Any]:
    """A paper and its copy; a copy that came with a batch stands for itself."""
    told = {
        "id": row.pk, "name": names[row.pk], "kind": FILE_KINDS[row.kind], "size": row.size, "copy": None,
        "as_original": row.pk in made.files and row.copy is None,
        "url": reverse("desk:case_file", args=[case.number, row.pk]),
    }  # fmt: skip
    if copy is not None and copy.copy is not None:
        now = progress(copy.copy.redaction, copy.copy)
        told["copy"] = {
            "id": copy.pk, "name": names[copy.pk], "size": copy.size, "kind": copy.copy.kind.upper(),
            "chosen": copy.pk in made.files, "ready": now.ready, "waiting": now.waiting, "covered": now.covered,
            "hidden": now.hidden, "url": reverse("desk:case_file", args=[case.number, copy.pk]),
            "redact_url": reverse("desk:case_redact", args=[case.number, copy.pk]) if copy.original_id else "",
        }  # fmt: skip
    return told
