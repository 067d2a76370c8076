"""Giving and taking back consent: each is a key made, wrapped or deleted in the same act."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from footbridge.journey.consents import rules, texts
from footbridge.journey.consents.records import ConsentGiven, ConsentWithdrawn, ContactAgreed
from footbridge.journey.consents.rules import OPENS, Holder, Level, Offer, Purpose
from footbridge.journey.consents.state import ConsentState, apply, summary_changes
from footbridge.journey.people.actions import writing
from footbridge.journey.people.queries import OpenRecord, open_record
from footbridge.trust.access import care_teams, circles
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.circles import CircleKind
from footbridge.trust.decisions import RefusedError, gettext_noop
from footbridge.trust.vault import ceremony, compartments, letterboxes, models, persons
from footbridge.trust.vault.compartments import Head, OpenCompartment
from footbridge.trust.vault.folding import Opened, fold
from footbridge.trust.vault.persons import PersonView
from footbridge.trust.vault.records import Compartment, FreeText, Record
from footbridge.trust.weeks import IsoWeek

# The person always holds their own keys, except where only a duty may read.
_OWN = frozenset({Compartment.CARE, Compartment.SUMMARY, Compartment.CONTACT})


@dataclass(frozen=True, slots=True)
class _Key:
    holder: UUID
    public: bytes


def state_of(record: OpenRecord) -> ConsentState:
    """Return the consents that a record holds."""
    return fold(record.entries, apply, ConsentState())


def give(
    person: PersonView, offer: Offer, *, text: str, by: Actor, on: date, limit: int = 0
) -> OpenRecord:
    """Note a spoken consent and make or wrap the keys that it is.

    The first consent to care creates the record; the worker who heard it is its team.

    Raises
    ------
    RefusedError
        If the text was not read as it must be, or needs another consent first; if somebody
        new would be one more than the actor's caseload may hold (`limit`, 0: the house's own).
    NoWrapError
        If there is a record already to which the actor holds no key.
    """
    decision = rules.may_give(texts.text(text), offer)
    if not decision:
        raise RefusedError.by(decision)
    with _record(person, by=by, limit=limit) as record:
        state = state_of(record)
        _check_needed(state, offer.purposes, on=on)
        with writing("consent.given", record, on=on, detail=text) as doing:
            for purpose in sorted(offer.purposes):
                _open(record, purpose, on=on)
            given = ConsentGiven(
                text=text,
                purposes=offer.purposes,
                language=offer.language,
                given_on=on,
                read_twice=offer.read_twice,
                questions_answered=offer.questions_answered,
                lasts=offer.lasts,
            )
            doing.care(given)
            after = _after(state, given)
            doing.summary(**summary_changes(after, on=on), last_seen=IsoWeek.of(on))
            _set_ends(record, after)
    return record


def withdraw(
    record: OpenRecord,
    *,
    level: Level | None = None,
    purposes: frozenset[Purpose] = frozenset(),
    at_kiosk: bool,
    on: date,
) -> frozenset[Purpose]:
    """Take consent back: the keys that it was are deleted in the same act.

    Returns what ended. To be forgotten altogether is `recognition.actions.forget`.
    """
    ended = rules.ended_by(level, purposes)
    state = state_of(record)
    with writing("consent.withdrawn", record, on=on) as doing:
        taken = ConsentWithdrawn(level=level, purposes=purposes, withdrawn_on=on, at_kiosk=at_kiosk)
        doing.care(taken)
        doing.summary(**summary_changes(_after(state, taken), on=on))
        _close(record, ended)
    persons.truncate_log()
    return ended & state.held(on=on)


def agree_contact(record: OpenRecord, ways: str, *, on: date, days: int) -> None:
    """Keep how the person may safely be reached, for so many days; nothing of before stays.

    Raises
    ------
    RefusedError
        If there is no consent to contact, or the words hold a number or an address.
    """
    for decision in (state_of(record).may(Purpose.CONTACT, on=on), rules.may_keep_ways(ways)):
        if not decision:
            raise RefusedError.by(decision)
    with writing("contact.changed", record, on=on) as doing:
        contact = _fresh_contact(record, on=on, days=days)
        doing.into(contact, ContactAgreed(FreeText(ways.strip()), on))
    persons.truncate_log()


def _fresh_contact(record: OpenRecord, *, on: date, days: int) -> OpenCompartment:
    site, person = record.by.site, record.person
    old = compartments.find(person.id, Compartment.CONTACT, site=site)
    if old is not None:
        old.delete()
    agreed_until = IsoWeek.of(state_of(record).terms[Purpose.CONTACT].expires_on)
    made = compartments.make(
        person.id,
        Compartment.CONTACT,
        site=site,
        expires=min(IsoWeek.of(on) + days // 7, agreed_until),
    )
    for key in [_person_key(record), *_team_keys(record)]:
        compartments.grant(made, holder=key.holder, public=key.public, site=site)
    return made


@contextmanager
def _record(person: PersonView, *, by: Actor, limit: int) -> Iterator[OpenRecord]:
    """Open the record, or make one for somebody who has none yet."""
    with transaction.atomic():
        row = compartments.find(person.id, Compartment.CARE, site=by.site)
        if row is not None:
            yield open_record(person.id, by=by)
            return
        care_teams.check_room(by.id, site=by.site, limit=limit)
        care = compartments.make(person.id, Compartment.CARE, site=by.site)
        for key in (_Key(person.id, person.public), _Key(by.id, by.pair.public)):
            compartments.grant(care, holder=key.holder, public=key.public, site=by.site)
        yield OpenRecord(person, by, care, ())


def _open(record: OpenRecord, purpose: Purpose, *, on: date) -> None:
    site = record.by.site
    for opening in sorted(OPENS[purpose], key=lambda one: (one.compartment, one.holder)):
        if opening.compartment in (Compartment.CONTACT, Compartment.RECALL):
            continue  # made when there is something to keep in it
        keys = [*_keys_of(opening.holder, record)]
        if opening.compartment is Compartment.RESEARCH and _all_hold(record, keys):
            continue  # the same yes, read again: what was told before stays
        part = _ensure(record, opening.compartment)
        if opening.compartment in _OWN:
            keys.append(_person_key(record))
        for key in keys:
            compartments.grant(part, holder=key.holder, public=key.public, site=site)


def _ensure(record: OpenRecord, kind: Compartment) -> OpenCompartment:
    site, person = record.by.site, record.person.id
    if kind is Compartment.CARE:
        return record.care
    row = compartments.find(person, kind, site=site)
    if row is None:
        return compartments.make(person, kind, site=site)
    if kind is Compartment.RESEARCH:
        # A study lacks its key, and nobody here holds it to hand on: begin an empty one.
        row.delete()
        return compartments.make(person, kind, site=site)
    return compartments.open_for(person, kind, holders=[record.by])


def _set_ends(record: OpenRecord, state: ConsentState) -> None:
    """Tell each compartment the week in which its consent ends, for housekeeping to act on."""
    site, person = record.by.site, record.person.id
    until = {p: IsoWeek.of(terms.expires_on) for p, terms in state.terms.items()}
    care = until[Purpose.CARE] + rules.GRACE_WEEKS if Purpose.CARE in until else None
    recovery, recall = until.get(Purpose.RECOVERY), until.get(Purpose.RECALL)
    changes: dict[Compartment, Callable[[Head], Head]] = {
        Compartment.CARE: lambda head: replace(head, lapses=care, recovery=recovery),
        Compartment.SUMMARY: lambda head: replace(head, lapses=care),
        Compartment.RECALL: lambda head: replace(head, expires=recall),
    }
    for kind, change in changes.items():
        row = compartments.find(person, kind, site=site)
        if row is not None:
            compartments.change_head(row, change, site=site)


def _all_hold(record: OpenRecord, keys: list[_Key]) -> bool:
    """Whether there is a research compartment, sealed to every study that there is now."""
    row = compartments.find(record.person.id, Compartment.RESEARCH, site=record.by.site)
    if row is None or not keys:
        return False
    holders = {key.holder for key in keys}
    return models.Wrap.objects.filter(compartment=row, holder__in=holders).count() == len(holders)


def _keys_of(holder: Holder, record: OpenRecord) -> Iterable[_Key]:
    site = record.by.site
    match holder:
        case Holder.CARE_TEAM:
            return _team_keys(record)
        case Holder.COORDINATORS:
            found = circles.the_one(CircleKind.COORDINATORS, site=site)
            return [_Key(found.id, found.public)] if found is not None else []
        case Holder.STUDY:
            return [_Key(c.id, c.public) for c in circles.of_kind(CircleKind.STUDY, site=site)]
        case Holder.RECOVERY_KEY:
            public = ceremony.recovery_public(site)
            if public is None:
                raise RefusedError(
                    gettext_noop("This site has no recovery key, so this cannot be agreed to.")
                )
            return [_Key(ceremony.recovery_holder_id(site.site), public)]
        case Holder.TWO_STAFF:
            return []


def _team_keys(record: OpenRecord) -> list[_Key]:
    # Not simply who stands in the table: somebody with the database could add themself there.
    members = care_teams.genuine_team(record.care, site=record.by.site).members
    keys = [_Key(member.id, member.public) for member in members]
    if record.by.is_staff and record.by.id not in {key.holder for key in keys}:
        keys.append(_Key(record.by.id, record.by.pair.public))
    return keys


def _person_key(record: OpenRecord) -> _Key:
    person = record.person
    if not care_teams.is_own_key(record.care, person, site=record.by.site):
        raise RefusedError(
            gettext_noop(
                "The key under which this person is known is not the one that their record knows. "
                "Nothing was written. Give the person a new phrase, and tell the keyholders."
            )
        )
    return _Key(person.id, person.public)


def _close(record: OpenRecord, ended: frozenset[Purpose]) -> None:
    site, person = record.by.site, record.person.id
    for purpose, kind in (
        (Purpose.CONTACT, Compartment.CONTACT),
        (Purpose.RESEARCH, Compartment.RESEARCH),
        (Purpose.RECALL, Compartment.RECALL),
    ):
        row = compartments.find(person, kind, site=site) if purpose in ended else None
        if row is not None:
            row.delete()
    recovery = ceremony.recovery_holder_id(site.site)
    if Purpose.RECOVERY in ended:
        compartments.revoke(record.care.id, holders=[recovery])
    if Purpose.CARE in ended:
        letterboxes.shut_every(record.care, site=site)
        # The ways back stand on consents of their own: each is taken back by itself.
        recall = compartments.slot(site, person, Compartment.RECALL)
        models.Wrap.objects.filter(compartment__person=person).exclude(
            Q(holder__in=[person, recovery]) | Q(compartment__slot=recall)
        ).delete()


def _check_needed(state: ConsentState, purposes: frozenset[Purpose], *, on: date) -> None:
    for purpose in purposes:
        needed = rules.REQUIRES.get(purpose)
        if needed is not None and needed not in purposes and not state.may(needed, on=on):
            raise RefusedError(
                gettext_noop("This needs the consent to care first. Read that text and ask.")
            )


def _after(state: ConsentState, record: Record) -> ConsentState:
    return apply(state, Opened(uuid4(), 0, record))
