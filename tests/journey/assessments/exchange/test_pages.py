"""A coordinator loads a file in a minute: choose, look, confirm; and nothing is half loaded."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from footbridge.journey.assessments import instruments
from footbridge.journey.assessments.exchange import files
from footbridge.journey.assessments.exchange.files import Shape
from footbridge.journey.assessments.models import LoadedInstrument
from footbridge.journey.consents.rules import Language
from footbridge.trust.access.rules import Role
from tests.journey.assessments.exchange import made
from tests.journey.assessments.exchange.test_matching import dictionary, ten

EN = Language.EN
pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(house):
    """A browser in which a coordinator is signed in."""
    return house.browser(house.add_staff("boss", Role.COORDINATOR))


def sent(browser, data, *, target="rses/1", name="self.csv", **more):
    """Send a file to the page."""
    asked = {
        "file": SimpleUploadedFile(name, data),
        "target": target,
        "language": "en",
        "wording": "Made up for a test.",
    }
    return browser.post(reverse("instruments:load"), asked | more, follow=True)


def test_a_file_is_read_shown_and_loaded_when_somebody_says_yes(boss):
    page = sent(boss, dictionary(ten())).content.decode()

    assert "Is this right?" in page
    assert "Sentence 7 about myself" in page
    assert "matched in their order" in page
    assert not LoadedInstrument.objects.exists()

    done = boss.post(reverse("instruments:look"), follow=True).content.decode()

    assert "can be asked" in done
    assert instruments.instrument("rses", 1).worded == {EN}


def test_a_page_that_is_read_again_still_waits_and_a_yes_counts_once(boss):
    sent(boss, dictionary(ten()))

    again = boss.get(reverse("instruments:look"))
    boss.post(reverse("instruments:look"))
    twice = boss.post(reverse("instruments:look"), follow=True)

    assert again.status_code == 200
    assert "Choose the file again" in twice.content.decode()


def test_problems_stand_in_a_table_with_their_rows_and_nothing_is_loaded(boss):
    rows = ten()
    rows[2] |= {"field_type": "notes"}

    page = sent(boss, dictionary(rows)).content.decode()

    assert "What is wrong in the file" in page
    assert "names slip in" in page
    assert boss.get(reverse("instruments:look")).status_code == 302
    assert not LoadedInstrument.objects.exists()


def test_a_file_of_no_known_kind_is_refused_beside_its_field(boss):
    page = sent(boss, b"hello").content.decode()

    assert "no REDCap data dictionary" in page


def test_words_of_the_house_are_never_replaced(boss):
    own = next(one for one in instruments.packaged().values() if instruments.is_own(one))
    data = files.write(own, Shape.FHIR, language=EN)

    sent(boss, data, target="new", name="own.json")
    page = boss.post(reverse("instruments:look"), follow=True).content.decode()

    assert "own words" in page
    assert not LoadedInstrument.objects.exists()


@pytest.mark.parametrize("shape", Shape)
def test_a_new_instrument_of_every_shape_can_be_loaded_and_saved_again(boss, shape):
    data = files.write(made.by_hand(), shape, language=EN)

    sent(boss, data, target="new", name="x.bin")
    boss.post(reverse("instruments:look"))
    name = reverse(f"instruments:{shape.value.replace('-', '_')}", args=["a-form", 3])

    found = boss.get(name)
    assert found.status_code == 200
    assert found.headers["Content-Disposition"].startswith('attachment; filename="a-form-3.')
    assert files.shape_of(found.content) is shape


def test_a_scoring_key_without_words_cannot_be_saved(boss):
    name = reverse("instruments:fhir", args=["rses", 1])

    assert boss.get(name).status_code == 404
    assert boss.get(reverse("instruments:fhir", args=["nothing", 1])).status_code == 404


def test_whoever_may_not_change_what_the_site_offers_may_save_and_not_load(house):
    browser = house.browser(house.add_staff("lan"))

    assert sent(browser, dictionary(ten())).status_code == 403
    page = browser.get(reverse("instruments:files")).content.decode()
    assert "Load a file" not in page
    assert "FHIR R4" in page
