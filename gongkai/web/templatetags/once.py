"""Django's libraries `i18n` and `static`, where words and addresses written out in a template are looked up when the
template is read, not at every page.

A public page has some thirty of them, and looking them up took a quarter of its time. The whole system speaks one
language: nothing switches it from request to request. Settings put this library in the place of both, so that templates
load what they always load.
"""

from __future__ import annotations

from django import template
from django.template.base import Node, Parser, TextNode, Token, Variable
from django.template.context import Context
from django.templatetags import i18n, static

register = template.Library()
for _library in (i18n.register, static.register):
    register.tags.update(_library.tags)
    register.filters.update(_library.filters)


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> Node:
    """`{% translate "…" %}`; with a variable, a filter or `as` it is Django's own."""
    node = i18n.do_translate(parser, token)
    words = node.filter_expression
    written_out = isinstance(words.var, Variable) and words.var.lookups is None and not words.filters
    return node if node.asvar or not written_out else TextNode(node.render(Context()))


@register.tag("static")
def address(parser: Parser, token: Token) -> Node:
    """`{% static "…" %}`; with a variable, a filter or `as` it is Django's own."""
    node = static.do_static(parser, token)
    written_out = isinstance(node.path.var, str) and not node.path.filters
    return node if node.varname or not written_out else TextNode(node.render(Context()))
