"""Invented people answer short forms so that reliability looks as it does among real ones."""

from datetime import date

import pytest

from footbridge.journey.assessments import instruments, own_data
from footbridge.journey.consents.rules import Language
from footbridge.site.demo.checks import ASKED, short_forms

ON = date(2026, 3, 2)


@pytest.mark.parametrize("at", range(len(ASKED)))
def test_a_worker_with_thirty_four_invented_people_sees_a_believable_alpha(at):
    found = instruments.packaged()[ASKED[at], 1]
    sheets = [short_forms(n, Language.EN, ON, lift=0)[at].answers for n in range(34)]

    sample = own_data.sample(found, found.scales[0], sheets)

    assert 0.6 < sample.alpha < 0.97


def test_the_same_person_answers_the_same_on_every_build():
    assert short_forms(3, Language.ZH, ON, lift=0.5) == short_forms(3, Language.ZH, ON, lift=0.5)
