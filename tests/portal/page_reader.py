"""A page as a person reads it: its main part, found by simple selectors."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client
from lxml import html

_PART = re.compile(r"([a-z][a-z0-9]*)|\.([\w-]+)|#([\w-]+)|\[([\w-]+)(?:=([\w-]+))?\]")


def xpath(selector: str) -> str:
    """The XPath of a selector made of tag, .class, #id, [name], [name=value], descendants, > and commas."""
    return " | ".join(_path(one.strip()) for one in selector.split(","))


def _path(selector: str) -> str:
    path, axis = ".", "//"
    for step in selector.split():
        if step == ">":
            axis = "/"
            continue
        path += axis + _step(step)
        axis = "//"
    return path


def _step(step: str) -> str:
    assert "".join(match[0] for match in _PART.finditer(step)) == step, step
    tag, conditions = "*", ""
    for name, css_class, ident, attribute, value in _PART.findall(step):
        if name:
            tag = name
        elif css_class:
            conditions += f"[contains(concat(' ', normalize-space(@class), ' '), ' {css_class} ')]"
        elif ident:
            conditions += f"[@id='{ident}']"
        else:
            conditions += f"[@{attribute}='{value}']" if value else f"[@{attribute}]"
    return tag + conditions


def words(node: Any) -> str:
    return re.sub(r"\s+", " ", node.text_content()).strip()


def within(node: Any, selector: str) -> list[Any]:
    """The nodes below `node` in the order of the page."""
    return list(node.xpath(xpath(selector)))


class Page:
    """An answer of 200, its whole tree and its main part."""

    def __init__(self, client: Client, path: str, query: dict[str, str] | None = None) -> None:
        response = client.get(path, query or {})
        assert response.status_code == 200
        self.tree = html.fromstring(response.content.decode())
        self.main = self.tree.get_element_by_id("main")

    @property
    def text(self) -> str:
        return words(self.main)

    def all(self, selector: str) -> list[Any]:
        return within(self.main, selector)

    def texts(self, selector: str) -> list[str]:
        return [words(node) for node in self.all(selector)]

    def values(self) -> dict[str, str]:
        """What the fields of the first form hold, as a browser would send it."""
        form = self.main.forms[0]
        empty = {node.name: "" for node in within(form, "input[type=text]")}  # lxml leaves out what is empty
        return empty | dict(form.form_values())
