"""Every page, as every role, on a phone and a desk: it answers, fits, and axe finds nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from footbridge.evidence.models import ExtractAsk, Release, Study
from footbridge.journey.people import queries as people
from footbridge.journey.services import queries as services
from footbridge.site.demo.build import build
from footbridge.site.demo.cast import CAST
from footbridge.trust import runtime
from footbridge.trust.access import care_teams, staff
from footbridge.trust.access.actors import Actor
from footbridge.trust.quarters import closed
from footbridge.trust.recognition import actions as recognition
from footbridge.trust.recognition.throttle import Throttle
from tests.browsing import faults
from tests.functional.conftest import WIDTHS

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.once]
LOOKS = {"desk": ("en", "light"), "phone": ("zh-hans", "dark")}
# Who looks, and how many pages they see at least.
ROLES = {"willow": 25, "maple": 25, "birch": 8, "alder": 8, "person": 5}
# Ends a session when it is only looked at.
LEFT_OUT = {"kiosk:recognise"}


def every_pattern(resolver=None, prefix="", space=""):
    """Yield (name, pattern text, view) of every address."""
    for one in (resolver or get_resolver()).url_patterns:
        text = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from every_pattern(one, text, f"{one.namespace}:" if one.namespace else space)
        elif isinstance(one, URLPattern):
            yield f"{space}{one.name}", text, one.callback


def address(text: str, values: dict[str, object]) -> str:
    """Fill a pattern in; KeyError where a value is missing."""
    import re

    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), text)


class Cast:
    """A small demonstration, and what its addresses take."""

    def __init__(self) -> None:
        self.papers = build(on=timezone.localdate(), progress=lambda *_: None, each_arm=6)
        site = runtime.seal.keys
        self.actors = {
            one.name: staff.sign_in(
                one.name,
                passphrase=one.passphrase,
                totp=one.code,
                cost=django_settings.FOOTBRIDGE_KDF_COST,
                site=site,
                used=staff.UsedCodes(),
            )
            for one in CAST
        }
        holder = recognition.open_key(
            self.papers.handle,
            self.papers.phrase,
            cost=django_settings.FOOTBRIDGE_KDF_COST,
            site=site,
            throttle=Throttle(),
        )
        self.actors["person"] = Actor(holder.id, holder.pair, holder.site)

    def values(self, name: str) -> dict[str, object]:
        actor = self.actors[name]
        willow = self.actors["willow"]
        mine = care_teams.caseload(willow.id, site=willow.site)
        richest = max(mine, key=lambda view: len(people.open_record(view.id, by=willow).entries))
        record = people.open_record(richest.id, by=willow)
        referral = next(
            (e.record.referral for e in record.entries if hasattr(e.record, "referral")),
            uuid.uuid4(),
        )
        event = next(
            (e.record.event for e in record.entries if hasattr(e.record, "event")), uuid.uuid4()
        )
        taken = next(e for e in record.entries if e.record.KIND.name == "assessment-taken")
        objective = next(e.record for e in record.entries if e.record.KIND.name == "objective-set")
        return {
            "person_id": richest.id,
            "staff_id": self.actors["cedar" if name != "cedar" else "willow"].id,
            "referral_id": referral,
            "referral": referral,
            "study_id": Study.objects.get().id,
            "study": Study.objects.get().id,
            "service_id": services.directory().services[0].id,
            "service": services.directory().services[0].id,
            "entry": taken.id,
            "entry_id": taken.id,
            "instrument": "recovery-capital-check",
            "version": 1,
            "objective": objective.objective,
            "objective_id": objective.objective,
            "goal_id": objective.goal,
            "goal": objective.goal,
            "purpose": "research",
            "level": "stop-research",
            "event_id": event,
            "month": 3,
            "need": "employment",
            "me": actor.id,
            **what_left(),
        }


@pytest.fixture
def cast(chromium, transactional_db, settings, tmp_path):
    settings.FOOTBRIDGE_DATA, settings.FOOTBRIDGE_DEMO = tmp_path, True
    yield Cast()
    runtime.panic()


def what_left() -> dict[str, object]:
    """Return the values of addresses that no person's record fills: what left, or may leave."""
    return {
        "secret": "nowhere",  # of a calendar that was never made
        "report": "cascade",
        "quarter": str(closed(timezone.localdate())[1]),
        "copy": "outside",
        "release_id": Release.objects.first().id,
        "extract_id": ExtractAsk.objects.first().id,
    }


def missing_values(values):
    for name, text, _ in every_pattern():
        try:
            address(text, values)
        except KeyError as missing:
            yield f"{name}: {missing}"


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_every_page_answers_fits_and_is_accessible(cast, chromium, live_server, width):
    problems, seen = [], {}
    for name in ROLES:
        values = cast.values(name)
        assert list(missing_values(values)) == []
        context = window_of(cast.actors[name], chromium, live_server.url, width=width)
        seen[name] = 0
        for fault in walk(context, live_server.url, values):
            seen[name] += fault is None
            problems += [f"{name}: {fault}"] if fault else []
        context.close()

    assert not problems, "\n".join(problems)
    assert all(seen[name] >= least for name, least in ROLES.items()), seen


def window_of(actor, chromium, url: str, *, width: str):
    """Return a browser context in which somebody is signed in."""
    language, scheme = LOOKS[width]
    size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
    context = chromium.new_context(viewport=size, color_scheme=scheme)
    context.set_default_timeout(90_000)
    kept = {"footbridge": runtime.sessions().begin(actor), "language": language}
    context.add_cookies([{"name": name, "value": kept[name], "url": url} for name in kept])
    return context


def walk(context, url: str, values) -> Iterator[str | None]:
    """Yield what is wrong with each address, and None for every page that was looked at."""
    page = context.new_page()
    for title, text, view in every_pattern():
        if title in LEFT_OUT or not hasattr(view, "door"):
            continue
        path = address(text, values)
        answer = context.request.get(url + path, max_redirects=0)
        if answer.status >= 500:
            yield f"{title}: {answer.status}"
        if answer.status != 200 or "text/html" not in answer.headers.get("content-type", ""):
            continue
        page.goto(url + path)
        yield None
        yield from (f"{title}: {fault}" for fault in faults(page))
