"""Forms of a stay: coming, being there, going, and the month after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from footbridge.journey.assessments.forms import day_field
from footbridge.journey.bilingual import said
from footbridge.journey.consents.rules import Language
from footbridge.journey.saying import colon, say
from footbridge.journey.stays import labels, rules, signs, texts
from footbridge.journey.stays.actions import Admission, Leaving
from footbridge.journey.stays.beds import Bed
from footbridge.journey.stays.codes import (
    Answer,
    Drug,
    Ending,
    GivenBy,
    Happened,
    Medicine,
    Point,
    Route,
    Session,
    Severity,
    Step,
    Unit,
)
from footbridge.journey.stays.records import DoseRecorded, SessionNoted, WithdrawalCharted
from footbridge.journey.stays.tariff import MOST_DAYS
from footbridge.trust.access.staff import Profile
from footbridge.trust.vault.records import FreeText

Words = Any  # words that are translated when shown; only the stubs have a type for them
_LANGUAGES = ((Language.EN.value, _("English")), (Language.ZH.value, _("Chinese")))


def choice(
    label: Words, table: Mapping[Any, Words], missing: Words, **more: Any
) -> forms.ChoiceField:
    """Return a question with one answer out of a table of labels."""
    return forms.ChoiceField(
        label=label,
        choices=[(key.value, words) for key, words in table.items()],
        widget=more.pop("widget", forms.RadioSelect),
        error_messages={"required": missing},
        **more,
    )


def several(label: Words, missing: Words, **more: Any) -> forms.MultipleChoiceField:
    """Return a question with tick boxes; the form fills in what can be ticked."""
    return forms.MultipleChoiceField(
        label=label,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": missing},
        **more,
    )


def number(label: Words, least: int, most: int, **more: Any) -> forms.IntegerField:
    """Return a question for a whole number."""
    wrong = format_lazy(
        _("Enter a whole number in figures, from {least} to {most}."), least=least, most=most
    )
    codes = ("required", "invalid", "min_value", "max_value")
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        error_messages=dict.fromkeys(codes, wrong),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        **more,
    )


def time_field(**options: Any) -> forms.TimeField:
    """Return a question for a time of day."""
    messages = {"required": _("Enter a time."), "invalid": _("Enter a time, such as 14:30.")}
    return forms.TimeField(
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages=messages,
        **options,
    )


def fill(form: forms.Form, field: str, choices: Iterable[tuple[str, object]]) -> None:
    """Give a question its answers, known only when the page is asked for."""
    found = form.fields[field]
    assert isinstance(found, forms.ChoiceField)  # noqa: S101 - narrows the type
    found.choices = list(choices)


class MomentForm(forms.Form):
    """Asks when something was; now is proposed."""

    day = day_field(label=_("Day"))
    time = time_field(label=_("Time"))

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = now.date()
        self.fields["time"].initial = now.time().replace(second=0, microsecond=0)

    @property
    def minute(self) -> int:
        """The minutes after midnight."""
        found: time = self.cleaned_data["time"]
        return rules.minute_of(found)


class AdmitForm(forms.Form):
    """Asks what is agreed on when somebody comes."""

    bed = forms.ChoiceField(label=_("Bed"), error_messages={"required": _("Choose a bed.")})
    days = number(
        _("Planned days"),
        1,
        MOST_DAYS,
        help_text=_("Nights in the ward. More can be added, and unused ones are given back."),
    )
    drug = choice(_("Comes because of"), labels.DRUGS, _("Choose a drug."))
    severity = choice(
        _("History of use, as the ward judges it"), labels.SEVERITIES, _("Choose one.")
    )
    psychiatric = number(_("Talks with a psychiatrist that are promised"), 0, 90)
    group = number(_("Groups that are promised"), 0, 90)
    counselling = number(_("Hours of counselling that are promised"), 0, 90)
    agreed = several(
        _("The agreement: say each part aloud, answer questions, tick what was said"),
        _("Say each part and tick it."),
        help_text=_("Spoken, not signed. No name is asked for."),
    )
    spoken_in = forms.ChoiceField(
        label=_("Spoken in"),
        choices=_LANGUAGES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a language.")},
    )
    colleagues = several(
        _("Ward colleagues on duty who get a key to this record"),
        "",
        required=False,
        help_text=_("Only who cares for this person. The keys can be taken back when they leave."),
    )

    def __init__(
        self, *args: Any, beds: Iterable[Bed], colleagues: Iterable[Profile], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fill(self, "bed", [(str(b.id), f"{b} · {labels.ROOMS[b.kind]}") for b in beds])
        fill(self, "agreed", [(p.value, said(w)) for p, w in texts.agreement().items()])
        found = [(str(one.id), one.name) for one in colleagues]
        fill(self, "colleagues", found)
        if not found:
            del self.fields["colleagues"]

    def chosen(self) -> frozenset[str]:
        """Return the ids of the colleagues who get a key."""
        return frozenset(self.cleaned_data.get("colleagues") or ())

    def admission(self, *, per_day: int | None) -> Admission:
        """Return what was agreed on."""
        told = self.cleaned_data
        promised = {one: told[one.value] for one in Session if told[one.value]}
        return Admission(
            bed=UUID(told["bed"]),
            days=told["days"],
            drug=Drug(told["drug"]),
            severity=Severity(told["severity"]),
            spoken_in=Language(told["spoken_in"]),
            agreed=frozenset(map(Point, told["agreed"])),
            promised=promised,
            per_day=per_day,
        )


class DaysForm(forms.Form):
    """Asks how many days more."""

    days = number(_("Days more"), 1, MOST_DAYS)


class BedForm(forms.Form):
    """Asks for another bed."""

    bed = forms.ChoiceField(label=_("New bed"), error_messages={"required": _("Choose a bed.")})

    def __init__(self, *args: Any, beds: Iterable[Bed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill(self, "bed", [(str(b.id), f"{b} · {labels.ROOMS[b.kind]}") for b in beds])


class ChartForm(MomentForm):
    """Asks the eleven signs; a sum needs all of them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for sign in signs.POINTS:
            self.fields[sign.value] = forms.TypedChoiceField(
                label=said(texts.sign(sign)),
                choices=[(str(n), f"{n}{colon()}{said(words)}") for n, words in texts.points(sign)],
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": _("Look, and choose what you see.")},
            )

    def sitting(self) -> WithdrawalCharted:
        """Return the sitting."""
        points = {sign.value: self.cleaned_data[sign.value] for sign in signs.POINTS}
        return WithdrawalCharted(self.cleaned_data["day"], self.minute, points)


class DoseForm(MomentForm):
    """Asks what was given; nothing is filled in but the moment."""

    medicine = choice(
        _("Medicine"),
        labels.MEDICINES,
        _("Choose what was given."),
        widget=forms.Select,
    )
    other = forms.CharField(
        label=_("Which other medicine"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    amount = forms.FloatField(
        label=_("Amount, as it stands on the order"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short"}),
        error_messages=dict.fromkeys(("required", "invalid"), _("Enter the amount in figures.")),
    )
    unit = choice(_("Unit"), labels.UNITS, _("Choose a unit."))
    route = choice(_("Way"), labels.ROUTES, _("Choose how it was taken."), widget=forms.Select)
    given_by = choice(_("Given by"), labels.GIVEN_BY, _("Choose who gave it."))
    witnessed = forms.ChoiceField(
        label=_("Did a second colleague see it taken?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, table in (("medicine", labels.MEDICINES), ("route", labels.ROUTES)):
            fill(self, field, [("", "—"), *((key.value, words) for key, words in table.items())])

    def clean(self) -> dict[str, object]:
        """Ask for the words of a medicine that is not on the list."""
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        if cleaned.get("medicine") == Medicine.OTHER.value and not cleaned.get("other"):
            self.add_error("other", _("Enter which medicine it was."))
        if isinstance(amount := cleaned.get("amount"), float):
            try:
                rules.check_amount(amount)
            except rules.StayError as error:
                self.add_error("amount", say(error))
        return cleaned

    def dose(self) -> DoseRecorded:
        """Return the dose."""
        told = self.cleaned_data
        medicine = Medicine(told["medicine"])
        return DoseRecorded(
            given_on=told["day"],
            at_minute=self.minute,
            medicine=medicine,
            other=FreeText(told["other"]) if medicine is Medicine.OTHER else None,
            amount=told["amount"],
            unit=Unit(told["unit"]),
            route=Route(told["route"]),
            given_by=GivenBy(told["given_by"]),
            witnessed=told["witnessed"] == "yes",
        )


class SessionForm(forms.Form):
    """Asks what became of a promised session."""

    day = day_field(label=_("Day"))
    session = choice(_("Which"), labels.SESSIONS, _("Choose which it was."))
    happened = choice(_("What became of it"), labels.HAPPENED, _("Choose what became of it."))

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = on

    def noted(self) -> SessionNoted:
        """Return what became of the session."""
        told = self.cleaned_data
        return SessionNoted(told["day"], Session(told["session"]), Happened(told["happened"]))


class LeaveForm(MomentForm):
    """Asks how somebody leaves, and what was done at the door."""

    field_order = ("ending", "tolerance", "naloxone", "day", "time", "colleagues")
    ending = choice(_("How does the stay end?"), labels.ENDINGS, _("Choose how it ends."))
    tolerance = choice(
        _("Warning: after these days the old amount can kill"),
        labels.ANSWERS,
        _("Say it, and choose how it went."),
        help_text=_("Tolerance falls within days. Say it plainly, and to those at home if agreed."),
    )
    naloxone = choice(
        _("Naloxone to take along, for those who may witness an overdose"),
        labels.ANSWERS,
        _("Offer it, and choose how it went."),
    )
    colleagues = several(
        _("Ward colleagues whose keys to this record end now"),
        "",
        required=False,
        help_text=_("Ticked are those who got a key for this stay."),
    )

    def __init__(self, *args: Any, colleagues: Iterable[Profile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [(str(one.id), one.name) for one in colleagues]
        fill(self, "colleagues", found)
        self.fields["colleagues"].initial = [value for value, _name in found]
        if not found:
            del self.fields["colleagues"]

    def leaving(self) -> Leaving:
        """Return how they leave."""
        told = self.cleaned_data
        steps = {step: Answer(told[step.value]) for step in Step}
        at = rules.moment(told["day"], self.minute)
        return Leaving(at, Ending(told["ending"]), steps)

    def chosen(self) -> frozenset[str]:
        """Return the ids of the colleagues whose keys end."""
        return frozenset(self.cleaned_data.get("colleagues") or ())
