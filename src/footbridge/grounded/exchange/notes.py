"""What REFI-QDA has no field for, kept as readable lines at the end of a description."""

from __future__ import annotations

from typing import get_args

from footbridge.grounded.codebook import Code, Property
from footbridge.grounded.memos import Memo, MemoKind

_PROPERTY = "Property: "
_IN_VIVO = "In vivo: yes"
_KIND = "Kind of memo: "


def described_code(code: Code) -> str:
    """Return a code's definition with its properties and the in-vivo mark below."""
    lines = [
        _PROPERTY + _clean(p.name) + " = " + " | ".join(_clean(d) for d in p.dimensions)
        for p in code.properties
    ]
    if code.in_vivo:
        lines.append(_IN_VIVO)
    return "\n".join([*([code.definition] if code.definition else []), *lines])


def _clean(words: str) -> str:
    return " ".join(words.replace("|", "/").replace("=", ":").split())


def read_description(text: str) -> tuple[str, tuple[Property, ...], bool]:
    """Return definition, properties and in-vivo mark from a code's description."""
    lines = text.split("\n")
    properties: list[Property] = []
    in_vivo = False
    while lines:
        line = lines[-1].strip()
        if line == _IN_VIVO:
            in_vivo = True
        elif line.startswith(_PROPERTY) and "=" in line:
            name, _, rest = line.removeprefix(_PROPERTY).partition("=")
            dimensions = tuple(d.strip() for d in rest.split("|") if d.strip())
            properties.insert(0, Property(name.strip(), dimensions))
        else:
            break
        lines.pop()
    return "\n".join(lines), tuple(properties), in_vivo


def described_memo(memo: Memo) -> str:
    """Return the line that keeps a memo's kind."""
    return _KIND + memo.kind


def read_memo_kind(description: str) -> MemoKind | None:
    """Return the kind that a note's description states, if it states one."""
    kind = description.strip().removeprefix(_KIND)
    found: MemoKind | None = next((k for k in get_args(MemoKind) if k == kind), None)
    return found
