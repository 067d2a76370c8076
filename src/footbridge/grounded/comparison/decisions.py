"""What the coders decided about each card, and why; the blind originals stay untouched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias, get_args

from footbridge.grounded.comparison.pairing import Card
from footbridge.grounded.errors import CodingError
from footbridge.grounded.segments import Segment
from footbridge.grounded.text import Span

Choice: TypeAlias = Literal["keep A", "keep B", "both", "merge", "split", "drop"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision about one card.

    Attributes
    ----------
    id : str
    card : str
        The card's key.
    by : tuple of str
        Who decided, usually both coders.
    at : datetime
    choice : {'keep A', 'keep B', 'both', 'merge', 'split', 'drop'}
    reason : str
        Never empty: the explanation is the point of comparing.
    code : str or None
        For "merge": the code of the passage that covers both.
    parts : tuple of (Span, str)
        For "split": the passages and their codes.
    """

    id: str
    card: str
    by: tuple[str, ...]
    at: datetime
    choice: Choice
    reason: str
    code: str | None = None
    parts: tuple[tuple[Span, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Adjudication:
    """Cards and the decisions about them, which are only ever added.

    A later decision about a card replaces an earlier one and leaves it in the log.
    """

    cards: tuple[Card, ...]
    decisions: tuple[Decision, ...] = ()

    def standing(self) -> dict[str, Decision]:
        """Return the last decision about each card."""
        return {decision.card: decision for decision in self.decisions}


@dataclass(frozen=True, slots=True)
class Change:
    """What one decision did: segments as they were on the card, and what stands now."""

    decision: Decision
    before: tuple[Segment, ...]
    after: tuple[Segment, ...]

    @property
    def codes(self) -> dict[str, int]:
        """Return how many segments each code gained (or lost, below zero)."""
        count = Counter(s.code for s in self.after)
        count.subtract(Counter(s.code for s in self.before))
        return {code: n for code, n in sorted(count.items()) if n}


@dataclass(frozen=True, slots=True)
class Consensus:
    """Where the coders stand.

    Attributes
    ----------
    segments : tuple of Segment
        What both agreed from the start or decided since.
    open : tuple of Card
        Cards still to be talked about.
    changes : tuple of Change
        One for each standing decision.
    """

    segments: tuple[Segment, ...]
    open: tuple[Card, ...]
    changes: tuple[Change, ...]


def may_compare(done: Collection[str], coders: Iterable[str]) -> tuple[bool, str]:
    """Return whether the codings of one interview may be laid side by side, and why.

    Examples
    --------
    >>> may_compare({"A"}, ["A", "B"])
    (False, 'Still coding: B. Neither sees the other before both say done.')
    """
    waiting = sorted(set(coders) - set(done))
    if waiting:
        return False, (
            f"Still coding: {', '.join(waiting)}. Neither sees the other before both say done."
        )
    return True, "Every coder said done."


def decide(adjudication: Adjudication, decision: Decision) -> Adjudication:
    """Return the adjudication with one more decision.

    Raises
    ------
    CodingError
        If the card does not exist, the reason is empty, or the choice does not fit the card.
    """
    card = next((c for c in adjudication.cards if c.key == decision.card), None)
    if card is None:
        raise CodingError(f"There is no card {decision.card!r}. Pair the segments again.")
    if not decision.reason.strip():
        raise CodingError("A decision needs its reason. Write one sentence on why.")
    if any(decision.id == other.id for other in adjudication.decisions):
        raise CodingError(f"There is already a decision {decision.id!r}.")
    _check_choice(card, decision)
    return Adjudication(adjudication.cards, (*adjudication.decisions, decision))


def _check_choice(card: Card, decision: Decision) -> None:
    choice = decision.choice
    if choice not in get_args(Choice):
        raise CodingError(f"{choice!r} is not one of {', '.join(get_args(Choice))}.")
    needs = {"keep A": (card.a,), "keep B": (card.b,), "both": (card.a, card.b)}
    if any(side is None for side in needs.get(choice, ())):
        raise CodingError(f"{choice!r} does not fit: only one coder coded this passage.")
    if choice == "merge" and decision.code is None:
        raise CodingError("Merging needs the code that the merged passage will carry.")
    if choice == "split" and not decision.parts:
        raise CodingError("Splitting needs the passages and the code of each.")


def settle(adjudication: Adjudication, *, coder: str = "consensus") -> Consensus:
    """Return the agreed segments, what is still open and what each decision changed.

    Parameters
    ----------
    adjudication : Adjudication
    coder : str
        Who is named as coder of the agreed segments.
    """
    standing = adjudication.standing()
    agreed: list[Segment] = []
    waiting: list[Card] = []
    changes: list[Change] = []
    for card in adjudication.cards:
        decision = standing.get(card.key)
        if decision is not None:
            after = _outcome(card, decision, coder)
            agreed += after
            before = tuple(s for s in (card.a, card.b) if s is not None)
            changes.append(Change(decision, before, tuple(after)))
        elif card.kind == "same" and card.a is not None:
            agreed.append(_as(card.a, coder))
        else:
            waiting.append(card)
    return Consensus(tuple(agreed), tuple(waiting), tuple(changes))


def _as(s: Segment, coder: str) -> Segment:
    return Segment(f"{s.id}+", s.document, s.span, s.code, coder, s.moment, s.note)


def _outcome(card: Card, decision: Decision, coder: str) -> list[Segment]:
    sides: Sequence[Segment | None] = {
        "keep A": (card.a,),
        "keep B": (card.b,),
        "both": (card.a, card.b),
    }.get(decision.choice, ())
    kept = [_as(s, coder) for s in sides if s is not None]
    spans = [s.span for s in (card.a, card.b) if s is not None]
    parts: Iterable[tuple[Span, str]] = ()
    if decision.choice == "merge" and decision.code is not None:
        whole = Span(min(s.start for s in spans), max(s.end for s in spans))
        parts = [(whole, decision.code)]
    elif decision.choice == "split":
        parts = decision.parts
    return kept + [
        Segment(f"{decision.id}.{n}", card.document, span, code, coder, decision.at)
        for n, (span, code) in enumerate(parts)
    ]
