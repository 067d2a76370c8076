"""A codebook: codes in a hierarchy, each with a definition, properties and dimensions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from footbridge.grounded.errors import CodingError


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a code, and the dimensions along which it was seen to vary.

    "Fear of the register" may have the property "who may learn of it" with the dimensions
    "employer", "family", "police".
    """

    name: str
    dimensions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Code:
    """One code.

    Attributes
    ----------
    id, name : str
        Names are unique under one parent, regardless of case.
    definition : str
    parent : str or None
        Identifier of the broader code.
    properties : tuple of Property
    in_vivo : bool
        Whether the name is in the words of the person who was interviewed.
    colour : str
        ``#rrggbb``, or empty.
    codable : bool
        False for a heading that only groups other codes.
    """

    id: str
    name: str
    definition: str = ""
    parent: str | None = None
    properties: tuple[Property, ...] = ()
    in_vivo: bool = False
    colour: str = ""
    codable: bool = True


@dataclass(frozen=True, slots=True)
class Codebook:
    """Codes in the order in which they were made.

    Raises
    ------
    CodingError
        If identifiers repeat, a parent is missing, two codes beside each other have one name,
        or codes contain each other in a circle.
    """

    codes: tuple[Code, ...] = ()
    _by_id: dict[str, Code] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_id = {code.id: code for code in self.codes}
        object.__setattr__(self, "_by_id", by_id)
        if len(by_id) < len(self.codes):
            raise CodingError("Two codes have one identifier. Give each code its own.")
        self._check_names()
        self._check_parents()

    def _check_names(self) -> None:
        seen: set[tuple[str | None, str]] = set()
        for code in self.codes:
            key = (code.parent, code.name.strip().casefold())
            if not key[1]:
                raise CodingError("A code has no name. Name it in a few words.")
            if key in seen:
                raise CodingError(
                    f"There is already a code {code.name!r} in this place. "
                    "Use that one, or choose another name."
                )
            seen.add(key)

    def _check_parents(self) -> None:
        settled: set[str] = set()
        for code in self.codes:
            trail: list[str] = []
            here: Code | None = code
            while here is not None and here.id not in settled:
                if here.id in trail:
                    raise CodingError(
                        f"The code {code.name!r} would contain itself. Choose another parent."
                    )
                trail.append(here.id)
                here = self[here.parent] if here.parent is not None else None
            settled.update(trail)

    def __iter__(self) -> Iterator[Code]:
        return iter(self.codes)

    def __len__(self) -> int:
        return len(self.codes)

    def __contains__(self, code: object) -> bool:
        return code in self._by_id

    def __getitem__(self, code: str) -> Code:
        try:
            return self._by_id[code]
        except KeyError as error:
            raise CodingError(
                f"There is no code with the identifier {code!r} in this codebook. "
                "It may have been merged or removed; look at the log."
            ) from error

    def path(self, code: str, separator: str = " > ") -> str:
        """Return the names from the broadest code down to this one."""
        names: list[str] = []
        here: str | None = code
        while here is not None:
            names.append(self[here].name)
            here = self[here].parent
        return separator.join(reversed(names))

    def children(self, code: str | None) -> list[Code]:
        """Return the codes right under one code, or at the top."""
        return [each for each in self.codes if each.parent == code]

    def family(self, code: str) -> set[str]:
        """Return a code and everything under it."""
        found = {self[code].id}
        grew = True
        while grew:
            more = {c.id for c in self.codes if c.parent in found} - found
            found |= more
            grew = bool(more)
        return found

    def by_name(self, name: str) -> Code:
        """Return the code of this name or path.

        Raises
        ------
        CodingError
            If there is none, or several codes share the name.
        """
        wanted = name.strip().casefold()
        found = [
            code
            for code in self.codes
            if wanted in (code.name.strip().casefold(), self.path(code.id).casefold())
        ]
        if len(found) != 1:
            raise CodingError(
                f"{len(found) or 'No'} codes are called {name!r}. "
                "Write its whole path, as in 'theme > code'."
            )
        return found[0]

    def with_code(self, code: Code) -> Codebook:
        """Return the codebook with one more code."""
        return Codebook((*self.codes, code))

    def changed(self, code: str, **changes: object) -> Codebook:
        """Return the codebook with some fields of one code replaced."""
        new = replace(self[code], **changes)  # type: ignore[arg-type]
        return Codebook(tuple(new if each.id == code else each for each in self.codes))

    def without(self, codes: Iterable[str]) -> Codebook:
        """Return the codebook without some codes; what was under them moves up."""
        gone = set(codes)

        def raised(code: Code) -> Code:
            parent = code.parent
            while parent in gone:
                parent = self[parent].parent
            return code if parent == code.parent else replace(code, parent=parent)

        return Codebook(tuple(raised(code) for code in self.codes if code.id not in gone))
