"""The gestures of a ward, by the names of fields."""

from __future__ import annotations

from tests.functional.year import Year

PROMISED = {"psychiatric": "2", "group": "1", "counselling": "0"}


class Ward(Year):
    """A stay of one person, told at the same desk."""

    def admit(self, *, days: int, drug: str = "heroin") -> None:
        """Admit the person to the first free bed, with what is promised."""
        self.open("stays/admit/")
        bed = self.page.locator("main [name=bed]")
        if bed.first.evaluate("e => e.tagName") == "SELECT":
            bed.first.select_option(index=0)
        else:
            bed.first.check()
        self.fill("days", str(days))
        self.pick("drug", drug)
        self.pick("severity", "middle")
        for name, count in PROMISED.items():
            self.fill(name, count)
        self.tick_all()
        self.page.locator("main [name=spoken_in]").first.check()
        self.send()

    def chart(self, points: int) -> None:
        """Chart withdrawal: of each sign the option of this rank, or its last one."""
        self.open("stays/chart/", look=points == 1)
        radios = self.page.locator("main input[type=radio]").all()
        for name in dict.fromkeys(radio.get_attribute("name") for radio in radios):
            found = self.page.locator(f"main input[name='{name}']")
            found.nth(min(points, found.count() - 1)).check()
        self.send()

    def dose(self, amount: str) -> None:
        """Record a dose that was given."""
        self.open("stays/dose/")
        self.page.locator("main [name=medicine]").select_option("methadone")
        self.fill("amount", amount)
        self.pick("unit", "mg")
        self.page.locator("main [name=route]").select_option("mouth")
        self.pick("given_by", "nurse")
        self.pick("witnessed", "yes")
        self.send()

    def session(self, which: str, happened: str) -> None:
        self.open("stays/session/", look=False)
        self.pick("session", which)
        self.pick("happened", happened)
        self.send()

    def discharge(self, ending: str) -> None:
        """Let the person go, with the warning said and naloxone offered."""
        self.open("stays/discharge/")
        self.pick("ending", ending)
        self.pick("tolerance", "given")
        self.pick("naloxone", "given")
        self.send()

    def follow_up(self, path: str, **told: str) -> None:
        """Note a contact or a visit to treatment after the stay."""
        self.open(f"stays/{path}/", look=False)
        for name, value in told.items():
            self.pick(name, value)
        self.send()
