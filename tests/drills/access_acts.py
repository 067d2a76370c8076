"""What the access machine does to the site: each act as a page or a colleague would do it."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from footbridge.journey.consents import actions as consents
from footbridge.journey.consents import texts
from footbridge.journey.consents.rules import Language, Level, Offer, Purpose
from footbridge.journey.people import queries as people
from footbridge.journey.people.actions import writing
from footbridge.trust import places, runtime
from footbridge.trust.access import care_teams, circles, staff
from footbridge.trust.access.circles import Member
from footbridge.trust.access.rules import Capability
from footbridge.trust.decisions import HouseError, RefusedError
from footbridge.trust.recognition import actions as recognition
from footbridge.trust.recognition import fallback, memory, transfer
from footbridge.trust.vault import ceremony, persons
from footbridge.trust.vault.compartments import PlainHolder
from footbridge.trust.vault.models import Wrap
from footbridge.trust.weeks import IsoWeek
from tests.drills.filling import filled
from tests.drills.stage import Somebody, Stage

CUE = "the smell of wet rope in the dark"
WAYS = "comes by the tea house on market days"


class PageRefusedError(HouseError):
    """A page answered with a form again, or with a refusal."""

    def __init__(self, status):
        super().__init__("The page answered {status}.", status=status)


def _cost():
    return settings.FOOTBRIDGE_KDF_COST


def _view(stage: Stage, person: Somebody):
    return persons.get(person.id, site=stage.site)


def _record(stage: Stage, by: UUID, person: Somebody):
    return people.open_record(person.id, by=stage.actor(by))


def _holder(stage: Stage, person: Somebody):
    return PlainHolder(person.id, person.pair, stage.site)


def _posted(response):
    """Tell a form that was accepted (it sends on) from one that was not."""
    if response.status_code != 302:
        raise PageRefusedError(response.status_code)


def epochs_in_use():
    return Wrap.objects.order_by().values_list("epoch", flat=True).distinct()


def recovery_key(stage: Stage) -> bytes:
    return ceremony.recovery_pair(list(stage.house.founded.recovery_shares[:3])).private


def enrol(stage: Stage, by: UUID) -> Somebody:
    enrolled = recognition.enrol(language="en", by=stage.actor(by), on=stage.on, cost=_cost())
    return stage.arrive(enrolled)


def consent(stage: Stage, by: UUID, person: Somebody, purpose: Purpose) -> None:
    text = texts.newest()[purpose]
    offer = Offer(frozenset({purpose}), Language.EN, True, True, text.lasts)
    actor = stage.actor(by)
    consents.give(_view(stage, person), offer, text=text.id, by=actor, on=stage.on)


def withdraw(stage: Stage, by: UUID, person: Somebody, what: str) -> None:
    level = Level(what) if what.startswith("stop") else None
    consents.withdraw(
        _record(stage, by, person),
        level=level,
        purposes=frozenset() if level else frozenset({Purpose(what)}),
        at_kiosk=by == person.id,
        on=stage.on,
    )


def keep_contact(stage: Stage, by: UUID, person: Somebody, *, days: int) -> None:
    consents.agree_contact(_record(stage, by, person), WAYS, on=stage.on, days=days)


def keep_answers(stage: Stage, by: UUID, person: Somebody) -> None:
    record = _record(stage, by, person)
    decision = consents.state_of(record).may(Purpose.RECALL, on=stage.on)
    if not decision:
        raise RefusedError.by(decision)
    asked = memory.suggested_questions(draws=lambda below: 0)
    answers = {name: next(iter(memory.questions()[name].options)) for name in asked}
    until = IsoWeek.of(consents.state_of(record).terms[Purpose.RECALL].expires_on)
    actor = stage.actor(by)
    fallback.keep_answers(record.person, answers, cue=CUE, until=until, by=actor, on=stage.on)


def write(stage: Stage, by: UUID, person: Somebody, record, draws) -> None:
    opened = _record(stage, by, person)
    with writing("plan.changed", opened, on=stage.on) as doing:
        if record.KIND.name.startswith("consent"):
            return  # what the model does not know of must not give or end a consent
        doing.care(filled(record, draws))
        doing.summary(attempts=draws.randrange(9))


def write_research(stage: Stage, by: UUID, person: Somebody, record, draws) -> bool:
    opened = _record(stage, by, person)
    with writing("outcome.coded", opened, on=stage.on) as doing:
        return doing.research(filled(record, draws))


def grant(stage: Stage, by: UUID, person: Somebody, to: UUID) -> None:
    profile = staff.profile_of(to, site=stage.site)
    care_teams.grant(person=_view(stage, person), to=profile, by=stage.actor(by), on=stage.on)


def grant_by_phrase(stage: Stage, person: Somebody, to: UUID) -> None:
    _posted(
        stage.clients[to].post(f"/people/{person.id}/join/", {"phrase": " ".join(person.phrase)})
    )


def revoke(stage: Stage, by: UUID, person: Somebody, who: UUID) -> None:
    care_teams.revoke(person=_view(stage, person), from_staff=who, by=stage.actor(by), on=stage.on)


def revoke_everything(stage: Stage, by: UUID, who: UUID) -> None:
    care_teams.revoke_everything(colleague=who, by=stage.actor(by), on=stage.on)


def leave(stage: Stage, by: UUID, who: UUID) -> None:
    _posted(stage.clients[by].post(f"/colleagues/{who}/leave/"))
    del stage.roles[who]


def join(stage: Stage, by: UUID, role) -> Somebody:
    stage.actor(by).check(Capability.MANAGE_STAFF)
    actor = stage.house.add_staff(f"new-{len(stage.pairs)}", role)
    stage.pairs[actor.id], stage.roles[actor.id] = actor.pair, role
    stage.sign_in(actor.id)
    return actor


def change_role(stage: Stage, by: UUID, who: UUID, role) -> None:
    _posted(stage.clients[by].post(f"/colleagues/{who}/role/", {"role": role.value}))
    stage.roles[who] = role
    stage.sign_in(who)


def join_circle(stage: Stage, by: UUID, circle: UUID, who: UUID) -> None:
    member = Member(who, stage.pairs[who].public)
    circles.add(circle=circle, member=member, by=stage.actor(by), on=stage.on)


def leave_circle(stage: Stage, by: UUID, circle: UUID, who: UUID) -> None:
    staying = [Member(one, stage.pairs[one].public) for one in circles.members(circle)]
    circles.leave(circle=circle, leaving=who, staying=staying, by=stage.actor(by), on=stage.on)


def deal_again(stage: Stage, first: UUID, second: UUID, members: list[UUID]) -> None:
    dealt = [Member(one, stage.pairs[one].public) for one in members]
    fallback.deal_again(
        members=dealt, present=(stage.actor(first), stage.actor(second)), on=stage.on
    )


def choose_phrase(stage: Stage, person: Somebody) -> None:
    words = recognition.choose_new_phrase(
        _holder(stage, person), language="en", cost=_cost(), on=stage.on
    )
    stage.learn(person, words)


def renew_phrase(stage: Stage, by: UUID, person: Somebody) -> None:
    words = recognition.renew_phrase(
        _view(stage, person), by=stage.actor(by), on=stage.on, cost=_cost()
    )
    stage.learn(person, words)


def recover(stage: Stage, to: UUID, person: Somebody) -> None:
    words = recognition.recover(
        _view(stage, person),
        shares=list(stage.house.founded.recovery_shares[1:4]),
        to=stage.actor(to),
        on=stage.on,
        cost=_cost(),
    )
    stage.learn(person, words)


def transfer_out(stage: Stage, by: UUID, person: Somebody):
    return transfer.make(
        _view(stage, person),
        holder=_holder(stage, person),
        by=stage.actor(by),
        on=stage.on,
        cost=_cost(),
    )


def _take_in(stage: Stage, made, to: UUID) -> Somebody:
    enrolled = transfer.take_in(
        made.file,
        " ".join(made.code),
        language="en",
        by=stage.actor(to),
        on=stage.on,
        cost=_cost(),
    )
    return stage.arrive(enrolled)


def forget(stage: Stage, person: Somebody) -> None:
    asked = {"phrase": " ".join(person.phrase), "sure": "on"}
    _posted(person.client.post("/kiosk/forget/", asked))
    stage.people.remove(person)
    assert runtime.sessions().end_of(person.id) == 0
    assert person.id in places.tombstones().read()


def move(stage: Stage, by: UUID, person: Somebody, to: UUID) -> Somebody:
    """Make a transfer and take it in again, here, as another site would."""
    return _take_in(stage, transfer_out(stage, by, person), to)
