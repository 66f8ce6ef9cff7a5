"""Official documents of a case: composed from a template, shown, and printed in the layout of GB/T 9704."""

from gongkai.foi.documents.composing import compose, left_out
from gongkai.foi.documents.document import Document, as_dict, document_of, missing
from gongkai.foi.documents.kinds import KINDS, Kind
from gongkai.foi.documents.pages import to_html
from gongkai.foi.documents.printed import receipt_pdf, to_docx, to_pdf
from gongkai.foi.documents.procedure import procedure

__all__ = [
    "KINDS",
    "Document",
    "Kind",
    "as_dict",
    "compose",
    "document_of",
    "left_out",
    "missing",
    "procedure",
    "receipt_pdf",
    "to_docx",
    "to_html",
    "to_pdf",
]
