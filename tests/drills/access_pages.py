"""What the pages answer, held against the model: who gets a record, who is sent elsewhere."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.http import HttpResponse

from footbridge.journey.desk import kiosk, views
from footbridge.site import middleware
from tests.drills.access_model import CARE, SUMMARY, AccessModel
from tests.drills.stage import Somebody, Stage

Page = tuple[str, UUID]
Answer = tuple[int, str]
MOST = 2


@dataclass
class Pages:
    """Asks pages after each step: those whose answer must have changed, and one more in turn."""

    asked: int = 0
    turn: int = 0
    before: dict[Page, Answer] = field(default_factory=dict)

    @classmethod
    def quick(cls, monkeypatch) -> Pages:
        """Let pages answer with the name of their template and their people's handles.

        The doors, the session, the decision and the opening of the record are all the real
        ones; only the writing of HTML is left out, which the matrix of addresses covers.
        """

        def plain(_request, template, context, status=200):
            lists = (value for value in context.values() if isinstance(value, list))
            rows = [row for found in lists for row in found if hasattr(row, "person")]
            handles = [row.person.handle for row in rows]
            return HttpResponse("\n".join([template, *sorted(handles)]), status=status)

        for module in (views, kiosk, middleware):
            monkeypatch.setattr(module, "render", plain)
        monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)
        return cls()

    def check(self, stage: Stage, model: AccessModel) -> None:
        """Ask pages whose answer the last step should have changed, and the next in turn."""
        wanted = dict(_expected(stage, model))
        changed = [page for page in wanted if self.before.get(page) != wanted[page]]
        self.before, self.turn = wanted, self.turn + 1
        for page in {*changed[:MOST], list(wanted)[self.turn % len(wanted)]}:
            found = self._ask(stage, *page)
            assert found == wanted[page], f"{page[0]} answered {found}, and not {wanted[page]}"

    def all_sealed(self, stage: Stage) -> None:
        """Ask a colleague's page and a person's of a sealed site."""
        for client in (stage.client(next(iter(stage.roles))), stage.people[0].client):
            for address in ("/today/", "/kiosk/mine/"):
                self.asked += 1
                found = client.get(address).status_code
                assert found == 503, f"a sealed site answered {found}"

    def _ask(self, stage: Stage, address: str, who: UUID) -> Answer:
        self.asked += 1
        response = stage.client(who).get(address)
        if response.status_code != 200:
            return response.status_code, response.headers.get("Location", "")
        return 200, response.content.decode()


def _expected(stage: Stage, model: AccessModel) -> Iterator[tuple[Page, Answer]]:
    """Yield what each page should answer to each who may ask it."""
    for person in stage.people:
        own = model.people[person.id].holds(person.id)
        yield ("/kiosk/mine/", person.id), (200, f"kiosk/mine{'' if own else '-empty'}.html")
        for who in stage.roles:
            yield (f"/people/{person.id}/", who), _person_page(model, who, person)
    for who in stage.roles:
        mine = [p.handle for p in stage.people if model.people[p.id].holds(who, SUMMARY)]
        shown = "\n".join(["desk/today.html", *sorted(mine)])
        yield ("/today/", who), (200, shown) if model.works(who) else (403, "")


def _person_page(model: AccessModel, who: UUID, person: Somebody) -> Answer:
    known = model.people[person.id]
    if not model.works(who):
        return 403, ""
    if CARE not in known.parts:
        return 200, "desk/person-new.html"
    if known.holds(who):
        return 200, "desk/person.html"
    return 302, f"/people/{person.id}/join/"
