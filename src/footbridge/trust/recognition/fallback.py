"""The supervised fallback: two of the staff, eight memory answers, the person's own cue.

The recall circle's private key exists only as shares sealed to its members, two of
which are needed; it is put together in memory for one search and dropped. At most one
candidate is proposed and nobody ever sees a list.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from footbridge.trust.access import circles
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.circles import CircleKind, CircleView, Member
from footbridge.trust.audit.acts import act
from footbridge.trust.decisions import HouseError, RefusedError, gettext_noop
from footbridge.trust.recognition import cues, matching, memory
from footbridge.trust.recognition.records import RecallAnswers
from footbridge.trust.vault import compartments, crypto, journal, models, persons, shares
from footbridge.trust.vault.compartments import PlainHolder
from footbridge.trust.vault.crypto import KeyPair
from footbridge.trust.vault.persons import PersonView
from footbridge.trust.vault.records import Compartment, FreeText
from footbridge.trust.vault.site_keys import SiteKeys
from footbridge.trust.weeks import IsoWeek

NEEDED = 2
MOST = 16


class FallbackError(HouseError):
    """The fallback cannot be used as it was tried."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """The one person proposed; nothing of them opens until the cue fits."""

    person: PersonView
    cue: str = field(repr=False)


def circle(*, site: SiteKeys) -> CircleView | None:
    """Return the recall circle, if the site has one."""
    return circles.the_one(CircleKind.RECALL, site=site)


def found_circle(*, members: Sequence[Member], by: Actor, on: date) -> CircleView:
    """Create the recall circle: its key is split among the members, two of whom are needed.

    Raises
    ------
    FallbackError
        If there is one already, or there are fewer than two or more than 16 members.
    """
    if circle(site=by.site) is not None:
        raise FallbackError(
            gettext_noop("There is a recall circle already. Two of its members can change it.")
        )
    _check_size(members)
    with act("recall.founded", by=by.id, on=on, site=by.site):
        pair = KeyPair.new()
        made = circles.create(CircleKind.RECALL, members=(), site=by.site, pair=pair)
        _deal(pair, circle=made.id, members=members, site=by.site)
    return made


def deal_again(*, members: Sequence[Member], present: tuple[Actor, Actor], on: date) -> None:
    """Share the key anew among other members; old shares fit no longer with new ones.

    The key pair is rotated, so shares that somebody kept open nothing.
    """
    first, _ = present
    _check_size(members)
    old = open_circle(present)
    with act("recall.dealt", by=first.id, on=on, site=first.site):
        models.Wrap.objects.filter(circle=old.id).delete()
        _deal(circles.rotate(old).pair, circle=old.id, members=members, site=first.site)
    persons.truncate_log()


def open_circle(present: tuple[Actor, Actor]) -> PlainHolder:
    """Put two members' shares together.

    Raises
    ------
    FallbackError
        If it is twice the same colleague, or one of them has no share.
    """
    first, second = present
    found = circle(site=first.site)
    if found is None:
        raise FallbackError(
            gettext_noop("This site has no recall circle yet. A coordinator can set it up.")
        )
    rows = {
        row.holder: row
        for row in models.Wrap.objects.filter(circle=found.id, holder__in=[first.id, second.id])
    }
    if first.id == second.id or len(rows) < NEEDED:
        raise FallbackError(
            gettext_noop(
                "Two different members of the recall circle must be present, each with their own "
                "passphrase. Ask another member to come."
            )
        )
    words = [
        compartments.unwrap(rows[actor.id], holder=actor).decode() for actor in (first, second)
    ]
    pair = KeyPair.of(shares.combine(words))
    crypto.check_pair(pair, found.public)
    return PlainHolder(found.id, pair, first.site)


def keep_answers(
    person: PersonView,
    answers: Mapping[str, str],
    *,
    cue: str,
    until: IsoWeek,
    by: Actor,
    on: date,
) -> None:
    """Seal somebody's answers to the recall circle, in place of earlier ones.

    `until` is the last week of their consent: housekeeping deletes the answers after it.

    Raises
    ------
    FallbackError
        If the site has no recall circle.
    RefusedError
        If the answers are not eight with three of them alone, or the cue could be looked up.
    NoWrapError
        If the actor is not in this person's care team.
    """
    compartments.open_for(person.id, Compartment.CARE, holders=[by])
    found = circle(site=by.site)
    if found is None:
        raise FallbackError(
            gettext_noop("This site has no recall circle yet. A coordinator can set it up.")
        )
    for decision in (memory.may_keep_answers(answers), cues.may_be_cue(cue)):
        if not decision:
            raise RefusedError.by(decision)
    record = RecallAnswers(answers=dict(answers), cue=FreeText(cue.strip()))
    with act("recall.kept", by=by.id, on=on, site=by.site, log_key=person.log_key) as doing:
        drop_answers(person.id, site=by.site)
        opened = compartments.make(person.id, Compartment.RECALL, site=by.site, expires=until)
        compartments.grant(opened, holder=found.id, public=found.public, site=by.site)
        doing.write(opened, record)
    persons.truncate_log()


def drop_answers(person: uuid.UUID, *, site: SiteKeys) -> None:
    """Delete somebody's answers; needs no key."""
    row = compartments.find(person, Compartment.RECALL, site=site)
    if row is not None:
        row.delete()


def propose(
    answers: Mapping[str, str], *, present: tuple[Actor, Actor], on: date
) -> Candidate | None:
    """Return the one person whom these answers fit, or nobody."""
    first, second = present
    opened = open_circle(present)
    enrolled = _everybody(opened)
    found = matching.propose(
        dict(answers), {person: kept.answers for person, kept in enrolled.items()}
    )
    with act("recall.searched", by=first.id, on=on, site=first.site, detail=str(second.id)):
        pass
    if found is None:
        return None
    view = persons.get(found.person, site=first.site)
    return Candidate(view, enrolled[found.person].cue) if view is not None else None


def confirm(candidate: Candidate, cue: str, *, by: Actor, witness: uuid.UUID, on: date) -> bool:
    """Whether the cue is the person's own; if so, their care team is told on Today."""
    fits = cues.is_the_cue(cue, candidate.cue)
    with act(
        "recall.recognised" if fits else "recall.wrong-cue",
        by=by.id,
        on=on,
        site=by.site,
        log_key=candidate.person.log_key,
        detail=str(witness),
    ):
        if fits:
            persons.change_shell(candidate.person.id, site=by.site, state="recognised")
    return fits


def _everybody(opened: PlainHolder) -> dict[uuid.UUID, RecallAnswers]:
    rows = models.Wrap.objects.filter(holder=opened.id).select_related("compartment")
    found: dict[uuid.UUID, RecallAnswers] = {}
    for row in rows:
        if row.compartment is None:
            continue
        part = compartments.OpenCompartment(
            row.compartment.id,
            row.compartment.person_id,
            compartments.open_head(opened.site, row.compartment),
            compartments.unwrap(row, holder=opened),
        )
        last = journal.latest(part)
        if last is not None and isinstance(last.record, RecallAnswers):
            found[part.person] = last.record
    return found


def _deal(pair: KeyPair, *, circle: uuid.UUID, members: Sequence[Member], site: SiteKeys) -> None:
    words = shares.split(pair.private, needed=NEEDED, shares=len(members))
    for member, share in zip(members, words, strict=True):
        circles.seal_to_member(share.encode(), circle=circle, to=member, site=site)


def _check_size(members: Sequence[Member]) -> None:
    if not NEEDED <= len({member.id for member in members}) <= MOST:
        raise FallbackError(
            gettext_noop("A recall circle has from {least} to {most} members."),
            least=NEEDED,
            most=MOST,
        )
