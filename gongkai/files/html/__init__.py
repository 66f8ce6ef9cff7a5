"""The body of a document as HTML: cleaning, plain text, marks on findings, outline.

`clean` is the only way in. Everything else here takes what `clean` returned (also after `mark` or `outline`)
and relies on its form: known elements, no `<` or `>` inside attribute values, no white space between blocks.
"""

from gongkai.files.html.clean import LIMIT, Cleaned, clean, clean_and_tell
from gongkai.files.html.images import from_text, image_sources_of, replace_images
from gongkai.files.html.mark import mark
from gongkai.files.html.outline import Heading, Outline, outline
from gongkai.files.html.text import Segment, segments, to_text

__all__ = [
    "LIMIT",
    "Cleaned",
    "Heading",
    "Outline",
    "Segment",
    "clean",
    "clean_and_tell",
    "from_text",
    "image_sources_of",
    "mark",
    "outline",
    "replace_images",
    "segments",
    "to_text",
]
