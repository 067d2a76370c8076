"""What left the demonstration: a number, a table where there are people enough, an ask for rows."""

from __future__ import annotations

import secrets
from datetime import date

from footbridge.disclosure.recipients import write_public
from footbridge.evidence import actions as evidence
from footbridge.evidence.extracts import actions as extracts
from footbridge.evidence.extracts.actions import Wanted
from footbridge.evidence.models import Study
from footbridge.evidence.reports import actions as reports
from footbridge.evidence.reports.catalogue import BY_CODE
from footbridge.evidence.reports.content import Copy
from footbridge.evidence.reports.protecting import ReleaseError
from footbridge.trust.access import staff
from footbridge.trust.access.actors import Actor
from footbridge.trust.quarters import closed
from footbridge.trust.vault.crypto import KeyPair


def let_leave(study: Study, *, coordinator: Actor, analyst: Actor, on: date) -> None:
    """Release the last ripe quarter, and let the analyst ask for an extract.

    The coordinator gets the study's key, so that there is a second person to agree.
    """
    for code in ("in-care", "need"):
        report = BY_CODE[code]
        quarter = next(one for one in closed(on) if on >= report.ripe_on(one))
        try:
            reports.release(
                report, quarter, Copy.OUTSIDE, by=coordinator, on=on, draws=secrets.randbelow
            )
        except ReleaseError:
            continue  # a demonstration of a few people has too few for a table
    everybody = staff.everybody(site=analyst.site)
    second = next(one for one in everybody if one.id == coordinator.id)
    evidence.add_analyst(study, colleague=second, by=analyst, on=on)
    nobody = write_public(KeyPair.new().public)  # the private half is thrown away
    wanted = Wanted(("arm", "employment", "urine"), study.month, nobody)
    extracts.ask(study, wanted, by=analyst, on=on)
