"""Files from outside: checked by content, read in the sandbox, and only then handed to the action that stores them."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from gongkai.desk.who import Me
from gongkai.disclosure.actions.attachments import add_attachment
from gongkai.disclosure.actions.save_draft import save_draft
from gongkai.disclosure.actions.secrecy_gate import refuse_secrecy_marks
from gongkai.disclosure.models import DraftAttachment, Item
from gongkai.files.docx import docx_to_html
from gongkai.files.html import image_sources_of, replace_images
from gongkai.files.memory import as_path
from gongkai.files.reading import read_text
from gongkai.files.sniff import sniff
from gongkai.law.verdicts import Refusal, Refused

DRAFTER = ("drafter",)


def content(file: UploadedFile | None) -> tuple[bytes, str]:
    """Bytes and name of an upload; a missing one is refused with what to do."""
    if file is None or not file.name:
        raise Refusal(Refused("file_missing", _("请先选择文件。")))
    return file.read(), file.name


def take_word_file(file: UploadedFile | None, item: Item, based_on: int, me: Me) -> tuple[str, ...]:
    """Make the file's text the body of the draft with its images; returns what did not come along.

    All of the file's text is looked at for secrecy marks (headers and comments too) before a byte is stored.
    """
    data, name = content(file)
    kind = sniff(data, name)
    if kind.name != "docx":
        raise Refusal(Refused("not_docx", _("作为正文读入的文件应为 .docx；其他文件请作为附件上传。")))
    actor = me.acting(DRAFTER, item)
    with as_path(data, ".docx") as path:
        whole = read_text(path, kind)
        refuse_secrecy_marks({name: whole.text}, subject=f"item:{item.code}", actor=actor, at=me.at)
        intake = docx_to_html(path)
    sources: dict[str, str] = {}
    used = set(image_sources_of(intake.html))
    for image in intake.images:
        source = f"cid:{image.name}"
        if source in used:
            stored = _add_image(item, image.data, image.name, me)
            sources[source] = f"asset:{stored.blob_id}"
    save_draft(
        item.pk, {"body": replace_images(intake.html, sources)}, based_on=based_on, actor=actor, at=me.at,
        today=me.today,
    )  # fmt: skip
    return intake.warnings


def take_image(file: UploadedFile | None, item: Item, me: Me) -> DraftAttachment:
    """An image for the body."""
    data, name = content(file)
    kind = sniff(data, name)
    if not kind.is_image:
        raise Refusal(Refused("not_an_image", _("正文里只能插入 PNG、JPEG、GIF 图片；其他文件请作为附件上传。")))
    return _add_image(item, data, name, me)


def take_attachment(
    file: UploadedFile | None, title: str, item: Item, me: Me
) -> tuple[DraftAttachment, tuple[str, ...]]:
    """A file below the text, with the text that scan and search read from it; and notes on what was found in it."""
    data, name = content(file)
    added = add_attachment(
        item.pk, data, filename=name, title=title.strip(), actor=me.acting(DRAFTER, item), at=me.at
    )  # fmt: skip
    assert added.copy is not None
    return added, tuple(added.copy.redaction.warnings)


def _add_image(item: Item, data: bytes, name: str, me: Me) -> DraftAttachment:
    return add_attachment(
        item.pk, data, filename=name, title=name, inline=True, actor=me.acting(DRAFTER, item), at=me.at
    )  # fmt: skip
