"""The words for events of the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EVENTS = {
    "record.opened": _("Opened the record"),
    "person.enrolled": _("Enrolled somebody"),
    "person.forgotten": _("Somebody was forgotten at their own wish"),
    "person.recovered": _("Opened the record with the recovery key"),
    "phrase.changed": _("Chose a new phrase"),
    "phrase.renewed": _("Gave a new phrase"),
    "care-team.granted": _("Added a colleague to the care team"),
    "care-team.revoked": _("Took a colleague out of the care team"),
    "colleague.revoked": _("Took all keys from a colleague"),
    "staff.invited": _("Invited a colleague"),
    "staff.joined": _("A colleague made their keys"),
    "staff.signed-in": _("Signed in"),
    "staff.role-changed": _("Changed a colleague's role"),
    "staff.left": _("A colleague left"),
    "staff.passphrase-changed": _("Changed their passphrase"),
    "circle.founded": _("Founded a circle"),
    "circle.joined": _("Added a colleague to a circle"),
    "circle.left": _("Took a colleague out of a circle"),
    "recall.founded": _("Founded the recall circle"),
    "recall.dealt": _("Dealt the recall circle's shares anew"),
    "recall.kept": _("Kept memory answers"),
    "recall.dropped": _("Deleted the memory answers"),
    "recall.searched": _("Searched by memory answers"),
    "recall.recognised": _("Recognised by memory answers and cue"),
    "recall.wrong-cue": _("A cue did not fit"),
    "transfer.made": _("Made a transfer"),
    "transfer.taken-in": _("Took in a transfer"),
    "epoch.turned": _("Began a new key month"),
    "contact.expired": _("Contact details ran out and were deleted"),
    "consent.given": _("Heard a consent"),
    "consent.withdrawn": _("Took back a consent"),
    "contact.changed": _("Changed how to be reached"),
    "assessment.taken": _("Kept an assessment"),
    "calendar.taken": _("Kept a use calendar"),
    "plan.changed": _("Changed the plan"),
    "plan.printed": _("Put the plan on paper"),
    "referral.changed": _("Changed a referral"),
    "checkup.held": _("Held a check-up"),
    "schedule.chosen": _("Chose a check-up schedule"),
    "linkage.held": _("Held a linkage meeting"),
    "checkup.missed": _("Noted a missed check-up"),
    "contact.attempted": _("Tried to reach the person"),
    "outcome.coded": _("Coded an outcome"),
    "adverse-event.noted": _("Noted an adverse event"),
    "study.joined": _("Joined a study"),
    "study.told-again": _("Told the study again, after a new consent"),
    "study.created": _("Created a study"),
    "extract.made": _("Made an extract for analysis"),
    "calendar.made": _("Made a calendar address"),
    "calendar.deleted": _("Deleted their calendar address"),
    "directory.loaded": _("Loaded the directory"),
    "instrument.loaded": _("Loaded an instrument"),
    "instrument.chosen": _("Chose how an instrument is scored"),
    "site.restored": _("The site was restored from a backup"),
}


def event(action: str) -> str:
    """Return the words for an event of the trail."""
    return str(EVENTS.get(action, action))
