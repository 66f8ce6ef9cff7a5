"""`gongkai site`: the public site as files, made whole and compared with what is public."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from django.conf import settings
from django.utils.translation import gettext as _

from gongkai.cli.setup import ready

if TYPE_CHECKING:
    from gongkai.channels.site.tree import Place
    from gongkai.channels.site.verify import Difference

To = Annotated[Path | None, typer.Option("--to", metavar="DIR", help="写到哪个文件夹，默认是 STATIC_SITE_DIR")]


def build(
    to: To = None,
    processes: Annotated[int, typer.Option("--processes", min=1, max=64, help="同时用几个进程生成")] = 2,
) -> None:
    """生成整个公众网站的静态文件，全部写好以后才换上；中途失败，原来的站点不变。"""
    place = _place(to)
    from django.utils import timezone

    from gongkai.channels.site.build import build as make
    from gongkai.channels.site.tree import SiteError
    from gongkai.ledger.actions.seal import seal_all

    if not settings.SITE["base_url"]:
        _fail(_("没有设置 SITE_BASE_URL，不知道本站的网址。"))
    now = timezone.now()
    seal_all(at=now)
    begun = timezone.now()
    try:
        built = make(
            place, processes=processes, served=_is_served(place), at=now, on=timezone.localdate(now), progress=_progress
        )
    except SiteError as error:
        _fail(str(error))
    seconds = (timezone.now() - begun).total_seconds()
    typer.echo(
        _("已生成 %(files)s 个文件（%(items)s 条信息，%(pages)s 个列表和固定页面），用时 %(seconds)s 秒：%(place)s")
        % {"files": built.files, "items": built.items, "pages": built.pages, "seconds": f"{seconds:.0f}",
           "place": place.target / "current" / "www"}
    )  # fmt: skip
    try:
        _send(place)
    except SiteError as error:
        _fail(str(error))


def verify(to: To = None) -> None:
    """核对静态站点：每个文件都属于现行的发布或者固定页面，应当有的都有，内容没有被改过。不一致时退出码是 1。"""
    place = _place(to)
    from gongkai.channels.site.tree import SiteError
    from gongkai.channels.site.verify import SENTENCES
    from gongkai.channels.site.verify import verify as compare

    if place.current() is None:
        _fail(_("静态站点还没有建立，请先运行 gongkai site build。"))
    try:
        found = list(compare(place))
    except SiteError as error:
        _fail(str(error))
    for difference in found:
        typer.echo(f"{SENTENCES[difference.kind]}：{difference.path}")
    elsewhere = _compare_store(place)
    for difference in elsewhere:
        typer.echo(_("对象存储里%(kind)s：%(path)s") % {"kind": SENTENCES[difference.kind], "path": difference.path})
    if found or elsewhere:
        typer.echo(
            _(
                "共有 %(n)s 处不一致。刚发布或者撤下的信息由后台任务在几秒内写入；仍不一致的，请运行 gongkai site build。"
            )
            % {"n": len(found) + len(elsewhere)},
            err=True,
        )
        raise typer.Exit(1)
    typer.echo(_("静态站点与已公开的信息一致。"))


def _place(to: Path | None) -> Place:
    ready(migrated=True)
    from gongkai.channels.site.tree import Place, SiteError, configured

    if to is not None:
        return Place(to.resolve())
    try:
        return configured()
    except SiteError as error:
        _fail(str(error))


def _send(place: Place) -> None:
    """Everything to the object store; what is interrupted here the worker goes on with."""
    from gongkai.channels.site import bucket, mirror

    store = bucket.configured() if _is_served(place) else None
    if store is None:
        return
    sent = mirror.follow(place, store, seconds=float("inf"))
    typer.echo(_("已传送到对象存储：写入 %(n)s 个，移除 %(m)s 个。") % {"n": sent.written, "m": sent.removed})


def _compare_store(place: Place) -> list[Difference]:
    from gongkai.channels.site import bucket, mirror

    store = bucket.configured() if _is_served(place) else None
    try:
        return [] if store is None else list(mirror.verify(place, store))
    except bucket.BucketError as error:
        _fail(str(error))


def _is_served(place: Place) -> bool:
    """Is this the folder the worker keeps true? Only then do postings say what is in it."""
    return bool(settings.STATIC_SITE_DIR) and place.target.resolve() == Path(settings.STATIC_SITE_DIR).resolve()


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r{done} / {total}", nl=done >= total, err=True)


def _fail(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
