"""What goes with every page: nothing is kept, framed, fetched from elsewhere or run inline."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone

from footbridge.site.settings import base
from footbridge.trust import runtime
from tests.drills import doorways
from tests.drills.doorways import every_door, text_of

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 21)
WHO = ("nobody", "a member of the team", "the person", "a coordinator of no team")
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
POLICY = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'", "data:"},
    "connect-src": {"'self'"},
    "form-action": {"'self'"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
    "manifest-src": {"'self'"},
}
INLINE = {
    "a script in the page": r"<script(?![^>]*\bsrc=)",
    "a style in the page": r"<style\b|\sstyle\s*=\s*[\"']",
    "a handler in the page": r"<[^>]+\son\w+\s*=",
    "something from elsewhere": r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//",
    "a script as an address": r"(?:href|action|src)\s*=\s*[\"']\s*(?:javascript|vbscript):",
}
TELLING = re.compile(
    r"heroin|drug|opioid|addict|recovery(?! key)|rehab|clinic|patient", re.IGNORECASE
)


@pytest.fixture(scope="module")
def place(django_db_setup, django_db_blocker, tmp_path_factory):
    """One site for all addresses; each asking is undone."""
    folder = tmp_path_factory.mktemp("headers") / "site"
    patch = pytest.MonkeyPatch()
    patch.setattr(timezone, "localdate", lambda *_a, **_n: DAY)
    with django_db_blocker.unblock(), override_settings(FOOTBRIDGE_DATA=folder):
        with transaction.atomic():
            built = doorways.build(folder, on=DAY)
            yield built
            transaction.set_rollback(True)
        built.house.close()
    patch.undo()


@pytest.fixture(scope="module", params=every_door(), ids=lambda door: door.name)
def answers(request, place):
    """What one address answers to each of a few visitors."""
    door = request.param
    own = place.address(door, "own")
    visitors = [one for one in place.visitors if one.name in WHO]
    assert len(visitors) == len(WHO)
    return [place.ask_and_undo(one, "GET", own)[0] for one in visitors]


def test_every_answer_has_the_quiet_headers(answers):
    for answer in answers:
        found = {name: answer.headers.get(name) for name in HEADERS}
        assert found == HEADERS
        assert "no-store" in answer.headers["Cache-Control"]
        assert "camera=()" in answer.headers["Permissions-Policy"]
        assert "ETag" not in answer.headers
        assert "Last-Modified" not in answer.headers


def test_every_answer_forbids_whatever_is_not_the_sites_own(answers):
    for answer in answers:
        policy = {}
        for directive in answer.headers["Content-Security-Policy"].split(";"):
            name, *sources = directive.split()
            policy[name] = set(sources)
        assert policy == POLICY


def test_no_page_needs_what_its_policy_forbids(answers):
    for answer in answers:
        if "text/html" not in answer.headers.get("Content-Type", ""):
            continue
        page = text_of(answer)
        found = [what for what, pattern in INLINE.items() if re.search(pattern, page)]
        assert found == []


def test_no_title_tells_over_a_shoulder_what_this_place_is_for(answers):
    for answer in answers:
        for title in re.findall(r"<title>(.*?)</title>", text_of(answer), re.DOTALL):
            assert not TELLING.search(title)


def test_cookies_are_strict_short_lived_and_out_of_reach_of_scripts(answers):
    for answer in answers:
        for cookie in answer.cookies.values():
            assert cookie["samesite"] == "Strict"
            deleted = cookie["max-age"] == 0
            assert deleted or (
                cookie["httponly"] and not cookie["max-age"] and not cookie["expires"]
            )


def test_the_policy_that_is_tested_is_the_one_that_is_set():
    assert set(base.CONTENT_SECURITY_POLICY["DIRECTIVES"]) == set(POLICY)


@pytest.mark.parametrize("pattern", INLINE, ids=lambda name: name)
def test_what_is_looked_for_in_pages_is_found_where_it_is(pattern):
    bad = {
        "a script in the page": "<script>1</script>",
        "a style in the page": '<p style="color:red">',
        "a handler in the page": '<a href="/" onclick="x()">',
        "something from elsewhere": '<img src="//elsewhere.example/x.png">',
        "a script as an address": '<a href="javascript:x()">',
    }

    assert re.search(INLINE[pattern], bad[pattern])


@pytest.mark.parametrize("door", every_door(), ids=lambda door: door.name)
def test_no_address_takes_a_form_without_its_token(place, door):
    browser = Client(enforce_csrf_checks=True)
    member = next(one for one in place.visitors if one.member)
    browser.cookies["footbridge"] = runtime.sessions().begin(member.actor)
    before = place.fingerprint()

    with transaction.atomic():
        answer = browser.post(place.address(door, "own"), place.likely_form(door))
        unchanged = place.fingerprint() == before
        transaction.set_rollback(True)

    assert answer.status_code == 403
    assert unchanged
    assert runtime.seal.open
