"""Verify the record."""

from __future__ import annotations

import typer
from django.utils.translation import gettext as _


def verify_record(faults: list[str]) -> None:
    """Seal what is waiting, then compare chain, frozen texts and files with their digests; exit 1 on any fault.

    `faults` holds what the caller found already.
    """
    from django.utils import timezone
    from rich.progress import track

    from gongkai.disclosure.queries.integrity import broken_files, broken_versions
    from gongkai.ledger.actions.seal import seal_all
    from gongkai.ledger.queries import last_position
    from gongkai.ledger.queries import verify as verify_chain

    seal_all(at=timezone.now())
    faults = faults + [fault.sentence for fault in verify_chain()]
    for found in track((broken_versions(), broken_files()), description=_("核对文本和文件"), transient=True):
        faults += list(found)
    for sentence in faults:
        typer.echo(sentence)
    if faults:
        typer.echo(_("发现 %(n)s 处异常。") % {"n": len(faults)}, err=True)
        raise typer.Exit(1)
    typer.echo(_("记录完整：共 %(n)s 条。") % {"n": last_position()})
