"""Words for pages, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.journey.outcomes import rules

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
