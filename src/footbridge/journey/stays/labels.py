"""Words for the coded values of a stay, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from footbridge.journey.stays.after import Clock, Part
from footbridge.journey.stays.codes import (
    Answer,
    ClosedFor,
    Drug,
    Ending,
    FollowMeans,
    GivenBy,
    Happened,
    Medicine,
    RoomKind,
    Route,
    Session,
    Severity,
    Step,
    ToldBy,
    Unit,
)
from footbridge.journey.stays.signs import Band

DRUGS = {
    Drug.HEROIN: _("Heroin"),
    Drug.METHAMPHETAMINE: _("Methamphetamine"),
    Drug.TRAMADOL: _("Tramadol"),
    Drug.PETHIDINE: _("Pethidine"),
    Drug.OTHER_OPIOID: _("Another opioid"),
    Drug.OTHER: _("Another drug"),
}
SEVERITIES = {
    Severity.LIGHT: pgettext_lazy("history of use", "Light"),
    Severity.MIDDLE: pgettext_lazy("history of use", "Middle"),
    Severity.HEAVY: pgettext_lazy("history of use", "Heavy"),
}
ROOMS = {
    RoomKind.SHARED: _("Shared room"),
    RoomKind.PRIVATE: _("Room of one's own"),
}
SESSIONS = {
    Session.PSYCHIATRIC: _("Talk with a psychiatrist"),
    Session.GROUP: _("Group"),
    Session.COUNSELLING: _("Counselling"),
}
HAPPENED = {
    Happened.HELD: _("Held"),
    Happened.PERSON_ABSENT: _("The person did not come"),
    Happened.WARD_ABSENT: _("The ward did not hold it"),
}
MEDICINES = {
    Medicine.METHADONE: _("Methadone"),
    Medicine.BUPRENORPHINE: _("Buprenorphine"),
    Medicine.BUPRENORPHINE_NALOXONE: _("Buprenorphine with naloxone"),
    Medicine.CLONIDINE: _("Clonidine"),
    Medicine.LOFEXIDINE: _("Lofexidine"),
    Medicine.TRAMADOL: _("Tramadol"),
    Medicine.DIAZEPAM: _("Diazepam"),
    Medicine.NALOXONE: _("Naloxone"),
    Medicine.IBUPROFEN: _("Ibuprofen"),
    Medicine.LOPERAMIDE: _("Loperamide"),
    Medicine.ANTIEMETIC: _("Something against sickness"),
    Medicine.OTHER: _("Another medicine"),
}
UNITS = {
    Unit.MILLIGRAM: _("mg"),
    Unit.MICROGRAM: _("mcg"),
    Unit.GRAM: _("g"),
    Unit.MILLILITRE: _("ml"),
    Unit.TABLET: _("tablets"),
    Unit.DROP: _("drops"),
}
ROUTES = {
    Route.MOUTH: _("By mouth"),
    Route.UNDER_TONGUE: _("Under the tongue"),
    Route.MUSCLE: _("Into the muscle"),
    Route.VEIN: _("Into the vein"),
    Route.UNDER_SKIN: _("Under the skin"),
    Route.NOSE: _("Into the nose"),
    Route.SKIN: _("On the skin"),
}
GIVEN_BY = {
    GivenBy.NURSE: _("A nurse"),
    GivenBy.DOCTOR: _("A doctor"),
    GivenBy.PERSON: _("Taken by the person"),
}
ENDINGS = {
    Ending.COMPLETED: _("As planned"),
    Ending.LEFT_EARLY: _("Left earlier, at their wish"),
    Ending.TRANSFERRED: _("Went on to another place of care"),
    Ending.SENT_AWAY: _("Sent away by the ward"),
}
STEPS = {
    Step.TOLERANCE: _("Warning that tolerance is gone"),
    Step.NALOXONE: _("Naloxone"),
}
ANSWERS = {
    Answer.GIVEN: _("Given"),
    Answer.DECLINED: _("Offered and declined"),
    Answer.NOT_POSSIBLE: _("Could not be done"),
}
FOLLOW_MEANS = {
    FollowMeans.CAME: _("They came, or got in touch themself"),
    FollowMeans.AGREED_WAY: _("Reached in the agreed way"),
    FollowMeans.WENT_ALONG: _("Went along to a service"),
}
TOLD_BY = {
    ToldBy.PERSON: _("The person"),
    ToldBy.SERVICE: _("The service, by its code"),
    ToldBy.WORKER: _("A colleague who went along"),
}
CLOSED_FOR = {
    ClosedFor.NOT_REACHABLE: _("Cannot be reached"),
    ClosedFor.ASKED_NOT_TO: _("Asked not to be contacted"),
    ClosedFor.DETAINED: _("Detained"),
    ClosedFor.DIED: _("Died"),
    ClosedFor.HANDED_OVER: _("Another place follows up"),
}
BANDS = {
    Band.NONE: _("Under the scale's bands"),
    Band.MILD: _("Mild withdrawal"),
    Band.MODERATE: _("Moderate withdrawal"),
    Band.MODERATELY_SEVERE: _("Moderately severe withdrawal"),
    Band.SEVERE: _("Severe withdrawal"),
}
PARTS = {
    Part.TOLERANCE: _("Warn that tolerance is gone"),
    Part.NALOXONE: _("Offer naloxone"),
    Part.FIRST_CONTACT: _("First contact within 48 hours"),
    Part.WEEK_1: _("Contact in week 1"),
    Part.WEEK_2: _("Contact in week 2"),
    Part.WEEK_3: _("Contact in week 3"),
    Part.WEEK_4: _("Contact in week 4"),
    Part.LINKAGE: _("Linked to treatment within 14 days"),
}
CLOCKS = {
    Clock.DONE: pgettext_lazy("clock", "Done"),
    Clock.MISSED: pgettext_lazy("clock", "Missed"),
    Clock.LATE: pgettext_lazy("clock", "Late"),
    Clock.DUE: pgettext_lazy("clock", "Due"),
    Clock.RUNNING: _("Clock runs"),
}
CLOCK_LOOKS = {
    Clock.DONE: ("done", "success"),
    Clock.MISSED: ("no", "plain"),
    Clock.LATE: ("late", "caution"),
    Clock.DUE: ("clock", "info"),
    Clock.RUNNING: ("waiting", "plain"),
}
