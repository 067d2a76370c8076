"""Memos: what a coder thought, when, and about what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

MemoKind: TypeAlias = Literal["code", "theoretical", "operational"]


@dataclass(frozen=True, slots=True)
class Memo:
    """A dated thought (Corbin & Strauss).

    Attributes
    ----------
    id, coder : str
    kind : {'code', 'theoretical', 'operational'}
        About what a code means, about relations between codes, or about what to do next.
    title, text : str
    moment : datetime or None
    about : tuple of str
        Identifiers of the codes, segments and documents it is about.
    """

    id: str
    kind: MemoKind
    title: str
    text: str
    coder: str
    moment: datetime | None = None
    about: tuple[str, ...] = ()
