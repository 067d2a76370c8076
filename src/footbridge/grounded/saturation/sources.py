"""What a study's interviews showed, by code, by meaning and by theme.

A *meaning* is a dimension of a property, seen at a passage: the segment's note says so in a
line such as ``who may learn of it = employer``. Code saturation asks whether new codes
come; meaning saturation whether what is meant by them still grows. The second takes longer
(Hennink, Kaiser & Marconi 2017, Qualitative Health Research 27(4): nine interviews
against sixteen to twenty-four).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from footbridge.grounded.comparison.lists import plain_name
from footbridge.grounded.project import Project
from footbridge.grounded.saturation.runs import Reached, Setting, saturation_point
from footbridge.grounded.segments import Segment


def codes_by_interview(
    project: Project, *, coders: Iterable[str] | None = None, codes: Iterable[str] | None = None
) -> list[frozenset[Hashable]]:
    """Return the codes of each interview, in the order of the study's documents.

    Parameters
    ----------
    project : Project
    coders, codes : iterable of str, optional
        Only these coders, only these codes.
    """
    found: dict[str, set[Hashable]] = {d.id: set() for d in project.documents}
    for s in _chosen(project, coders, codes):
        found[s.document].add(s.code)
    return [frozenset(each) for each in found.values()]


def meanings_by_interview(
    project: Project, *, coders: Iterable[str] | None = None, codes: Iterable[str] | None = None
) -> list[frozenset[Hashable]]:
    """Return (code, property, dimension) seen in each interview, in the order of documents."""
    found: dict[str, set[Hashable]] = {d.id: set() for d in project.documents}
    for s in _chosen(project, coders, codes):
        for name, dimension in dimensions_in(s.note):
            found[s.document].add((s.code, plain_name(name), plain_name(dimension)))
    return [frozenset(each) for each in found.values()]


def dimensions_in(note: str) -> list[tuple[str, str]]:
    """Return the (property, dimension) pairs that a segment's note states.

    Examples
    --------
    >>> dimensions_in("She lowered her voice. who = employer; when = at hiring")
    [('who', 'employer'), ('when', 'at hiring')]
    """
    pairs = []
    for part in note.replace("\n", ";").replace(". ", ";").split(";"):
        name, equals, dimension = part.partition("=")
        if equals and name.strip() and dimension.strip(" ."):
            pairs.append((name.strip(), dimension.strip(" .")))
    return pairs


def _chosen(
    project: Project, coders: Iterable[str] | None, codes: Iterable[str] | None
) -> list[Segment]:
    who = set(coders) if coders is not None else None
    what = set(codes) if codes is not None else None
    return [
        s
        for s in project.segments
        if (who is None or s.coder in who) and (what is None or s.code in what)
    ]


@dataclass(frozen=True, slots=True)
class ThemeSaturation:
    """Saturation of one theme, judged by each coder alone.

    Attributes
    ----------
    theme : str
    codes, meanings : dict
        For each coder, when new codes (new dimensions) of the theme ceased to come.
    """

    theme: str
    codes: dict[str, Reached]
    meanings: dict[str, Reached]

    @property
    def by_all(self) -> int | None:
        """Interviews after which every coder found the theme's codes saturated, if all did."""
        points = [reached.at for reached in self.codes.values()]
        known = [at for at in points if at is not None]
        return max(known) if known and len(known) == len(points) else None


def theme_saturation(
    project: Project,
    themes: Mapping[str, Sequence[str]],
    setting: Setting,
    *,
    coders: Sequence[str],
) -> list[ThemeSaturation]:
    """Return, for each theme, when each coder's codes and meanings saturated.

    Parameters
    ----------
    project : Project
    themes : mapping
        Name of the theme to identifiers of its codes.
    setting : Setting
    coders : sequence of str
    """
    return [
        ThemeSaturation(
            theme,
            {c: saturation_point(codes_by_interview(project, coders=[c], codes=codes), setting)
             for c in coders},
            {c: saturation_point(meanings_by_interview(project, coders=[c], codes=codes), setting)
             for c in coders},
        )
        for theme, codes in themes.items()
    ]  # fmt: skip
