"""A process of its own that unseals a folder with shares and opens records as somebody.

It reads questions as JSON and prints an answer to each: two shares, and who asks, a
colleague (name, passphrase, totp) or a person (handle, phrase).
"""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from footbridge.journey.people import queries as people  # noqa: E402
from footbridge.trust import control, runtime  # noqa: E402
from footbridge.trust.access import care_teams, staff  # noqa: E402
from footbridge.trust.access.actors import Actor  # noqa: E402
from footbridge.trust.decisions import HouseError  # noqa: E402
from footbridge.trust.recognition import actions as recognition  # noqa: E402
from footbridge.trust.vault.models import Person  # noqa: E402
from footbridge.trust.vault.site_keys import seal  # noqa: E402
from tests.drills.filling import every_record  # noqa: E402

every_record()  # as a server does, by reading its addresses


def visit(question: dict[str, object]) -> dict[str, object]:
    """Return what opens, by handle; or why nothing does."""
    try:
        control.unseal_here(question["shares"], on=timezone.localdate())
        actor = _somebody(question)
        views = (
            care_teams.caseload(actor.id, site=actor.site)
            if actor.is_staff
            else [people.shell_of(actor.id, by=actor)]
        )
        opened = {
            view.handle: [repr(e.record) for e in people.open_record(view.id, by=actor).entries]
            for view in views
        }
    except HouseError as error:
        return {"open": seal.open, "error": str(error), "people": Person.objects.count()}
    return {"open": seal.open, "opened": opened, "people": Person.objects.count()}


def _somebody(question: dict[str, object]) -> Actor:
    site, cost = runtime.seal.keys, settings.FOOTBRIDGE_KDF_COST
    if "name" in question:
        return staff.sign_in(
            question["name"],
            passphrase=question["passphrase"],
            totp=question["totp"],
            cost=cost,
            site=site,
            used=runtime.used_codes,
        )
    holder = recognition.open_key(
        question["handle"],
        question["phrase"],
        cost=cost,
        site=site,
        throttle=runtime.throttle,
    )
    return Actor(holder.id, holder.pair, site)


if __name__ == "__main__":
    print(json.dumps([visit(question) for question in json.load(sys.stdin)]))
