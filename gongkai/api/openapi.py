"""The description of the API for machines (OpenAPI 3.1). tests/api holds every answer against it."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings

from gongkai.disclosure.queries.public import PAGE
from gongkai.law.headings import HEADINGS
from gongkai.law.moves import WITHDRAWAL_REASONS

CHANGES: Final = 100  # [I] changes in an answer
MOST_CHANGES: Final = 500  # [I]
MOST_ITEMS: Final = 100  # [I] lines of a list in an answer

VALIDITY: Final = (
    "", "pending", "effective", "amended", "abolished", "expired", "to_be_announced", "announced", "announcement_over",
)  # fmt: skip


def _object(told: str = "", /, **properties: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "object", "description": told} if told else {"type": "object"}
    return {**made, "properties": properties, "required": list(properties), "additionalProperties": False}


def _text(told: str = "", **more: Any) -> dict[str, Any]:
    return {"type": "string", **({"description": told} if told else {}), **more}


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


def _perhaps(shape: dict[str, Any]) -> dict[str, Any]:
    return {**shape, "type": [shape["type"], "null"]}


_CODE = _object(code=_text(), title=_text())
_AGENCY = _object(code=_text("机关代码"), name=_text("机关名称"))
_LINK = _object(title=_text(), index_number=_text(), url=_text(format="uri"), validity=_text(enum=list(VALIDITY)))
_DAY = _perhaps(_text(format="date"))
_INSTANT = _text("北京时间", format="date-time")
_STATE = _text("内容的状态：与上次取得的相同，就不必重新取")

SCHEMAS: Final[dict[str, dict[str, Any]]] = {
    "Change": _object(
        "一次变更。只说哪一条变了，不含内容。",
        position={"type": "integer", "description": "记录里的位置，只增不减，不重用"},
        kind=_text(
            "released 发布，changed 新文本取代旧文本，withdrawn 撤下、修改或者废止，expired 有效期届满",
            enum=["released", "changed", "withdrawn", "expired"],
        ),
        index_number=_text("索引号"),
        at=_INSTANT,
        reason=_text(
            "撤下的原因；error、period_over 只留说明，其余仍可查阅。发布的为空", enum=["", *(row.code for row in WITHDRAWAL_REASONS)]
        ),
        state=_text("变更以后的状态；没有内容可取的为空"),
        url=_text("公众页面", format="uri"),
        item=_text("取内容的地址", format="uri"),
    ),
    "Changes": _object(
        changes={"type": "array", "items": {"$ref": "#/components/schemas/Change"}},
        position={"type": "integer", "description": "下一次的 after"},
        more={"type": "boolean", "description": "后面还有，请接着取"},
    ),
    "Row": _object(
        "列表里的一条。",
        index_number=_text(), title=_text(), agency=_AGENCY, document_number=_text(), heading=_CODE,
        released_at=_INSTANT, validity=_text(enum=list(VALIDITY)), state=_STATE, url=_text(format="uri"),
        item=_text(format="uri"),
    ),
    "Items": _object(
        items={"type": "array", "items": {"$ref": "#/components/schemas/Row"}},
        next=_perhaps(_text("下一页的 cursor；没有下一页的为 null")),
    ),
    "Item": _object(
        "一条公开信息，与公众页面一致。",
        index_number=_text(), state=_STATE, url=_text(format="uri"), title=_text(), document_number=_text(),
        agency=_AGENCY, joint_agencies=_list(_text()), heading=_CODE, column=_CODE, theme=_text(),
        keywords=_list(_text()), summary=_text(), source=_text(), formed_on=_DAY, released_at=_INSTANT,
        effective_from=_DAY, valid_until=_DAY, provisional={"type": "boolean"},
        validity=_text("有效性；没有有效性可言的为空", enum=list(VALIDITY)),
        ended=_perhaps(
            _object(
                "不再有效：从哪天起，依据，现行文本",
                on=_DAY, ground=_text(),
                current=_perhaps(_object(title=_text(), index_number=_text(), url=_text(format="uri"))),
            )
        ),
        elsewhere=_perhaps(_object("原网站的发布日期和网址", on=_DAY, url=_text())),
        interprets=_list(_LINK), interpretations=_list(_LINK), replaces=_list(_LINK),
        answers=_object("由谁答疑", section=_text(), telephone=_text()),
        body=_text("正文，HTML"),
        files=_list(
            _object(
                order={"type": "integer"}, title=_text(), filename=_text(), kind=_text(),
                size={"type": "integer", "description": "字节"}, sha256=_text(pattern="^[0-9a-f]{64}$"),
                url=_text(format="uri"), note=_text(),
                covered=_perhaps(_object("遮盖了几处，依据", count={"type": "integer"}, grounds=_text())),
            )
        ),
    ),
    "Notice": _object(
        "发布有误、已经撤下的，只有说明。",
        index_number=_text(), title=_text(), agency=_AGENCY, on=_DAY, reason=_text(), url=_text(format="uri"),
    ),
    "Error": _object(error=_object(code=_text(), sentence=_text("怎么回事，怎么办"), field=_text("哪个参数"))),
    "Gone": _object(
        error=_object(code=_text(), sentence=_text(), field=_text()), notice={"$ref": "#/components/schemas/Notice"}
    ),
}  # fmt: skip


def _parameter(name: str, told: str, schema: dict[str, Any], *, place: str = "query") -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "description": told, "schema": schema}


def _number(default: int, least: int, most: int) -> dict[str, Any]:
    return {"type": "integer", "default": default, "minimum": least, "maximum": most}


def _answer(schema: str, told: str) -> dict[str, Any]:
    return {
        "description": told,
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }


def _question(summary: str, schema: str, parameters: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    answers = {
        "200": _answer(schema, "结果"),
        "304": {"description": "与 If-None-Match 说的相同"},
        "400": _answer("Error", "参数不对"),
        "429": _answer("Error", "查询太频繁，等 Retry-After 秒"),
        "500": _answer("Error", "系统出错"),
    }
    return {"get": {"summary": summary, "parameters": parameters, "responses": dict(sorted((answers | more).items()))}}


PATHS: Final[dict[str, dict[str, Any]]] = {
    "/api/v1/changes": _question(
        "公开信息的变更，按发生的次序",
        "Changes",
        [
            _parameter("after", "这个位置以后的；第一次写 0", _number(0, 0, 10**18 - 1)),
            _parameter("limit", "最多几条", _number(CHANGES, 1, MOST_CHANGES)),
        ],
    ),
    "/api/v1/items": _question(
        "公开信息的列表，新的在前",
        "Items",
        [
            _parameter("heading", "公开类别，可以重复", _list(_text(enum=[h.code for h in HEADINGS]))),
            _parameter("agency", "机关代码，可以重复", _list(_text())),
            _parameter("theme", "主题，可以重复", _list(_text())),
            _parameter("cursor", "上一页的 next", _text()),
            _parameter("limit", "最多几条", _number(PAGE, 1, MOST_ITEMS)),
        ],
    ),
    "/api/v1/items/{index_number}": _question(
        "一条公开信息",
        "Item",
        [_parameter("index_number", "索引号，里面的斜线照写", _text(), place="path")],
        **{"404": _answer("Error", "没有这一条"), "410": _answer("Gone", "已经撤下，只有说明")},
    ),
}


def document(base: str) -> dict[str, Any]:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{settings.SITE['name']}公开信息接口",
            "version": "1",
            "description": "只读，不需要密钥。只有已经公开的信息。用法见系统的 docs/howto/follow-changes-by-api.md。",
        },
        "servers": [{"url": base}],
        "paths": PATHS,
        "components": {"schemas": SCHEMAS},
    }
