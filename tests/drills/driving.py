"""Driving every page: each address for each actor, and each form with likely words and nonsense."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

TYPED = frozenset({"text", "password", "search", "textarea", "email", "tel", "url"})


def every_pattern(resolver: object = None, prefix: str = "", space: str = "") -> Iterator:
    """Yield (name, pattern) of every address of the site."""
    for one in (resolver or get_resolver()).url_patterns:
        text = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            inner = f"{one.namespace}:" if one.namespace else space
            yield from every_pattern(one, text, inner)
        elif isinstance(one, URLPattern):
            yield f"{space}{one.name}", "/" + text


def address(pattern: str, values: Mapping[str, object]) -> str:
    """Fill a pattern in; a name without a value gets one that leads nowhere."""

    def fill(found: re.Match[str]) -> str:
        kind, name = (found[1] or "str:")[:-1], found[2]
        nowhere = {"uuid": "00000000-0000-4000-8000-000000000000", "int": "7"}.get(kind, "nowhere")
        return str(values.get(name, nowhere))

    return re.sub(r"<(\w+:)?(\w+)>", fill, pattern)


@dataclass
class Field:
    """One field of a form: its name, kind, value, and what may be chosen."""

    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)


@dataclass
class Form:
    """One form of a page."""

    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)


class Forms(HTMLParser):
    """Reads the forms of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._select: Field | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            method = given.get("method", "get").lower()
            self.found.append(Form(given.get("action", ""), method))
        elif self.found and tag in ("input", "textarea", "select", "button") and given.get("name"):
            self._field(tag, given)
        elif tag == "option" and self._select is not None:
            self._select.choices.append(given.get("value", ""))

    def _field(self, tag: str, given: Mapping[str, str]) -> None:
        kind = given.get("type", "text") if tag == "input" else tag
        fields = self.found[-1].fields
        one = fields.setdefault(given["name"], Field(given["name"], kind, given.get("value", "")))
        if kind in ("radio", "checkbox", "button"):
            one.choices.append(given.get("value", "on"))
        self._select = one if tag == "select" else None


def likely(form: Form, words: str) -> dict[str, object]:
    """Return what somebody might post: their words wherever words go, a choice of each."""
    return {name: _likely(one, words) for name, one in form.fields.items()}


def nonsense(form: Form, words: str) -> dict[str, object]:
    """Return words in every field, also where a choice or a number belongs."""
    return {name: words for name in form.fields if name != "csrfmiddlewaretoken"}


def _likely(one: Field, words: str) -> object:
    if one.kind in TYPED:
        return words
    if one.kind == "file":
        return SimpleUploadedFile("notes.csv", words.encode())
    if one.kind == "number":
        return "3"
    if one.kind == "date":
        return "2026-11-20"
    if one.choices:
        return [choice for choice in one.choices if choice][:1] or one.choices[:1]
    return one.value


@dataclass
class Seen:
    """Everything that came back."""

    statuses: dict[str, set[int]] = field(default_factory=dict)
    answers: int = 0
    failures: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    cookies: set[str] = field(default_factory=set)
    foreign: list[str] = field(default_factory=list)

    def note(self, name: str, who: str, answer: HttpResponse) -> str:
        """Look at one answer: its status, headers, cookies; return its text."""
        self.answers += 1
        self.statuses.setdefault(name, set()).add(answer.status_code)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if answer.status_code >= 500 and answer.status_code != 503:
            self.failures.append(f"{name} as {who}: {answer.status_code}")
        if "no-store" not in answer.headers.get("Cache-Control", ""):
            self.kept.append(f"{name} as {who}: {answer.headers.get('Cache-Control')}")
        if "attachment" in answer.headers.get("Content-Disposition", ""):
            self.files[f"{name} as {who}"] = body
        self.cookies |= {morsel.value for morsel in answer.cookies.values()}
        return body.decode("utf-8", "replace")


@dataclass(frozen=True)
class Visit:
    """One address, who goes there, and the words that they type."""

    name: str
    who: str
    path: str
    words: str


def drive(client: Client, seen: Seen, visit: Visit) -> str:
    """Open one page, then post each of its forms three times; return the page's text."""
    query = {"page": visit.words, "next": f"/{visit.words}"}
    page = seen.note(visit.name, visit.who, client.get(visit.path, query))
    forms = [one for one in Forms(page).found if one.method == "post" and not _of_the_bar(one)]
    for form in forms or [Form("", "post")]:
        target = form.action if form.action.startswith("/") else visit.path
        for data in (nonsense(form, visit.words), {}, likely(form, visit.words)):
            seen.note(visit.name, visit.who, client.post(target, data))
    return page


def _of_the_bar(form: Form) -> bool:
    """Whether a form stands on every page and is driven at its own address."""
    return form.action.strip("/") in ("panic", "sign-out", "leave", "language", "keep")
