"""What the index holds of a document, and how it is written into tantivy."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime

import tantivy

from gongkai.chinese.numbers import code_key
from gongkai.chinese.tokens import index_tokens, pairs

#: Raised by one whenever a field or the way of cutting changes: the index is then made anew beside the old one.
SCHEMA_VERSION = 2

#: Fields that filter and that are counted.
FACETS = ("organ", "theme", "heading", "column", "year", "validity")

#: One document in `SAMPLE` is written a second time, into fields of their own; very large result sets are counted there.
SAMPLE = 32

# Words past this many characters of one document (a yearbook as an attachment) are not indexed.
_LONGEST = 1_000_000

_ANALYZER = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDocument:
    """One public document as the index takes it. `key` is unique and comes back in the hits.

    `attachments` is the text of all attachments; facet values are what the caller filters and counts by (codes or
    names); `released_at` is an aware instant.
    """

    key: str
    title: str
    body: str = ""
    attachments: str = ""
    summary: str = ""
    doc_number: str = ""
    index_number: str = ""
    external_id: str = ""
    organ: str = ""
    organ_name: str = ""
    theme: str = ""
    heading: str = ""
    column: str = ""
    year: str = ""
    validity: str = ""
    released_at: datetime


def build_schema() -> tantivy.Schema:
    """`words`: rjieba words of everything; `pairs`: character pairs with positions, for phrases and closeness."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("code", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("words", tokenizer_name=_ANALYZER, index_option="freq")
    builder.add_text_field("sample_words", tokenizer_name=_ANALYZER, index_option="basic")
    builder.add_text_field("sample_pairs", tokenizer_name=_ANALYZER, index_option="position")
    builder.add_text_field("title_words", tokenizer_name=_ANALYZER, index_option="freq")
    builder.add_text_field("pairs", tokenizer_name=_ANALYZER, index_option="position")
    builder.add_text_field("title_pairs", tokenizer_name=_ANALYZER, index_option="position")
    for name in FACETS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_integer_field("released_at", fast=True)
    return builder.build()


def register_analyzer(index: tantivy.Index) -> None:
    """Tokens arrive cut and joined by spaces; tantivy forgets its analyzers, so this follows every opening."""
    index.register_tokenizer(_ANALYZER, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())


def in_sample(key: str) -> bool:
    """Whether a document belongs to the sample; fixed by its key."""
    return zlib.crc32(key.encode()) % SAMPLE == 0


def to_tantivy(document: SearchDocument) -> tantivy.Document:
    """The document as tantivy fields. Raises ValueError for a naive `released_at` or an empty key."""
    if not document.key:
        raise ValueError("检索文档缺少标识")
    if document.released_at.tzinfo is None:
        raise ValueError("发布时间缺少时区")
    head = "\n".join(filter(None, (document.doc_number, document.organ_name, document.summary)))
    text = "\n\n".join(filter(None, (head, document.body, document.attachments)))[:_LONGEST]
    built = tantivy.Document()
    built.add_text("key", document.key)
    for code in {code_key(value) for value in (document.doc_number, document.index_number, document.external_id)}:
        if code:
            built.add_text("code", code)
    title_words = " ".join(index_tokens(document.title))
    words, text_pairs = f"{title_words} {' '.join(index_tokens(text))}", " ".join(pairs(text))
    built.add_text("words", words)
    built.add_text("title_words", title_words)
    built.add_text("pairs", text_pairs)
    if in_sample(document.key):
        built.add_text("sample_words", words)
        built.add_text("sample_pairs", text_pairs)
    built.add_text("title_pairs", " ".join(pairs(document.title)))
    for name in FACETS:
        if value := getattr(document, name):
            built.add_text(name, value)
    built.add_integer("released_at", int(document.released_at.timestamp()))
    return built
