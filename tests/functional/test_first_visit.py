"""Somebody comes for the first time: words, practice, consent, and back to their own record."""

import pytest

pytestmark = [pytest.mark.browser]


def enrol(desk):
    desk.sign_in("ann")
    desk.follow("Enrol somebody")
    desk.choose("English")
    desk.press("Draw the words")
    handle = desk.page.locator(".handle strong").inner_text()
    return handle, desk.words_on_screen()


def test_the_phrase_is_shown_once_and_fits_when_it_is_practised(desk):
    handle, words = enrol(desk)
    desk.follow("Practise now")
    desk.fill("phrase", " ".join(words))
    desk.press("Try")

    assert desk.reads("The phrase fits.")
    desk.page.go_back()
    desk.page.reload()
    assert not any(word in desk.text.split() for word in words if word not in handle)


def test_a_record_begins_with_a_spoken_consent(desk):
    handle, _ = enrol(desk)
    desk.follow("Practise now")
    desk.follow("Go on to the consents")
    for box in desk.page.locator("form[novalidate] input[type=checkbox]").all():
        box.check()
    desk.press("The person said yes")
    desk.go("/people/")

    assert desk.reads(handle)


def test_a_wrong_phrase_opens_nothing_at_the_kiosk(desk):
    handle, words = enrol(desk)
    desk.go("/kiosk/")
    desk.fill("Handle", handle)
    desk.page.locator("#id_phrase").fill(" ".join(reversed(words)))
    desk.press("Open my record")

    assert desk.reads("These words do not open a record")


def test_the_kiosk_signs_the_colleague_out(desk):
    enrol(desk)
    desk.go("/kiosk/")
    desk.go("/today/")

    assert desk.reads("Sign in")
    assert "/sign-in/" in desk.page.url
