"""The screen on which somebody chooses where an item goes: what the catalogue names, what is possible and why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.channels.adapters import CHANNELS
from gongkai.channels.by_hand import carried_by_hand
from gongkai.channels.contract import ByChoice, Channel, PublicItem
from gongkai.channels.queries import chosen_channels, public_items
from gongkai.channels.routing import EVERYTHING, named_for
from gongkai.desk.forms.channels import ChooseForm
from gongkai.disclosure.models import Item
from gongkai.disclosure.queries.desk import draft_of
from gongkai.files.html import to_text
from gongkai.law.verdicts import Refused


@dataclass(frozen=True, slots=True)
class Option:
    """A channel that may be chosen. `why` says why the item cannot go there as things are; "" where it can."""

    code: str
    title: str
    named: bool
    why: str
    missing: tuple[str, ...]

    @property
    def hint(self) -> str:
        told = [_("公开目录中有这个渠道。") if self.named else _("公开目录中没有这个渠道。")]
        if self.why:
            told.append(_("现在发不出去：%(why)s") % {"why": self.why})
        if self.missing:
            told.append(_("没有启用（%(missing)s），选了也不会自动发送，请手工发布并登记。") % {
                "missing": "".join(self.missing).rstrip("。")
            })  # fmt: skip
        return "".join(told)


def choosable(item: Item, *, on: date) -> list[Option]:
    """Every channel that does not simply carry everything, and where people do not choose items one by one."""
    public = public_items([item.pk], on=on).get(item.pk) or _as_drafted(item)
    return [
        _option(channel, item, public)
        for channel in CHANNELS
        if channel.code not in EVERYTHING and not isinstance(channel, ByChoice)
    ]


def _option(channel: Channel, item: Item, public: PublicItem | None) -> Option:
    verdict = channel.carries(public) if public is not None else None
    return Option(
        channel.code,
        channel.title,
        bool(named_for(item, (channel,))),
        verdict.sentence if isinstance(verdict, Refused) else "",
        tuple(channel.missing()),
    )


def _as_drafted(item: Item) -> PublicItem | None:
    """The draft as a channel would see it, for asking whether it could go; None without a draft."""
    draft = draft_of(item)
    if draft is None:
        return None
    return PublicItem(
        code=item.code, index_number=item.index_number or "", release_id=0, state="", title=draft.title,
        organ=draft.issuer or item.organ.name, organ_code=item.organ.code, summary=draft.summary, body=draft.body, text=to_text(draft.body),
        doc_number=draft.doc_number, heading=item.heading, column=item.column.slug if item.column else "", theme="",
        audience=item.entry.audience if item.entry is not None else "", formed_on=draft.formed_on,
        released_at=draft.saved_at or timezone.now(), valid_until=draft.valid_until, validity="", url="",
    )  # fmt: skip


def chosen_codes(item: Item) -> list[str]:
    """What is ticked when the screen opens: what was chosen, else what the catalogue names."""
    chosen = chosen_channels(item)
    return list(chosen if chosen is not None else named_for(item, CHANNELS))


def choice_page(item: Item, form: ChooseForm, options: list[Option], *, live: bool) -> dict[str, Any]:
    """Values of the template."""
    ticked = set(form["channels"].value() or ())
    return {
        "item": item,
        "form": form,
        "live": live,
        "options": [{"row": row, "ticked": row.code in ticked} for row in options],
        "always": [c.title for c in CHANNELS if c.code in EVERYTHING and not c.missing()],
        "by_choice": [c.title for c in CHANNELS if isinstance(c, ByChoice) and named_for(item, (c,))],
        "by_hand": carried_by_hand(item),
        "entry": item.entry,
        "route": item.routes.select_related("by").last(),
    }
