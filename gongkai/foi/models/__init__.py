"""Tables of requests: forms, applicants, cases and their steps, acts, papers, replies, outcomes, what comes after."""

from gongkai.foi.models.acts import Consultation, Extension, Fee, SearchRecord
from gongkai.foi.models.applicants import Applicant, DataKey, NumberSequence, Submission
from gongkai.foi.models.attempts import LookupAttempt
from gongkai.foi.models.batches import Batch, BatchMember
from gongkai.foi.models.care import Complaint, Rating, RecordCorrection
from gongkai.foi.models.cases import CaseFile, CaseNote, CaseStep, FoiRequest, SectionTask, TextBand
from gongkai.foi.models.forms import DraftFile, RequestDraft, UploadChunk
from gongkai.foi.models.outcomes import Outcome, Remedy
from gongkai.foi.models.papers import IssuedPaper
from gongkai.foi.models.replies import Delivery, ReplyDraft, ReplyVersion, SealedCopy

__all__ = [
    "Applicant",
    "Batch",
    "BatchMember",
    "CaseFile",
    "CaseNote",
    "CaseStep",
    "Complaint",
    "Consultation",
    "DataKey",
    "Delivery",
    "DraftFile",
    "Extension",
    "Fee",
    "FoiRequest",
    "IssuedPaper",
    "LookupAttempt",
    "NumberSequence",
    "Outcome",
    "Rating",
    "RecordCorrection",
    "Remedy",
    "ReplyDraft",
    "ReplyVersion",
    "RequestDraft",
    "SealedCopy",
    "SearchRecord",
    "SectionTask",
    "Submission",
    "TextBand",
    "UploadChunk",
]
