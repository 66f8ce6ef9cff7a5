"""The form a citizen is filling in: what it holds, what it still lacks, and its receipt for a day after."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import Q, QuerySet

from gongkai.agencies.models import Organ
from gongkai.agencies.queries import organ_tree
from gongkai.foi import vault
from gongkai.foi.models import DraftFile, FoiRequest, RequestDraft
from gongkai.foi.particulars import Particulars, particulars_of
from gongkai.foi.queries.sealed import data_key, json_of, text_of
from gongkai.foi.wishes import Wish

#: [I] Defaults; a setting FOI_… of the same name goes before.
DRAFT_DAYS: Final = 30  # a form nobody went on with is erased after so many days
RECEIPT_HOURS: Final = 24  # so long the browser that sent the form in may see its receipt again
MOST_ITEMS: Final = 10  # items of one form; each becomes a case
MOST_FILES: Final = 8
MOST_BYTES: Final = 40 * 1024 * 1024  # all files of one form
LARGEST_FILE: Final = 20 * 1024 * 1024
LARGEST_CHUNK: Final = 512 * 1024  # small enough for every proxy's default
SUBMISSIONS: Final = 60  # forms sent in from one network within attempts.WINDOW; 0: no limit
CONFIRM_AT_ONCE: Final = True  # sending in the summary and getting the receipt is the confirmation (条例31(3))

PLACE, KEY_PLACE, NAME_PLACE = "request_draft.content", "request_draft.submission_key", "draft_file.filename"


def configured(name: str) -> Any:
    """The setting FOI_<name>, else the default above."""
    default = globals()[name]
    return type(default)(getattr(settings, f"FOI_{name}", default))


@dataclass(frozen=True, slots=True)
class Asked:
    """One item as typed: any of the three is enough (条例29)."""

    name: str = ""
    document_number: str = ""
    features: str = ""

    @property
    def blank(self) -> bool:
        return not (self.name.strip() or self.document_number.strip() or self.features.strip())

    @property
    def text(self) -> str:
        """What to look for among what is public."""
        return " ".join(part.strip() for part in (self.document_number, self.name, self.features) if part.strip())


@dataclass(frozen=True, slots=True)
class Filled:
    """Everything the form holds so far, as typed; nothing here has been judged.

    `anyway`: the agency chosen although the text points to another. `looked_at`: the identity number the applicant was
    asked to look at again and left as it is.
    """

    items: tuple[Asked, ...] = (Asked(),)
    organ: str = ""
    anyway: str = ""
    column: str = ""
    told: Particulars = field(default_factory=lambda: Particulars("", identity_kind=""))
    looked_at: str = ""
    form: str = ""
    delivery: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def filled_of(values: dict[str, Any]) -> Filled:
    """Back from the stored form."""
    plain = {f.name: values[f.name] for f in fields(Filled) if f.name in values and f.name not in ("items", "told")}
    items = tuple(Asked(**item) for item in values.get("items", ())) or (Asked(),)
    return replace(Filled(items=items, **plain), told=particulars_of({"identity_kind": ""} | values.get("told", {})))


def wishes_of(filled: Filled) -> list[Wish]:
    """The items as they are registered; where no name was given, what was given stands for it."""
    wishes = []
    for item in filled.items:
        if item.blank:
            continue
        name, number, features = item.name.strip(), item.document_number.strip(), item.features.strip()
        if not name:
            name, number, features = (number, "", features) if number else (features, "", "")
        wishes.append(Wish(name, number, features, filled.form, filled.delivery))
    return wishes


def drafts_with(token: str) -> QuerySet[RequestDraft]:
    """The draft of a browser's token, whatever its age; at most one."""
    return RequestDraft.objects.filter(token_digest__in=vault.keyed_any("request_draft", token))


def running(at: datetime) -> Q:
    """Drafts that may still be opened: not left for too long, and not submitted for longer than the receipt is shown."""
    left = Q(submitted_at__isnull=True, saved_at__gt=at - timedelta(days=configured("DRAFT_DAYS")))
    return left | Q(submitted_at__gt=at - timedelta(hours=configured("RECEIPT_HOURS")))


def draft_by_token(token: str, *, at: datetime) -> RequestDraft | None:
    """The draft this browser may open, or None: unknown, discarded and too old look the same."""
    if not token:
        return None
    return drafts_with(token).filter(running(at)).select_related("key", "submission").first()


def filled(draft: RequestDraft) -> Filled:
    return filled_of(json_of(draft.key, draft.content, PLACE))


def submission_key(draft: RequestDraft) -> str:
    return text_of(draft.key, draft.submission_key, KEY_PLACE)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of the form as the applicant sees it; `received` of `size` bytes are here, `whole` once checked."""

    upload_id: str
    kind: str
    filename: str
    size: int
    received: int
    whole: bool


def uploads(draft: RequestDraft) -> list[Upload]:
    """In the order they were begun."""
    return [upload_of(draft, paper) for paper in draft.files.all()]


def upload_of(draft: RequestDraft, paper: DraftFile) -> Upload:
    name = text_of(draft.key, paper.filename, NAME_PLACE)
    return Upload(paper.upload_id, paper.kind, name, paper.size, paper.received, bool(paper.digest))


def chunk_place(paper: DraftFile, offset: int) -> str:
    return f"draft_file.chunk/{paper.pk}/{offset}"


def open_bytes(draft: RequestDraft, paper: DraftFile) -> bytes:
    """The bytes that are here, in order. `Unsealable` when a piece was moved or changed."""
    key = data_key(draft.key)
    pieces = paper.chunks.order_by("offset").values_list("offset", "data")
    return b"".join(vault.unseal(key, bytes(data), chunk_place(paper, offset)) for offset, data in pieces)


def receiving_organs() -> list[tuple[int, Organ]]:
    """Organs one may address, with their depth: all that act in their own name today (条例10、27)."""
    return [(depth, o) for depth, o in organ_tree() if o.kind != "historic" and o.acts_in_own_name]


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One case of a submission with its query code."""

    case: FoiRequest
    code: str


def receipt_lines(draft: RequestDraft) -> list[ReceiptLine]:
    """The cases of a submitted draft, each with its code; empty while it is not submitted."""
    if draft.submission is None:
        return []
    key, master = submission_key(draft), vault.master(draft.submission.master_id)
    cases = draft.submission.requests.select_related("organ", "key", "applicant__key").order_by("item")
    return [ReceiptLine(case, vault.code_for(key, case.item, master)) for case in cases]
