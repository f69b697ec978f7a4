"""What would break a program that was written for an earlier description of the API: a comparison, and pure.

What is sent and what is answered are held to opposite rules. Whatever a program could send must still be taken: fewer
types, fewer words, tighter bounds and new duties are breaks. Whatever a program was answered must still come, in the
types it knew: more members and more words are additions, another type is a break.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
LOWEST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
HIGHEST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_WORDS = re.compile(r"\((?:\?:)?-?\??\w+(?:\|-?\??\w+)*\)")
"""A list of words in a pattern, such as the members that `fields` can ask for."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two descriptions, the released one and today's; and which references were followed on the way."""

    old: Json
    new: Json
    followed: frozenset[tuple[str, str]] = frozenset()

    def resolved(self, old: Json, new: Json) -> tuple["Pair", Json, Json] | None:
        """Two schemas without their references; None where the same two were looked at on the way here."""
        names = (old.get("$ref", ""), new.get("$ref", ""))
        if names == ("", ""):
            return self, old, new
        if names in self.followed:
            return None
        pair = Pair(self.old, self.new, self.followed | {names})
        return pair, _target(self.old, old), _target(self.new, new)


def breaks(old: Json, new: Json) -> list[str]:
    """Everything in which the new description breaks what the old one promised, a sentence each."""
    return list(_breaks(Pair(old, new)))


def _breaks(pair: Pair) -> Iterator[str]:
    for path, operations in pair.old["paths"].items():
        for method in METHODS:
            if method in operations:
                now = pair.new["paths"].get(path, {}).get(method)
                name = f"{method.upper()} {path}"
                yield from [f"{name} is gone"] if now is None else _of_operation(pair, name, operations[method], now)
    for name, told in pair.old.get("webhooks", {}).items():
        now = pair.new.get("webhooks", {}).get(name)
        if now is None:
            yield f"webhook {name} is gone"
        else:
            bodies = [one["post"]["requestBody"]["content"] for one in (told, now)]
            yield from _of_contents(pair, f"webhook {name}", *bodies, is_sent=False)


def _of_operation(pair: Pair, name: str, old: Json, new: Json) -> Iterator[str]:
    if old.get("operationId") != new.get("operationId"):
        yield f"{name}: its operationId was {old.get('operationId')}"
    if {} in old.get("security", [{}]) and {} not in new.get("security", [{}]):
        yield f"{name} needs a token now"
    yield from _of_parameters(pair, name, old, new)
    yield from _of_body(pair, name, old.get("requestBody"), new.get("requestBody"))
    for status, answer in old["responses"].items():
        if status.startswith("2"):
            if status not in new["responses"]:
                yield f"{name} no longer answers {status}"
                continue
            contents = [one.get("content", {}) for one in (answer, new["responses"][status])]
            yield from _of_contents(pair, f"{name} {status}", *contents, is_sent=False)


def _of_parameters(pair: Pair, name: str, old: Json, new: Json) -> Iterator[str]:
    before, now = ({(one["in"], one["name"]): one for one in each.get("parameters", [])} for each in (old, new))
    for key, parameter in now.items():
        if parameter.get("required") and not before.get(key, {}).get("required"):
            yield f"{name}: {key[0]} parameter {key[1]} is required now"
    for key, parameter in before.items():
        if key not in now:
            yield f"{name}: {key[0]} parameter {key[1]} is gone"
        else:
            place = f"{name}: parameter {key[1]}"
            yield from _of_schema(pair, place, parameter["schema"], now[key]["schema"], is_sent=True)


def _of_body(pair: Pair, name: str, old: Json | None, new: Json | None) -> Iterator[str]:
    if new is not None and new.get("required") and not (old or {}).get("required"):
        yield f"{name} needs a body now"
    if old is not None and new is None:
        yield f"{name} takes no body any more"
    if old is not None and new is not None:
        yield from _of_contents(pair, f"{name} body", old["content"], new["content"], is_sent=True)


def _of_contents(pair: Pair, place: str, old: Json, new: Json, *, is_sent: bool) -> Iterator[str]:
    for kind, content in old.items():
        if kind not in new:
            yield f"{place} is no longer {kind}"
        else:
            schemas = [one.get("schema", {}) for one in (content, new[kind])]
            yield from _of_schema(pair, place, *schemas, is_sent=is_sent)


def _of_schema(pair: Pair, place: str, old: Json, new: Json, *, is_sent: bool) -> Iterator[str]:
    resolved = pair.resolved(old, new)
    if resolved is None:
        return
    pair, old, new = resolved
    if "anyOf" in old or "anyOf" in new:
        yield from _of_choices(pair, place, old, new, is_sent=is_sent)
        return
    yield from _of_types(place, old, new, is_sent=is_sent)
    yield from _of_limits(place, old, new) if is_sent else ()
    yield from _of_members(pair, place, old, new, is_sent=is_sent)
    for word in ("items", "additionalProperties"):
        if isinstance(old.get(word), dict) and isinstance(new.get(word), dict):
            yield from _of_schema(pair, f"{place}[]", old[word], new[word], is_sent=is_sent)


def _of_choices(pair: Pair, place: str, old: Json, new: Json, *, is_sent: bool) -> Iterator[str]:
    """Each alternative of one side must fit one of the other: of what was sent the old, of what is answered the new."""
    before, now = old.get("anyOf", [old]), new.get("anyOf", [new])
    for one in before if is_sent else now:
        fits = (
            not list(_of_schema(pair, place, *((one, other) if is_sent else (other, one)), is_sent=is_sent))
            for other in (now if is_sent else before)
        )
        if not any(fits):
            yield f"{place}: {'no longer takes' if is_sent else 'may now be'} {one.get('$ref') or one.get('type')}"


def _of_types(place: str, old: Json, new: Json, *, is_sent: bool) -> Iterator[str]:
    before, now = _types(old), _types(new)
    fits = _fits(before, now) if is_sent else _fits(now, before)
    if not fits:
        yield f"{place}: was {_said(before)}, is {_said(now)}"
    if old.get("format") != new.get("format") and (not is_sent or new.get("format")):
        yield f"{place}: its format was {old.get('format')}, is {new.get('format')}"


def _of_limits(place: str, old: Json, new: Json) -> Iterator[str]:
    if "enum" in new:
        missing = [one for one in old.get("enum", []) if one not in new["enum"]]
        if missing or "enum" not in old:
            yield f"{place}: takes only {new['enum']} now"
    if "pattern" in new and not _is_wider(old.get("pattern"), new["pattern"]):
        yield f"{place}: its pattern is another"
    for word in LOWEST + HIGHEST:
        if word in new and (word not in old or (new[word] > old[word] if word in LOWEST else new[word] < old[word])):
            yield f"{place}: {word} was {old.get(word)}, is {new[word]}"
    if old.get("default") != new.get("default"):
        yield f"{place}: its default was {old.get('default')}, is {new.get('default')}"
    if new.get("additionalProperties") is False and old.get("additionalProperties") is not False:
        yield f"{place}: takes no other members any more"


def _of_members(pair: Pair, place: str, old: Json, new: Json, *, is_sent: bool) -> Iterator[str]:
    before, now = old.get("properties", {}), new.get("properties", {})
    needed, needs = set(old.get("required", [])), set(new.get("required", []))
    for member in sorted(needs - needed if is_sent else needed - needs):
        if is_sent or member in now:
            yield f"{place}: {member} is {'required now' if is_sent else 'no longer always there'}"
    for member, schema in before.items():
        if member not in now:
            yield f"{place}: {member} is gone"
        else:
            yield from _of_schema(pair, f"{place}.{member}", schema, now[member], is_sent=is_sent)


def _target(description: Json, schema: Json) -> Json:
    while "$ref" in schema:
        target: Json = description["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        schema = target
    return schema


def _types(schema: Json) -> frozenset[str]:
    """The types a schema names; none where it takes anything."""
    named = schema.get("type", [])
    return frozenset([named] if isinstance(named, str) else named)


def _fits(inner: frozenset[str], outer: frozenset[str]) -> bool:
    """Whether whatever has one of the inner types has one of the outer."""
    wider = outer | {"integer"} if "number" in outer else outer
    return not outer or (bool(inner) and inner <= wider)


def _said(types: frozenset[str]) -> str:
    return " or ".join(sorted(types)) or "anything"


def _is_wider(old: str | None, new: str) -> bool:
    """Whether a pattern is the same but for more words in its lists of words."""
    if old is None or _WORDS.sub("()", old) != _WORDS.sub("()", new):
        return False
    lists = zip(_WORDS.findall(old), _WORDS.findall(new), strict=True)
    return all(set(re.findall(r"\w+", before)) <= set(re.findall(r"\w+", now)) for before, now in lists)
