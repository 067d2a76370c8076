"""The rules of REFI-QDA 1.5 in our own words, as a table, and a check against it.

Written from the standard of 25 September 2019 (its schema requires children in this order)
so that every file we write can be judged before it leaves, also where no schema is at hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from footbridge.grounded.exchange.guids import is_guid
from footbridge.grounded.guarded.xml import Node

PROJECT_SPACE = "urn:QDA-XML:project:1.0"
CODEBOOK_SPACE = "urn:QDA-XML:codebook:1.0"

_DATE = r"-?\d{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_ZONE = r"(Z|[+-]\d\d:\d\d)?"
_TIME = r"T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?"


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text.strip()) is not None


_KINDS: dict[str, Callable[[str], bool]] = {
    "string": lambda _: True,
    "guid": lambda text: (
        is_guid(text) and text.strip().startswith("{") == text.strip().endswith("}")
    ),
    "colour": _matches(r"#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})"),
    "moment": _matches(_DATE + _TIME + _ZONE),
    "date": _matches(_DATE + _ZONE),
    "integer": _matches(r"[+-]?\d+"),
    "decimal": _matches(r"[+-]?(\d+(\.\d*)?|\.\d+)"),
    "boolean": _matches(r"true|false|1|0"),
    "direction": _matches(r"Associative|OneWay|Bidirectional"),
    "variable": _matches(r"Text|Boolean|Integer|Float|Date|DateTime"),
    "shape": _matches(
        r"Person|Oval|Rectangle|RoundedRectangle|Star|(Left|Right|Up|Down)Triangle|Note"
    ),
    "line": _matches(r"dotted|dashed|solid"),
}


@dataclass(frozen=True, slots=True)
class _Rule:
    """What one element may hold.

    `children` are (name, type, least, most) in their order; most is 1 or many (0). With
    `mixed` the children may come in any order, each any number of times, at least one in all.
    """

    attributes: dict[str, str]
    children: tuple[tuple[str, str, int, int], ...] = ()
    mixed: bool = False


def _attributes(spec: str) -> dict[str, str]:
    """Read "guid! name:kind" lists; an exclamation mark means required."""
    parts = (part.partition(":") for part in spec.split())
    return {name: kind or "string" for name, _, kind in parts}


def _children(spec: str) -> tuple[tuple[str, str, int, int], ...]:
    """Read "Name=Type" lists with ``?`` (at most one), ``*`` (any) or ``+`` (one or more)."""
    bounds = {"?": (0, 1), "*": (0, 0), "+": (1, 0)}
    found = []
    for part in spec.split():
        least, most = bounds.get(part[-1], (1, 1))
        name, _, kind = part.rstrip("?*+").partition("=")
        found.append((name, kind or name, least, most))
    return tuple(found)


_AUDIT = " creatingUser:guid creationDateTime:moment modifyingUser:guid modifiedDateTime:moment"
_MEDIA = "guid!:guid name path currentPath" + _AUDIT
_TEXT = "guid!:guid name richTextPath plainTextPath" + _AUDIT
_PICKED = "guid!:guid name" + _AUDIT
_TAIL = " Coding* NoteRef* VariableValue*"
_BOX = " firstX!:integer firstY!:integer secondX!:integer secondY!:integer"
_REF = _Rule(_attributes("targetGUID!:guid"))
_SELECTED = _children("Description=string? Coding* NoteRef*")
_TEXT_SOURCE = _Rule(
    _attributes(_TEXT),
    _children("Description=string? PlainTextContent=string? PlainTextSelection*" + _TAIL),
)


def _media(selection: str) -> _Rule:
    inner = f"Description=string? Transcript* {selection}*" + _TAIL
    return _Rule(_attributes(_MEDIA), _children(inner))


_PROJECT: dict[str, _Rule] = {
    "Project": _Rule(
        _attributes(
            "name! origin creatingUserGUID:guid creationDateTime:moment modifyingUserGUID:guid"
            " modifiedDateTime:moment basePath"
        ),
        _children(
            "Users? CodeBook? Variables? Cases? Sources? Notes? Links? Sets? Graphs?"
            " Description=string? NoteRef*"
        ),
    ),
    "Users": _Rule({}, _children("User+")),
    "User": _Rule(_attributes("guid!:guid name id")),
    "CodeBook": _Rule({}, _children("Codes")),
    "Codes": _Rule({}, _children("Code+")),
    "Code": _Rule(
        _attributes("guid!:guid name! isCodable!:boolean color:colour"),
        _children("Description=string? NoteRef* Code*"),
    ),
    "Variables": _Rule({}, _children("Variable+")),
    "Variable": _Rule(
        _attributes("guid!:guid name! typeOfVariable!:variable"), _children("Description=string?")
    ),
    "VariableValue": _Rule(
        {},
        _children(
            "VariableRef TextValue=string? BooleanValue=boolean? IntegerValue=integer?"
            " FloatValue=decimal? DateValue=date? DateTimeValue=moment?"
        ),
    ),
    "Cases": _Rule({}, _children("Case+")),
    "Case": _Rule(
        _attributes("guid!:guid name"),
        _children("Description=string? CodeRef* VariableValue* SourceRef* SelectionRef*"),
    ),
    "Sources": _Rule(
        {}, _children("TextSource PictureSource PDFSource AudioSource VideoSource"), mixed=True
    ),
    "TextSource": _TEXT_SOURCE,
    "PlainTextSelection": _Rule(
        _attributes(_PICKED + " startPosition!:integer endPosition!:integer"), _SELECTED
    ),
    "PictureSource": _Rule(
        _attributes(_MEDIA),
        _children("Description=string? TextDescription=TextSource? PictureSelection*" + _TAIL),
    ),
    "PictureSelection": _Rule(_attributes(_PICKED + _BOX), _SELECTED),
    "PDFSource": _Rule(
        _attributes(_MEDIA),
        _children("Description=string? PDFSelection* Representation=TextSource?" + _TAIL),
    ),
    "PDFSelection": _Rule(
        _attributes(_PICKED + " page!:integer" + _BOX),
        _children("Description=string? Representation=TextSource? Coding* NoteRef*"),
    ),
    "AudioSource": _media("AudioSelection"),
    "VideoSource": _media("VideoSelection"),
    "AudioSelection": _Rule(_attributes(_PICKED + " begin!:integer end!:integer"), _SELECTED),
    "VideoSelection": _Rule(_attributes(_PICKED + " begin!:integer end!:integer"), _SELECTED),
    "Transcript": _Rule(
        _attributes(_TEXT),
        _children(
            "Description=string? PlainTextContent=string? SyncPoint* TranscriptSelection* NoteRef*"
        ),
    ),
    "SyncPoint": _Rule(_attributes("guid!:guid timeStamp:integer position:integer")),
    "TranscriptSelection": _Rule(
        _attributes(_PICKED + " fromSyncPoint:guid toSyncPoint:guid"), _SELECTED
    ),
    "Coding": _Rule(
        _attributes("guid!:guid creatingUser:guid creationDateTime:moment"),
        _children("CodeRef NoteRef*"),
    ),
    "Notes": _Rule({}, _children("Note=TextSource+")),
    "Links": _Rule({}, _children("Link+")),
    "Link": _Rule(
        _attributes(
            "guid!:guid name direction:direction color:colour originGUID:guid targetGUID:guid"
        ),
        _children("NoteRef*"),
    ),
    "Sets": _Rule({}, _children("Set+")),
    "Set": _Rule(
        _attributes("guid!:guid name!"),
        _children(
            "Description=string? MemberCode=CodeRef* MemberSource=SourceRef* MemberNote=NoteRef*"
        ),
    ),
    "Graphs": _Rule({}, _children("Graph+")),
    "Graph": _Rule(_attributes("guid!:guid name"), _children("Vertex* Edge*")),
    "Vertex": _Rule(
        _attributes(
            "guid!:guid representedGUID:guid name firstX!:integer firstY!:integer"
            " secondX:integer secondY:integer shape:shape color:colour"
        )
    ),
    "Edge": _Rule(
        _attributes(
            "guid!:guid representedGUID:guid name sourceVertex!:guid targetVertex!:guid"
            " color:colour direction:direction lineStyle:line"
        )
    ),
    **dict.fromkeys(("NoteRef", "CodeRef", "SourceRef", "SelectionRef", "VariableRef"), _REF),
}

_CODEBOOK: dict[str, _Rule] = {
    "CodeBook": _Rule(_attributes("origin"), _children("Codes Sets?")),
    "Codes": _Rule({}, _children("Code+")),
    "Code": _Rule(
        _attributes("guid!:guid name! isCodable!:boolean color:colour"),
        _children("Description=string? Code*"),
    ),
    "Sets": _Rule({}, _children("Set+")),
    "Set": _Rule(_attributes("guid!:guid name!"), _children("Description=string? MemberCode*")),
    "MemberCode": _Rule(_attributes("guid!:guid")),
}


def faults_of(root: Node) -> list[str]:
    """Return where a project or codebook breaks the standard's schema; empty where nowhere.

    Parameters
    ----------
    root : Node
        A ``Project`` or ``CodeBook`` element.
    """
    rules, space = (
        (_CODEBOOK, CODEBOOK_SPACE) if root.name == "CodeBook" else (_PROJECT, PROJECT_SPACE)
    )
    if root.name not in ("Project", "CodeBook"):
        return [f"The root element is {root.name}, not Project or CodeBook."]
    faults: list[str] = []
    waiting = [(root, root.name)]
    while waiting:
        node, kind = waiting.pop()
        if node.space != space:
            faults.append(f"{node.name} is in namespace {node.space!r}, not {space!r}.")
        if kind in _KINDS:
            faults += _value_faults(node, kind)
            continue
        rule = rules[kind]
        faults += _attribute_faults(node, rule)
        faults += _order_faults(node, rule)
        known = {name: each for name, each, _, _ in rule.children}
        waiting += [(child, known[child.name]) for child in node.children if child.name in known]
    return faults


def _value_faults(node: Node, kind: str) -> list[str]:
    faults = [f"{node.name} holds elements."] if node.children else []
    if not _KINDS[kind](node.text):
        faults.append(f"{node.name} holds {node.text[:40]!r}, which is no {kind}.")
    return faults + [f"{node.name} has an attribute {name}." for name in node.attributes]


def _attribute_faults(node: Node, rule: _Rule) -> list[str]:
    kinds = {name.rstrip("!"): kind for name, kind in rule.attributes.items()}
    faults = [
        f"{node.name} lacks {name.rstrip('!')}."
        for name in rule.attributes
        if name.endswith("!") and name.rstrip("!") not in node.attributes
    ]
    for name, value in node.attributes.items():
        if name not in kinds:
            faults.append(f"{node.name} has an unknown attribute {name}.")
        elif not _KINDS[kinds[name]](value):
            faults.append(f"{node.name} has {name}={value[:40]!r}, which is no {kinds[name]}.")
    if node.text.strip():
        faults.append(f"{node.name} holds text.")
    return faults


def _order_faults(node: Node, rule: _Rule) -> list[str]:
    names = [child.name for child in node.children]
    known = [name for name, _, _, _ in rule.children]
    faults = [f"{node.name} holds an unknown {name}." for name in names if name not in known]
    if rule.mixed:
        return faults if names else [*faults, f"{node.name} is empty."]
    places = [known.index(name) for name in names if name in known]
    if places != sorted(places):
        faults.append(f"{node.name} holds its elements in the wrong order.")
    for name, _, least, most in rule.children:
        count = names.count(name)
        if count < least or (most and count > most):
            faults.append(f"{node.name} holds {count} {name}.")
    if node.name == "VariableValue" and len(names) > 2:
        faults.append("VariableValue holds more than one value.")
    return faults
