"""Tables of requests: applicants, cases and their steps, acts along the way, replies, outcomes."""

from gongkai.foi.models.acts import Consultation, Extension, Fee, SearchRecord
from gongkai.foi.models.applicants import Applicant, DataKey, NumberSequence, Submission
from gongkai.foi.models.cases import CaseFile, CaseNote, CaseStep, FoiRequest, SectionTask, TextBand
from gongkai.foi.models.outcomes import Outcome, Remedy
from gongkai.foi.models.replies import Delivery, ReplyDraft, ReplyVersion, SealedCopy

__all__ = [
    "Applicant",
    "CaseFile",
    "CaseNote",
    "CaseStep",
    "Consultation",
    "DataKey",
    "Delivery",
    "Extension",
    "Fee",
    "FoiRequest",
    "NumberSequence",
    "Outcome",
    "Remedy",
    "ReplyDraft",
    "ReplyVersion",
    "SealedCopy",
    "SearchRecord",
    "SectionTask",
    "Submission",
    "TextBand",
]
