"""Asking for an extract, agreeing to it or not, and making it: never one person alone."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from footbridge.disclosure.errors import RecipientError
from footbridge.disclosure.microdata import Safe
from footbridge.disclosure.recipients import read_public, write_public
from footbridge.evidence import fhir
from footbridge.evidence.extracts import making, queries
from footbridge.evidence.extracts.making import ExtractError
from footbridge.evidence.extracts.queries import Source, Stage
from footbridge.evidence.models import ExtractAsk, Study
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.rules import Capability
from footbridge.trust.audit.acts import act
from footbridge.trust.decisions import RefusedError, gettext_noop


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: columns, time point, for whose key, and whether as FHIR R4 as well."""

    variables: Sequence[str]
    month: int
    recipient: str
    fhir: bool = False


def ask(study: Study, wanted: Wanted, *, by: Actor, on: date) -> ExtractAsk:
    """Ask for an extract; a colleague has to agree before it can be made.

    Raises
    ------
    ExtractError
        If the choice cannot be made safe, or the recipient's key cannot be read.
    RefusedError
        If the actor does not hold the study's key.
    """
    by.check(Capability.SEE_EVIDENCE)
    row = ExtractAsk(
        study=study,
        month=wanted.month,
        variables=list(wanted.variables),
        fhir=wanted.fhir,
        asked_by=by.id,
        asked_on=on,
        state=Stage.ASKED.value,
    )
    _check_holder(row, by)
    making.check_variables(wanted.variables)
    try:
        row.recipient = write_public(read_public(wanted.recipient))
    except RecipientError as error:
        raise ExtractError(
            gettext_noop(
                "This is not a recipient's key, or a letter of it is wrong. Copy the whole line "
                "that 'footbridge extract keygen' printed for the recipient."
            )
        ) from error
    with act("extract.asked", by=by.id, on=on, site=by.site, detail=str(row.pk)):
        row.save()
    return row


def decide(row: ExtractAsk, *, agree: bool, by: Actor, on: date) -> None:
    """Agree to an extract, or decline it; whoever asked cannot.

    Raises
    ------
    RefusedError
        If the actor asked for it, holds no key to the study, or it waits no more.
    """
    _check_holder(row, by)
    _check_stage(row, Stage.ASKED, on=on)
    if row.asked_by == by.id:
        raise RefusedError(
            gettext_noop(
                "You asked for this extract, so another colleague has to agree to it. "
                "Ask one who holds the study's key."
            )
        )
    row.state = (Stage.APPROVED if agree else Stage.DECLINED).value
    row.decided_by, row.decided_on = by.id, on
    event = "extract.approved" if agree else "extract.declined"
    with act(event, by=by.id, on=on, site=by.site, detail=str(row.pk)):
        row.save()


def make(row: ExtractAsk, *, by: Actor, on: date) -> bytes:
    """Make an extract that two people agreed to: once, sealed to its recipient.

    It is entered on the trail of everybody whose outcomes were read for it.

    Raises
    ------
    RefusedError
        If the actor did not ask for it, it was not agreed to, or it waits no more.
    ExtractError
        If no safe rows can be made.
    """
    _check_holder(row, by)
    with transaction.atomic():
        row.refresh_from_db()
        _check_stage(row, Stage.APPROVED, on=on)
        if row.asked_by != by.id:
            raise RefusedError(
                gettext_noop(
                    "Whoever asked for an extract makes it. Tell them that it may be made."
                )
            )
        found = queries.source(row.study, month=row.month, by=by)
        safe = queries.would_hold(row, found)
        data = making.sealed(_files(row, safe), recipient=row.recipient)
        _enter(row, safe, making.digest_of(data), on=on)
        _tell(row, found, by=by, on=on)
    return data


def _files(row: ExtractAsk, safe: Safe) -> dict[str, str]:
    files = {
        "data.csv": making.as_csv(
            safe, row.variables, month=row.month, fresh=lambda: secrets.token_hex(8)
        ),
        "codebook.csv": making.codebook(safe, row.variables),
        "README.txt": making.README,
    }
    if row.fhir:
        rows = [{fhir.MONTH: str(row.month), **each} for each in safe.rows]
        made = fhir.bundle(rows, draws=uuid.uuid4)
        fhir.check(made)
        files["bundle.json"] = fhir.as_json(made)
    return files


def _enter(row: ExtractAsk, safe: Safe, digest: str, *, on: date) -> None:
    row.state, row.made_on, row.digest = Stage.MADE.value, on, digest
    row.levels, row.k, row.l = dict(safe.levels), safe.k, safe.l
    row.save()


def _tell(row: ExtractAsk, found: Source, *, by: Actor, on: date) -> None:
    """Write the act on the site's trail, and on that of each person it read."""
    detail = f"{row.pk} {row.digest}"
    with act("extract.sealed", by=by.id, on=on, site=by.site, detail=detail):
        for person in found.people:
            with act("extract.read", by=by.id, on=on, site=by.site, log_key=person.log_key):
                pass


def _check_holder(row: ExtractAsk, by: Actor) -> None:
    if not queries.may_take_part(row, by=by):
        raise RefusedError(
            gettext_noop(
                "Only colleagues who hold the study's key take part in its extracts. "
                "Ask one of them to add you."
            )
        )


def _check_stage(row: ExtractAsk, wanted: Stage, *, on: date) -> None:
    if queries.stage_of(row, on=on) is not wanted:
        raise RefusedError(
            gettext_noop(
                "This extract does not wait for that: it was decided, made or has expired. "
                "Look at where it stands, or ask for it anew."
            )
        )
