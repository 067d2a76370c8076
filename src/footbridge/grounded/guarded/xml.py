"""Reads XML from strangers: no document types, no entities, bounded in every direction."""

from __future__ import annotations

from xml.parsers import expat  # nosec B411 - document types and entities are refused below

from footbridge.grounded.errors import ExchangeError
from footbridge.grounded.guarded.archives import DEFAULT_LIMITS, Limits


class Node:
    """One element: its name without the namespace, attributes, children and own text."""

    __slots__ = ("attributes", "children", "name", "space", "text")

    def __init__(self, name: str, attributes: dict[str, str], space: str = "") -> None:
        self.name = name
        self.space = space
        self.attributes = attributes
        self.children: list[Node] = []
        self.text = ""

    def get(self, attribute: str, default: str = "") -> str:
        """Return an attribute."""
        return self.attributes.get(attribute, default)

    def all(self, *names: str) -> list[Node]:
        """Return the children of these names, in order."""
        return [child for child in self.children if child.name in names]

    def one(self, name: str) -> Node | None:
        """Return the first child of this name."""
        return next((child for child in self.children if child.name == name), None)

    def said(self, name: str) -> str:
        """Return the text of the first child of this name, or nothing."""
        child = self.one(name)
        return child.text if child is not None else ""


class _Builder:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.root: Node | None = None
        self.open: list[Node] = []
        self.parts: list[list[str]] = []
        self.count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, name = tag.rpartition(" ")
        self.count += 1
        if self.count > self.limits.elements or len(self.open) >= self.limits.depth:
            raise ExchangeError(
                "The XML holds more elements, or nests them deeper, than any project needs. "
                "It was not read."
            )
        if any(len(value) > self.limits.attribute_chars for value in attributes.values()):
            raise ExchangeError(
                f"An attribute of {name[:40]} is longer than "
                f"{self.limits.attribute_chars:,} characters. The file was not read."
            )
        node = Node(name, attributes, space)
        if self.open:
            self.open[-1].children.append(node)
        else:
            self.root = node
        self.open.append(node)
        self.parts.append([])

    def end(self, _tag: str) -> None:
        self.open.pop().text = "".join(self.parts.pop())

    def data(self, text: str) -> None:
        self.parts[-1].append(text)

    @staticmethod
    def refuse(*_: object) -> int:
        raise ExchangeError(
            "The XML declares a document type or entities, through which a file can reach "
            "outside itself or fill the memory. REFI-QDA needs neither; it was not read."
        )


def read_xml(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Node:
    """Return the root element.

    Raises
    ------
    ExchangeError
        If it is not well-formed, is too large, or declares a document type or entities.
    """
    if len(data) > limits.xml_bytes:
        raise ExchangeError(f"The XML is larger than {limits.xml_bytes:,} bytes.")
    builder = _Builder(limits)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = builder.refuse
    parser.EntityDeclHandler = builder.refuse
    parser.ExternalEntityRefHandler = builder.refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ExchangeError(
            f"The XML is broken at line {error.lineno}, column {error.offset} "
            f"({expat.ErrorString(error.code)}). Export it again."
        ) from error
    except (ValueError, LookupError, UnicodeError) as error:
        raise ExchangeError(
            "The XML says it is in an encoding that cannot be read. Save it as UTF-8."
        ) from error
    if builder.root is None:
        raise ExchangeError("The XML is empty. Export it again.")
    return builder.root
