"""Agreement of a study's coders, code by code and domain by domain, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from footbridge.grounded.agreement.bootstrap import Interval, bootstrap_interval
from footbridge.grounded.agreement.results import Agreement, undefined
from footbridge.grounded.agreement.unitizing import (
    Overlaps,
    Unit,
    add_overlaps,
    adder_of,
    cu_alpha_of,
    ku_alpha_of,
    measure_overlaps,
    u_alpha_binary_of,
    u_alpha_of,
)
from footbridge.grounded.errors import AgreementError
from footbridge.grounded.project import Project
from footbridge.grounded.segments import Segment, merged_spans
from footbridge.grounded.text import Span


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient with its interval over interviews."""

    agreement: Agreement
    interval: Interval


@dataclass(frozen=True, slots=True)
class CodeAgreement:
    """How far coders agree on where one code belongs.

    Attributes
    ----------
    code, path : str
        Identifier, and names from the broadest code down.
    segments, met : dict
        For each coder, how many segments carry the code, and how many of those share a
        character with another coder's segment of the same code.
    shared_characters, any_characters : int
        Characters that every coder gave the code, and that at least one did.
    alpha : Estimate
        u-alpha of this code against everything else.
    """

    code: str
    path: str
    segments: dict[str, int]
    met: dict[str, int]
    shared_characters: int
    any_characters: int
    alpha: Estimate


@dataclass(frozen=True, slots=True)
class DomainAgreement:
    """The unitizing family for codes of which a coder gives only one to a passage."""

    name: str
    codes: tuple[str, ...]
    u: Estimate
    u_binary: Estimate
    cu: Estimate
    by_code: dict[str, tuple[Agreement, float | None]]


Spans = dict[tuple[str, str], list[Span]]


def _working_coders(project: Project, coders: Sequence[str] | None) -> list[str]:
    used = {s.coder for s in project.segments}
    chosen = list(coders) if coders is not None else [c.id for c in project.coders if c.id in used]
    if len(chosen) < 2:
        raise AgreementError(
            f"Agreement needs two coders, and {len(chosen)} coded here. "
            "Let a second coder code the same interviews, apart from the first."
        )
    return chosen


def _by_place(segments: Iterable[Segment]) -> Spans:
    places: Spans = {}
    for s in segments:
        places.setdefault((s.document, s.coder), []).append(s.span)
    return {place: merged_spans(spans) for place, spans in places.items()}


def _estimate(
    parts: Sequence[Overlaps],
    of: Callable[[Overlaps], Agreement],
    rng: np.random.Generator,
    draws: int,
) -> Estimate:
    found = of(add_overlaps(parts))
    if not found.defined:
        interval = Interval(None, None, 0.95, 0, 0, found.reason)
    else:
        added = adder_of(parts)
        interval = bootstrap_interval(
            parts, add=lambda _, weights: added(weights), estimate=of, rng=rng, draws=draws
        )
    return Estimate(found, interval)


def agreement_by_code(
    project: Project,
    *,
    rng: np.random.Generator,
    coders: Sequence[str] | None = None,
    draws: int = 1000,
    tick: Callable[[], object] = lambda: None,
) -> list[CodeAgreement]:
    """Return one row for each code that a coder used, in the order of the codebook.

    Parameters
    ----------
    project : Project
    rng : numpy.random.Generator
        Draws the interviews for the intervals.
    coders : sequence of str, optional
        Whom to compare; everybody who coded, if left out.
    draws : int
    tick : callable, optional
        Called after each code, for a progress bar.

    Raises
    ------
    AgreementError
        If fewer than two coders coded.
    """
    chosen = _working_coders(project, coders)
    lengths = {d.id: len(d.text) for d in project.documents}
    rows = []
    for code in project.codebook:
        mine = [s for s in project.segments if s.code == code.id and s.coder in chosen]
        if mine:
            places = _by_place(mine)
            parts = [
                _one_code(places, document, chosen, length)
                for document, length in lengths.items()
                if length
            ]
            total = add_overlaps(parts)
            rows.append(
                CodeAgreement(
                    code.id,
                    project.codebook.path(code.id),
                    {c: sum(s.coder == c for s in mine) for c in chosen},
                    _met(mine, places, chosen),
                    *_characters(total, places, chosen),
                    _estimate(parts, u_alpha_of, rng, draws),
                )
            )
        tick()
    return rows


def _one_code(places: Spans, document: str, coders: Sequence[str], length: int) -> Overlaps:
    codings = [[(s.start, s.end, "k") for s in places.get((document, c), [])] for c in coders]
    return measure_overlaps(codings, length=length, codes=["k"])


def _met(mine: Sequence[Segment], places: Spans, coders: Sequence[str]) -> dict[str, int]:
    counts = dict.fromkeys(coders, 0)
    for s in mine:
        others = (x for c in coders if c != s.coder for x in places.get((s.document, c), []))
        counts[s.coder] += any(s.span.shared_with(other) for other in others)
    return counts


def _characters(total: Overlaps, places: Spans, coders: Sequence[str]) -> tuple[int, int]:
    """Return characters given by every coder, and by at least one."""
    if len(coders) == 2:
        shared = total.lengths[1, 1] / 2
        return round(shared), round(total.lengths[1].sum() - shared)
    painted: dict[str, list[tuple[int, int]]] = {}
    for (document, _), spans in places.items():
        edges = painted.setdefault(document, [])
        edges += [(s.start, 1) for s in spans] + [(s.end, -1) for s in spans]
    every = some = 0
    for edges in painted.values():
        depth = previous = 0
        for at, change in sorted(edges):
            every += (at - previous) * (depth == len(coders))
            some += (at - previous) * (depth > 0)
            depth, previous = depth + change, at
    return every, some


def agreement_by_domain(
    project: Project,
    domains: Mapping[str, Sequence[str]],
    *,
    rng: np.random.Generator,
    coders: Sequence[str] | None = None,
    draws: int = 1000,
    tick: Callable[[], object] = lambda: None,
) -> list[DomainAgreement]:
    """Return the unitizing family for each semantic domain.

    Parameters
    ----------
    project : Project
    domains : mapping
        Name of the domain to identifiers of its codes.
    rng, coders, draws, tick
        As for `agreement_by_code`.

    Notes
    -----
    Where a coder gave two codes of one domain to one passage, the domain's coefficients are
    undefined and the reason names the text and the place.
    """
    chosen = _working_coders(project, coders)
    found = []
    for name, codes in domains.items():
        found.append(_domain(project, name, tuple(codes), chosen, rng=rng, draws=draws))
        tick()
    return found


def _domain(
    project: Project,
    name: str,
    codes: tuple[str, ...],
    coders: Sequence[str],
    *,
    rng: np.random.Generator,
    draws: int,
) -> DomainAgreement:
    names = {code: project.codebook.path(code) for code in codes}
    parts: list[Overlaps] = []
    try:
        for document in project.documents:
            if document.text:
                codings = [_units(project, document.id, coder, names) for coder in coders]
                parts.append(
                    measure_overlaps(
                        codings, length=len(document.text), codes=sorted(names.values())
                    )
                )
    except AgreementError as error:
        nothing = Estimate(
            undefined(name, f"In {document.name!r}: {error}"),
            Interval(None, None, 0.95, 0, 0, str(error)),
        )
        return DomainAgreement(name, codes, nothing, nothing, nothing, {})
    total = add_overlaps(parts)
    return DomainAgreement(
        name, codes,
        _estimate(parts, u_alpha_of, rng, draws),
        _estimate(parts, u_alpha_binary_of, rng, draws),
        _estimate(parts, cu_alpha_of, rng, draws),
        {code: ku_alpha_of(total, path) for code, path in names.items()},
    )  # fmt: skip


def _units(project: Project, document: str, coder: str, names: Mapping[str, str]) -> list[Unit]:
    mine: dict[str, list[Span]] = {}
    for s in project.segments:
        if s.document == document and s.coder == coder and s.code in names:
            mine.setdefault(names[s.code], []).append(s.span)
    return [
        (span.start, span.end, code) for code, spans in mine.items() for span in merged_spans(spans)
    ]
