"""Rules that find in a text what must not be published, or not without a person's answer. Pure: no clock, no I/O.

    findings = scan(text)                 # all rules, sorted by place
    masked = mask(text, findings)         # with the suggested replacements
    mark = carries_secrecy_mark(text)     # the quick check before any byte is stored

A new rule is one function, its samples and one line in `RULES` (docs/howto/add-a-scan-rule.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from gongkai.scanning.rules import address, contact, finance, identity, names, secrecy, sensitive, vehicle, work_secret
from gongkai.scanning.rules.engine import finding_of, mask, run, unique
from gongkai.scanning.rules.findings import Family, Finding, Place, Rule, Severity, Span, Word
from gongkai.scanning.rules.lexicon import BadList, Leader, Lexicon, lexicon_of

__all__ = [
    "RULES",
    "RULES_VERSION",
    "BadList",
    "Family",
    "Finding",
    "Leader",
    "Lexicon",
    "Place",
    "Rule",
    "Severity",
    "Span",
    "Word",
    "carries_secrecy_mark",
    "lexicon_of",
    "mask",
    "scan",
]

RULES: tuple[Rule, ...] = unique(
    (
        secrecy.MARK,
        secrecy.WORD,
        work_secret.MARK,
        identity.ID_CARD,
        identity.OLD_ID_CARD,
        identity.UNCHECKED_ID_CARD,
        identity.TRAVEL_DOCUMENT,
        identity.CREDIT_CODE,
        identity.SOLE_TRADER_CODE,
        identity.COLUMN,
        contact.MOBILE,
        contact.LANDLINE,
        contact.EMAIL,
        contact.WECHAT,
        contact.QQ,
        finance.BANK_CARD,
        finance.ACCOUNT,
        finance.COLUMN,
        address.ADDRESS,
        vehicle.PLATE,
        names.ROLL,
        names.PERSON,
        sensitive.MINOR,
        sensitive.ILLNESS,
        sensitive.DISABILITY,
        sensitive.NEED,
        sensitive.RELIGION,
        sensitive.STATUS,
        sensitive.LIST,
        sensitive.COLUMN,
    )
)

#: Raise with every change of what any rule finds or proposes, so that stored findings name the rules that made them.
_EDITION = 2


def _version(rules: Sequence[Rule]) -> str:
    rows = ((rule.code, rule.severity, rule.article, rule.sentence, *rule.triggers) for rule in rules)
    table = "\n".join("\t".join(row) for row in rows)
    return f"{_EDITION}-{hashlib.sha256(table.encode()).hexdigest()[:12]}"


#: Edition and digest of the rule table, for example "1-9f2c54a07be1"; the same on every machine.
RULES_VERSION: str = _version(RULES)


def scan(
    text: str, *, rules: Sequence[Rule] = RULES, lexicon: Lexicon | None = None, heading: str = ""
) -> list[Finding]:
    """All findings in `text`, sorted by start (characters of `text`, end excluded).

    Overlapping findings of one family are merged into the gravest; findings that fill a column of a table are one with
    its rows (`more`). `lexicon` adds a list the agency maintains; `heading` is what stands over the text without being
    in it (the name of the file, of a sheet).
    Any string is valid input; nothing is raised for the text's sake.
    """
    return run(text, rules, lexicon, heading)


def carries_secrecy_mark(text: str) -> Finding | None:
    """The first secrecy mark in mark form, or None. Run before any byte of the text is stored anywhere."""
    span = secrecy.first_mark(text)
    return finding_of(secrecy.MARK, Span(*span), text) if span else None
