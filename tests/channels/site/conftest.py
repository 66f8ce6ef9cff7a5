"""A town whose public site is kept as files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import AT, TODAY


@dataclass
class Site:
    """The static site of the town, and the office that fills it."""

    desk: object
    town: object
    target: Path

    @property
    def place(self):
        from gongkai.channels.site.tree import configured

        return configured()

    @property
    def www(self) -> Path:
        return self.place.current().www

    def build(self, **more):
        from gongkai.channels.site.build import build
        from gongkai.ledger.actions.seal import seal_all

        forget()
        seal_all(at=AT)
        return build(
            more.pop("place", self.place), processes=1, served=more.pop("served", True), at=AT, on=TODAY, **more
        )

    def item(self, title: str, body: str = "<p>正文。</p>", attachment: str = "", **changes):
        from gongkai.disclosure.actions.attachments import add_attachment
        from gongkai.disclosure.models import Item

        item = self.desk.draft(title=title, body=body, **changes)
        if attachment:
            add_attachment(
                item.pk, attachment.encode(), filename=f"{attachment}.txt", actor=self.town.actor("drafter"), at=AT
            )
        self.desk.release(Item.objects.get(pk=item.pk))
        return Item.objects.get(pk=item.pk)

    def edit(self, item, **changes):
        from gongkai.disclosure.actions.revise import revise
        from gongkai.disclosure.actions.save_draft import save_draft
        from gongkai.disclosure.models import Item

        actor = self.town.actor("drafter")
        draft = revise(item.pk, actor=actor, at=AT)
        save_draft(
            item.pk,
            {"changed_on": date(2026, 9, 20)} | changes,
            based_on=draft.revision,
            actor=actor,
            at=AT,
            today=TODAY,
        )
        self.desk.release(Item.objects.get(pk=item.pk))

    def withdraw(self, item, reason: str = "error", **more):
        from gongkai.disclosure.actions.withdraw import withdraw

        withdraw(
            item.pk, reason, explanation=more.pop("explanation", "名单有误。"), actor=self.town.actor("leader"), at=AT,
            today=TODAY, **more,
        )  # fmt: skip

    def carry(self, *, lists: bool = True, later: float = 0):
        """A round of the worker; without lists it is one that died before them. Returns the postings."""
        from datetime import timedelta

        from gongkai.channels.actions.carry import carry_next, sweep
        from gongkai.channels.actions.follow import follow_all
        from gongkai.channels.adapters import channel_of
        from gongkai.channels.models import Posting
        from gongkai.channels.tasks import _end_round
        from gongkai.ledger.actions.seal import seal_all

        now, channel = AT + timedelta(seconds=later), channel_of("static_site")
        forget()
        seal_all(at=now)
        follow_all(at=now, on=TODAY)
        sweep(channel, at=now)
        while carry_next(channel, at=now, on=TODAY) is not None:
            pass
        if lists:
            _end_round(channel)
        return list(Posting.objects.filter(channel="static_site").order_by("pk"))

    def files(self) -> dict[str, bytes]:
        return {p.relative_to(self.www).as_posix(): p.read_bytes() for p in self.www.rglob("*") if p.is_file()}

    def differences(self) -> list[tuple[str, str]]:
        from gongkai.channels.site.verify import verify

        forget()
        return [(d.kind, d.path) for d in verify(self.place)]


def forget() -> None:
    """What a process keeps is keyed by the newest release; each test begins with the same keys again."""
    from gongkai.channels.adapters import feed
    from gongkai.disclosure.queries import public, shelves

    for kept in (public._facets, shelves._edges, feed._named):
        kept.cache_clear()


@pytest.fixture
def site(desk, town, settings, tmp_path) -> Site:
    settings.STATIC_SITE_DIR = str(tmp_path / "site")
    settings.SITE = settings.SITE | {"base_url": "https://testserver"}
    forget()
    return Site(desk, town, tmp_path / "site")
