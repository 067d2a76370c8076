"""What pages call the coded values of this room; reasons have their words in data/."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from footbridge.journey.referrals.handoffs import (
    HandoffAgreed,
    HandoffOutcome,
    HandoffWay,
    HandoffWho,
)
from footbridge.journey.referrals.letters import ServiceSays
from footbridge.journey.referrals.rules import Confirmation, NeedOutcome
from footbridge.journey.referrals.table import Actor, Condition, ReferralState
from footbridge.journey.referrals.trays import Tray

STATES: Mapping[ReferralState, Promise] = {
    ReferralState.DRAFT: _("In mind"),
    ReferralState.OFFERED: _("Offered"),
    ReferralState.CONSENTED: _("Agreed to"),
    ReferralState.SENT: _("Sent"),
    ReferralState.ACCEPTED: _("Accepted by the service"),
    ReferralState.APPOINTMENT: _("Appointment made"),
    ReferralState.LINKED: _("Linked: attended once"),
    ReferralState.ENGAGED: _("Engaged: 14 days or more"),
    ReferralState.RETAINED: _("Retained: 90 days or more"),
    ReferralState.NO_SHOW: _("Did not attend"),
    ReferralState.DECLINED: _("Declined"),
    ReferralState.EXPIRED: _("Ran out"),
    ReferralState.REROUTED: _("Sent on elsewhere"),
    ReferralState.CANCELLED: _("Cancelled"),
    ReferralState.ENDED: _("Ended"),
}

ACTORS: Mapping[Actor, Promise] = {
    Actor.PERSON: _("The person"),
    Actor.WORKER: _("The case worker"),
    Actor.SERVICE: _("The service"),
}

NEXT_ACTIONS: Mapping[ReferralState, Promise] = {
    ReferralState.DRAFT: _("Talk it over, showing its price in anonymity"),
    ReferralState.OFFERED: _("Say yes or no"),
    ReferralState.CONSENTED: _("Hand over the slip and tell the service"),
    ReferralState.SENT: _("Accept or decline"),
    ReferralState.ACCEPTED: _("Give an appointment"),
    ReferralState.APPOINTMENT: _("Go, in company if wanted"),
    ReferralState.NO_SHOW: _("Find out why, and book again"),
    ReferralState.LINKED: _("Stay in touch, and ask after 14 days"),
    ReferralState.ENGAGED: _("Ask on day 90 whether they still go"),
    ReferralState.RETAINED: _("Ask how the need stands, and close"),
    ReferralState.DECLINED: _("Look for another service, or close"),
    ReferralState.EXPIRED: _("Ask the service, offer again, look elsewhere, or close"),
}

CONDITIONS: Mapping[Condition, Promise] = {
    Condition.PRICE_ACKNOWLEDGED: _("The price in anonymity was shown and accepted"),
    Condition.SLIP_GIVEN: _("A slip with a new one-time code"),
    Condition.REASON: _("A reason from the list"),
    Condition.DAY_SET: _("The day of the appointment"),
    Condition.ATTENDANCE_CONFIRMED: _("The person says so, or the one-time code came back"),
    Condition.STAYED: _("14 days or more since the first attendance"),
    Condition.RETAINED: _("90 days or more since the first attendance"),
    Condition.CLOCK_RUN_OUT: _("The clock has run out"),
    Condition.OUTCOME: _("How the need stands"),
}

CONFIRMATIONS: Mapping[Confirmation, Promise] = {
    Confirmation.PERSON: _("The person said so"),
    Confirmation.CODE: _("The one-time code came back"),
}

OUTCOMES: Mapping[NeedOutcome, Promise] = {
    NeedOutcome.MET: _("The need was met"),
    NeedOutcome.PARTLY: _("The need was partly met"),
    NeedOutcome.NOT_MET: _("The need was not met"),
    NeedOutcome.UNKNOWN: _("It is not known"),
}

MOVES: Mapping[ReferralState, Promise] = {
    ReferralState.OFFERED: _("Offer it, with its price in anonymity"),
    ReferralState.CONSENTED: _("The person says yes"),
    ReferralState.SENT: _("Make a slip and send"),
    ReferralState.ACCEPTED: _("The service accepts"),
    ReferralState.APPOINTMENT: _("There is an appointment"),
    ReferralState.LINKED: _("They went there: linked"),
    ReferralState.ENGAGED: _("They stayed 14 days or more: engaged"),
    ReferralState.RETAINED: _("They stayed 90 days or more: retained"),
    ReferralState.NO_SHOW: _("They did not go"),
    ReferralState.DECLINED: _("Somebody said no"),
    ReferralState.EXPIRED: _("It ran out"),
    ReferralState.REROUTED: _("Send on elsewhere"),
    ReferralState.CANCELLED: _("Cancel it"),
    ReferralState.ENDED: _("Close it: how does the need stand?"),
}

LOOKS: Mapping[str, tuple[str, str]] = {
    "draft": ("paper", "plain"),
    "offered": ("offer", "plain"),
    "consented": ("check", "info"),
    "sent": ("next", "info"),
    "accepted": ("check", "info"),
    "appointment": ("today", "info"),
    "linked": ("link", "success"),
    "engaged": ("link", "success"),
    "retained": ("link", "success"),
    "no_show": ("cross", "caution"),
    "declined": ("cross", "plain"),
    "expired": ("late", "caution"),
    "rerouted": ("next", "plain"),
    "cancelled": ("no", "plain"),
    "ended": ("done", "plain"),
}

HANDOFF_WAYS: Mapping[HandoffWay, Promise] = {
    HandoffWay.WENT_ALONG: _("Went along to the service"),
    HandoffWay.CALLED_TOGETHER: _("Rang the service together with the person"),
    HandoffWay.MET_THERE: _("Met the person at the service"),
    HandoffWay.CALLED_BEFORE: _("Rang the service without the person"),
    HandoffWay.WRITTEN: _("Left a message for the service"),
}

HANDOFF_WHO: Mapping[HandoffWho, Promise] = {
    HandoffWho.WORKER: _("The case worker"),
    HandoffWho.COLLEAGUE: _("A colleague"),
    HandoffWho.PEER: _("Somebody with experience of their own"),
    HandoffWho.SERVICE: _("Somebody from the service"),
}

HANDOFF_AGREED: Mapping[HandoffAgreed, Promise] = {
    HandoffAgreed.DAY: _("A day and an hour"),
    HandoffAgreed.NO_NAME: _("They come with the code, and no name is asked"),
    HandoffAgreed.WHOM: _("Whom to ask for at the door"),
    HandoffAgreed.PLACE_HELD: _("A place is held"),
    HandoffAgreed.BEGUN: _("Treatment or help began at once"),
    HandoffAgreed.COMPANY: _("Somebody goes along"),
}

HANDOFF_OUTCOMES: Mapping[HandoffOutcome, Promise] = {
    HandoffOutcome.RECEIVED: _("They were received there"),
    HandoffOutcome.EXPECTED: _("The service expects them"),
    HandoffOutcome.RINGS_BACK: _("The service will answer later"),
    HandoffOutcome.NOT_REACHED: _("Nobody was reached"),
    HandoffOutcome.REFUSED: _("The service refused"),
}

SERVICE_SAYS: Mapping[ServiceSays, Promise] = {
    ServiceSays.ACCEPTED: _("We accept"),
    ServiceSays.APPOINTMENT: _("We give an appointment"),
    ServiceSays.CAME: _("They came today"),
    ServiceSays.CANNOT: _("We cannot help"),
}

TRAYS: Mapping[Tray, Promise] = {
    Tray.MINE: _("Mine"),
    Tray.TEAM: _("My team's"),
    Tray.PARTNER: _("Waiting for a service"),
}

HISTORY: Mapping[ReferralState, Promise] = {
    ReferralState.DRAFT: _("A service was chosen for a need."),
    ReferralState.OFFERED: _("It was offered, and its price in anonymity was shown."),
    ReferralState.CONSENTED: _("The person said yes, knowing that price."),
    ReferralState.SENT: _("A slip with a one-time code was made."),
    ReferralState.ACCEPTED: _("The service said that they can come."),
    ReferralState.APPOINTMENT: _("A day was set."),
    ReferralState.LINKED: _("They went there: the first visit."),
    ReferralState.ENGAGED: _("They still went after 14 days."),
    ReferralState.RETAINED: _("They still went after 90 days."),
    ReferralState.NO_SHOW: _("They did not go on that day."),
    ReferralState.DECLINED: _("Somebody said no."),
    ReferralState.EXPIRED: _("Its time ran out."),
    ReferralState.REROUTED: _("It was sent on elsewhere."),
    ReferralState.CANCELLED: _("It was cancelled."),
    ReferralState.ENDED: _("It was closed."),
}
"""What happened, in a sentence: the history of a referral in plain words."""
