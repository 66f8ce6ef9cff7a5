"""`gongkai search`"""

from __future__ import annotations

import json
from typing import Annotated

import typer
from django.conf import settings
from django.utils.translation import gettext as _

from gongkai.cli.setup import ready


def search(
    query: Annotated[str, typer.Argument(help="要找的词、句子、文号或者索引号")],
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="最多列出几条")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """在已公开的信息里查找。"""
    ready(migrated=True)
    from django.utils import timezone

    from gongkai.search.queries import SearchUnavailable, find

    try:
        hits = find(query, limit=k, on=timezone.localdate())
    except SearchUnavailable:
        typer.echo(
            _("检索索引读不了（%(folder)s）。请运行 gongkai reindex 重新建立。") % {"folder": settings.INDEX_ROOT},
            err=True,
        )
        raise typer.Exit(1) from None
    rows = [
        {
            "rank": rank,
            "score": hit.score,
            "index_number": hit.index_number,
            "external_id": hit.external_id,
            "title": hit.title,
            "agency": hit.agency,
            "released_at": timezone.localtime(hit.released_at).isoformat(),
            "url": hit.url,
        }
        for rank, hit in enumerate(hits, start=1)
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        typer.echo(f"{row['rank']:>3}  {row['title']}\n     {row['agency']}  {row['index_number']}  {row['url']}")
    if not rows:
        typer.echo(_("没有找到与“%(query)s”有关的已公开信息。") % {"query": query})


def reindex() -> None:
    """从已公开的信息重新建立检索索引。"""
    ready(migrated=True)
    import shutil

    from django.utils import timezone

    from gongkai.ledger.actions.seal import seal_all
    from gongkai.search.actions.follow import rebuild
    from gongkai.search.place import forget

    seal_all(at=timezone.now())
    forget()
    if settings.INDEX_ROOT.is_file():
        settings.INDEX_ROOT.unlink()
    for folder in settings.INDEX_ROOT.glob("v*"):
        shutil.rmtree(folder)
    typer.echo(_("索引已重新建立，共 %(n)s 件。") % {"n": rebuild(on=timezone.localdate())})
