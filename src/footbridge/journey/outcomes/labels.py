"""Words for pages, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.journey.outcomes import events, rules, suggesting

ANSWERS = {
    rules.Answer.YES: _("Yes"),
    rules.Answer.NO: _("No"),
    rules.Answer.NOT_KNOWN: _("Not known"),
}

EMPLOYMENT = {
    rules.Employment.REGULAR: _("Regular paid work"),
    rules.Employment.OCCASIONAL: _("Occasional paid work"),
    rules.Employment.NONE: _("No paid work"),
    rules.Employment.NOT_KNOWN: _("Not known"),
}

URINE = {
    rules.Urine.NEGATIVE: _("Negative"),
    rules.Urine.POSITIVE: _("Positive"),
    rules.Urine.NOT_TESTED: _("Not tested"),
    rules.Urine.NOT_KNOWN: _("Not known"),
}

JUSTICE = {
    rules.Justice.NOTHING: _("Nothing"),
    rules.Justice.ARRESTED: _("Arrested"),
    rules.Justice.DETAINED: _("Detained"),
    rules.Justice.COMPULSORY: _("Returned to compulsory rehabilitation"),
    rules.Justice.NOT_KNOWN: _("Not known"),
}

TREATMENT = {
    rules.Treatment.METHADONE: _("Methadone maintenance"),
    rules.Treatment.OTHER: _("Other drug treatment"),
    rules.Treatment.NONE: _("No drug treatment"),
    rules.Treatment.NOT_KNOWN: _("Not known"),
}

HOUSING = {
    rules.Housing.SETTLED: _("A settled place"),
    rules.Housing.TEMPORARY: _("A place for now"),
    rules.Housing.NONE: _("No place"),
    rules.Housing.INSTITUTION: _("In an institution"),
    rules.Housing.NOT_KNOWN: _("Not known"),
}

PLACES = {
    rules.Place.COMMUNITY: _("In the community"),
    rules.Place.TREATMENT: _("In residential treatment or hospital"),
    rules.Place.DETAINED: _("Detained"),
    rules.Place.NOT_KNOWN: _("Not known"),
}

DAYS_USED = {
    rules.DaysUsed.NONE: _("No days of use"),
    rules.DaysUsed.UNDER_WEEKLY: _("Less than weekly"),
    rules.DaysUsed.WEEKLY: _("Weekly, up to half of the days"),
    rules.DaysUsed.MOST_DAYS: _("More than half of the days"),
    rules.DaysUsed.NOT_KNOWN: _("Not known"),
}

COUNTS = {
    rules.Count.NONE: _("None"),
    rules.Count.ONE_OR_TWO: _("1 or 2"),
    rules.Count.THREE_TO_FIVE: _("3 to 5"),
    rules.Count.SIX_OR_MORE: _("6 or more"),
    rules.Count.NOT_KNOWN: _("Not known"),
}

THIRDS = {
    rules.Third.LOWER: _("Lower third of the scale"),
    rules.Third.MIDDLE: _("Middle third of the scale"),
    rules.Third.UPPER: _("Upper third of the scale"),
    rules.Third.NOT_KNOWN: _("Not known"),
}

CAREER_STATES = {
    rules.CareerState.USING: _("In the community, using"),
    rules.CareerState.NOT_USING: _("In the community, not using"),
    rules.CareerState.IN_TREATMENT: _("In treatment"),
    rules.CareerState.DETAINED: _("Detained"),
    rules.CareerState.NOT_KNOWN: _("Not known"),
}

HARMS = {
    rules.Harm.DEATH: _("Death"),
    rules.Harm.OVERDOSE: _("Overdose"),
    rules.Harm.SUICIDE_ATTEMPT: _("Suicide attempt"),
    rules.Harm.DETENTION: _("Detention after disclosure"),
    rules.Harm.BREACH: _("Breach of confidentiality"),
    rules.Harm.VIOLENCE: _("Violence"),
    rules.Harm.HOSPITAL: _("Hospital admission"),
}

RELATED = {
    rules.Related.NO: _("Not related"),
    rules.Related.POSSIBLY: _("Possibly related"),
    rules.Related.PROBABLY: _("Probably related"),
    rules.Related.NOT_KNOWN: _("Not known"),
}

DUTIES = {
    events.Duty.WORKER: _("The worker"),
    events.Duty.TEAM: _("The team"),
    events.Duty.COORDINATOR: _("The coordinator"),
    events.Duty.KEYHOLDERS: _("The keyholders"),
}

ACTS = {
    events.Act.SAFE_NOW: _("See that the person is safe now, and not alone"),
    events.Act.COORDINATOR_KNOWS: _("Tell the coordinator"),
    events.Act.STUDY_KNOWS: _("Tell whoever answers for the study and its ethics"),
    events.Act.KEYHOLDERS_KNOW: _("Tell the keyholders"),
    events.Act.TELL_PERSON: _("Tell the person what got out, and ask what they need"),
    events.Act.CLOSE_THE_LEAK: _("Stop the leak: take keys back, or seal the site"),
    events.Act.WHAT_WAS_SAID: _("Find out what was disclosed, to whom, and read the trail"),
    events.Act.OVERDOSE_PLAN: _("Go through the overdose plan, and offer naloxone"),
    events.Act.SAFETY_PLAN: _("Go through the safety plan together"),
    events.Act.LEGAL_HELP: _("Offer legal help"),
    events.Act.HEALTH_HELP: _("Offer a way to a doctor, and go along"),
    events.Act.FIRST_CONTACT: _("Be in touch within 48 hours of discharge"),
    events.Act.NO_ONE_CALLS: _("See that nobody reaches out to them by mistake"),
    events.Act.COLLEAGUES: _("Make time for colleagues who knew them"),
    events.Act.REVIEW: _("Sit down as a team: what can be learnt, without blame"),
}

EVENT_STANDINGS = {
    events.Standing.DONE: _("Done"),
    events.Standing.DUE: _("To do"),
    events.Standing.LATE: _("Late"),
}

EVENT_LOOKS = {
    events.Standing.DONE.value: ("done", "success"),
    events.Standing.DUE.value: ("clock", "info"),
    events.Standing.LATE.value: ("late", "caution"),
}

SOURCES = {
    suggesting.Source.CALENDAR: _("the use calendar"),
    suggesting.Source.CHECKUP: _("the last check-up"),
    suggesting.Source.URINE: _("the last urine test"),
    suggesting.Source.PLAN: _("the plan"),
    suggesting.Source.REFERRALS: _("the referrals"),
    suggesting.Source.STAYS: _("the stay"),
    suggesting.Source.EVENTS: _("the adverse events"),
    suggesting.Source.ASSESSMENT: _("the last assessment"),
}
