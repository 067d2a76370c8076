"""The gestures of a year, by the names of fields and not by words: they serve every language."""

from __future__ import annotations

from datetime import date, timedelta

from tests.browsing import faults, turn_page, unfold

SIZES = {360: 740, 1280: 900}
SEND = "main form[novalidate] button"


class Year:
    """Somebody's year, told at a desk whose calendar can be moved on.

    Parameters
    ----------
    looked : list of str
        What was wrong with the pages that were looked at, in words; empty at the end.
    """

    def __init__(self, desk, calendar: list[date]) -> None:
        self.desk, self.page, self.calendar = desk, desk.page, calendar
        self.start, self.person = calendar[0], ""
        self.looked: list[str] = []

    def day(self, number: int) -> None:
        """Let time pass until a day of the year."""
        self.calendar[0] = self.start + timedelta(days=number)

    @property
    def today(self) -> date:
        return self.calendar[0]

    # --- looking ---

    def look(self) -> None:
        """Look at the open page at both widths: no fault for axe, nothing beyond the edge."""
        for width, height in SIZES.items():
            self.page.set_viewport_size({"width": width, "height": height})
            found = faults(self.page)
            self.looked += [f"{self.page.url} at {width}: {fault}" for fault in found]

    # --- gestures ---

    def open(self, path: str, *, look: bool = True) -> None:
        """Open a page of this person."""
        self.desk.go(self.person + path)
        if look:
            self.look()

    def pick(self, name: str, value: str) -> None:
        self.page.locator(f"main [name='{name}'][value='{value}']").check()

    def fill(self, name: str, text: str) -> None:
        self.page.locator(f"main [name='{name}']").fill(text)

    def send(self, *, last: bool = False) -> None:
        """Send the form; fail where the page gives it back with errors."""
        buttons = self.page.locator(SEND)
        turn_page(buttons.last if last else buttons.first)
        wrong = self.page.locator(".wrong, .error-summary")
        assert wrong.count() == 0, f"{self.page.url}: {wrong.first.inner_text()}"

    def tick_all(self) -> None:
        for box in self.page.locator("main form[novalidate] input[type=checkbox]").all():
            box.check()

    # --- rooms ---

    def enrol(self, language: str) -> tuple[str, str]:
        """Enrol somebody; return handle and phrase as they are shown once."""
        self.desk.go("/people/enrol/")
        self.look()
        self.pick("language", language)
        self.send()
        handle = self.page.locator(".handle strong").inner_text()
        self.look()
        return handle, " ".join(self.desk.words_on_screen())

    def find(self, handle: str) -> None:
        self.desk.go("/people/")
        self.page.locator("#id_handle").fill(handle)
        self.send()
        self.person = self.page.url.removeprefix(self.desk.url)

    def consent(self, purpose: str) -> None:
        self.open(f"consents/ask/?purpose={purpose}")
        self.tick_all()
        self.send()

    def assess(self, instrument: str, value: str) -> None:
        self.open(f"assessments/{instrument}/1/")
        radios = self.page.locator("main form[novalidate] input[type=radio]").all()
        for name in dict.fromkeys(radio.get_attribute("name") for radio in radios):
            self.pick(name, value)
        self.send(last=True)
        self.look()

    def plan(self, strength: str, goal: str, step: str) -> None:
        for part, words in (("strength", strength), ("goal", goal)):
            self.open(f"plan/{part}/", look=False)
            self.page.locator("main input[name=domain]").first.check()
            self.fill("words", words)
            self.send()
        turn_page(self.page.locator("main a[href*='/objective/']").first)
        self.fill("what", step)
        self.page.locator("main input[name=who]").first.check()
        self.send()
        self.look()

    def refer(self, need: str) -> str:
        """Choose the first service for a need; return the referral's address."""
        self.open(f"referrals/choose/?need={need}")
        turn_page(self.page.locator("main form:has(input[name=service]) button").first)
        self.look()
        return self.page.url

    def step(self, referral: str, target: str) -> None:
        """Take one step of a referral, with whatever it asks for."""
        self.page.goto(referral)
        form = self.page.locator(f"form:has(input[name=to][value={target}])")
        if not form.is_visible():
            unfold(self.page.locator(f"details:has(input[name=to][value={target}]) > summary"))
        for kind in ("checkbox", "radio"):
            names = {one.get_attribute("name") for one in form.locator(f"input[type={kind}]").all()}
            for name in names:
                form.locator(f"input[name='{name}']").first.check()
        for select in form.locator("select").all():
            select.select_option(index=1)
        appointment = form.locator("input[name$=appointment_on]")
        if appointment.count():
            appointment.fill((self.today + timedelta(days=2)).isoformat())
        turn_page(form.locator("button"))
        assert self.page.locator(".wrong").count() == 0, self.page.url

    def schedule(self, name: str) -> None:
        self.open("checkups/schedule/")
        self.pick("schedule", name)
        self.send()

    def attempt(self, *, reached: bool) -> None:
        self.open("checkups/attempt/", look=False)
        self.page.locator("main input[name=means]").first.check()
        self.pick("reached", "yes" if reached else "no")
        self.send()

    def miss(self) -> None:
        self.open("checkups/missed/")
        self.tick_all()
        self.send()

    def check_up(self, *, days_used: int, need: bool) -> None:
        self.open("checkups/hold/", look=need)
        self.fill("days_used", str(days_used))
        self.pick("says_need", "yes" if need else "no")
        self.send()

    def meet(self) -> None:
        """Hold the linkage meeting: no at first, yes after an offer."""
        self.open("checkups/meeting/")
        self.tick_all()
        self.pick("first", "no")
        self.pick("agreed", "yes")
        self.send()

    def code_outcome(self, month: int) -> None:
        self.open("outcomes/code/")
        self.pick("month", str(month))
        self.pick("employment", "regular")
        self.fill("days_used", "0")
        self.send()

    # --- the person's own doors ---

    def open_own(self, handle: str, phrase: str) -> None:
        self.desk.go("/kiosk/")
        self.page.locator("#id_handle").fill(handle)
        self.page.locator("#id_phrase").fill(phrase)
        self.send()
        self.look()

    def stop_research(self) -> None:
        self.desk.go("/kiosk/stop/stop-research/")
        self.look()
        turn_page(self.page.locator("main form button").first)

    def forget(self, phrase: str) -> None:
        self.desk.go("/kiosk/forget/")
        self.look()
        self.page.locator("#id_phrase").fill(phrase)
        self.page.locator("#id_sure").check()
        self.send(last=True)
