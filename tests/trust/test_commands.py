"""The site's commands: what they do, what they print once, and how they say no."""

import io
import os
import re
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from footbridge.journey.people import queries as people
from footbridge.trust import control, places, runtime
from footbridge.trust.access import staff
from footbridge.trust.access.rules import Role
from footbridge.trust.audit import witness
from footbridge.trust.management import base
from footbridge.trust.vault import backups, cards, ceremony, shares
from footbridge.trust.vault.models import Site

pytestmark = pytest.mark.django_db(transaction=True)
# What others point to goes last.
ORDER = {"Person": 1, "Circle": 2, "Site": 3}


@pytest.fixture(autouse=True)
def umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def typed(monkeypatch):
    """Return a function that pipes lines into the commands' prompts."""

    def pipe(*lines):
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))

    pipe()
    return pipe


def run(*words, **options):
    """Run one command and return what it printed."""
    out = StringIO()
    call_command(*map(str, words), stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def served(house):
    """A site whose server listens on its control socket."""
    stop = control.listen(places.control_socket())
    yield house
    stop()


def empty():
    """Empty the database, as a clean machine's is."""
    models = [m for name in backups.APPS for m in apps.get_app_config(name).get_models()]
    for model in sorted(models, key=lambda one: ORDER.get(one.__name__, 0)):
        model.objects.all().delete()


def paper(printed, title):
    """Return the words of the papers whose title begins like this."""
    found = re.findall(rf"--- {title}.*? ---\n\n((?:    .*\n)+)", printed)
    return [" ".join(words.split()) for words in found]


class TestInit:
    """The ceremony."""

    @pytest.fixture
    def printed(self, settings, tmp_path, typed):
        settings.FOOTBRIDGE_DATA = tmp_path
        return run("init", coordinator="cora")

    def test_the_papers_it_prints_are_those_of_the_site(self, printed):
        site, recovery = paper(printed, "Site share"), paper(printed, "Recovery share")

        keys = ceremony.unseal(site[1:], store=places.epochs())

        assert (len(site), len(recovery)) == (3, 5)
        assert ceremony.recovery_pair(recovery[:3]).public == ceremony.recovery_public(keys)
        (private,) = paper(printed, "Offline backup key")
        assert backups.KeyPair.of(bytes.fromhex(private)).public == bytes(
            Site.objects.get().backup_public
        )
        (code,) = paper(printed, "First coordinator")
        assert staff.invitation(code, site=keys, on=control._today()) == ("cora", Role.COORDINATOR)

    def test_the_site_is_sealed_after_it(self, printed):
        assert not runtime.seal.open

    def test_nothing_that_was_printed_is_on_disk(self, printed, tmp_path):
        image = b"".join(one.read_bytes() for one in tmp_path.rglob("*") if one.is_file())

        for words in paper(printed, "Site share") + paper(printed, "Offline backup key"):
            assert words.encode() not in image
            assert words[:40].encode() not in image

    def test_a_second_time_it_refuses(self, printed):
        with pytest.raises(CommandError, match="already is a site"):
            run("init")

    def test_without_a_recovery_key_no_such_paper_is_printed(self, settings, tmp_path, typed):
        settings.FOOTBRIDGE_DATA = tmp_path

        printed = run("init", no_recovery=True)

        assert paper(printed, "Recovery share") == []
        assert Site.objects.get().recovery_public is None


class TestBackupAndRestore:
    """The database, sealed; and brought back."""

    def test_a_backup_comes_back_with_the_key_typed_in_groups(self, house, tmp_path, typed):
        enrolled, _ = house.in_care(house.add_staff("ann"))
        assert "rows" in run("backup", tmp_path / "b")
        empty()
        key = house.founded.backup_private.hex()
        typed(" ".join(key[at : at + 8] for at in range(0, 64, 8)))

        printed = run("restore", tmp_path / "b")

        assert "The trail is whole" in printed
        assert people.open_record(enrolled.person, by=house.staff["ann"])

    @pytest.mark.parametrize(
        ("key", "says"),
        [
            ("", "64 letters"),
            ("not hex", "64 letters"),
            ("ab", "64 letters"),
            ("00" * 32, "does not open"),
        ],
    )
    def test_a_wrong_key_is_answered_with_a_sentence(self, house, tmp_path, typed, key, says):
        run("backup", tmp_path / "b")
        empty()
        typed(key)

        with pytest.raises(CommandError, match=says):
            run("restore", tmp_path / "b")

        assert not Site.objects.exists()

    def test_a_file_that_is_not_there_is_named(self, tmp_path):
        with pytest.raises(CommandError, match="no such file"):
            run("restore", tmp_path / "none")

    def test_a_bad_card_stops_a_restore_before_anybody_is_back(self, house, tmp_path, typed):
        run("backup", tmp_path / "b")
        empty()
        typed(house.founded.backup_private.hex())
        (tmp_path / "card").write_text("{}")

        with pytest.raises(CommandError, match="not an epoch card"):
            run("restore", tmp_path / "b", card=tmp_path / "card")

        assert not Site.objects.exists()

    def test_without_an_epoch_key_it_says_what_is_missing(self, house, tmp_path, settings, typed):
        run("backup", tmp_path / "b")
        empty()
        settings.FOOTBRIDGE_DATA = tmp_path / "clean"
        typed(house.founded.backup_private.hex())

        assert "footbridge epoch import" in run("restore", tmp_path / "b")

    def test_a_backup_is_the_owner_s_file(self, house, tmp_path):
        run("backup", tmp_path / "b")

        assert (tmp_path / "b").stat().st_mode & 0o077 == 0


class TestTheRunningSite:
    """Commands that speak to the server."""

    def test_seal_panic_and_unseal(self, served, typed):
        for command in ("seal", "panic"):
            assert "sealed" in run(command)
            assert not runtime.seal.open
            typed(*served.founded.site_shares[:2])
            assert "The site is open." in run("unseal")
            assert runtime.seal.open
        assert "open already" in run("unseal")

    def test_wrong_shares_are_answered_with_a_sentence(self, served, typed):
        run("seal")
        typed("academic acid", "nonsense")

        with pytest.raises(CommandError, match="do not fit together"):
            run("unseal")

        assert not runtime.seal.open

    @pytest.mark.parametrize(
        "words", [("seal",), ("panic",), ("unseal",), ("sweep",), ("trail", "head"),
                  ("epoch", "rotate"), ("staff", "invite", "eve")],
    )  # fmt: skip
    def test_where_no_server_runs_they_say_how_to_start_it(self, house, words):
        with pytest.raises(CommandError, match="footbridge serve"):
            run(*words)

    def test_the_head_and_the_witness(self, served, tmp_path):
        served.in_care(served.add_staff("ann"))
        (tmp_path / "head").write_text(run("trail", "head"))

        printed = run("trail", "verify", witness=tmp_path / "head")

        assert "It continues the head" in printed
        assert f"{witness.verify().events} acts" in printed

    @pytest.mark.parametrize("content", [None, b"\xff", b"nonsense"])
    def test_a_witness_s_file_that_is_none_is_refused(self, served, tmp_path, content):
        path = tmp_path / "head"
        if content is not None:
            path.write_bytes(content)

        with pytest.raises(CommandError):
            run("trail", "verify", witness=path)

    def test_a_broken_trail_ends_the_command_with_its_place(self, house):
        house.enrol(house.add_staff("ann"))
        Site.objects.update(trail_lock=99)

        with pytest.raises(CommandError, match="too short"):
            run("trail", "verify")

    def test_rotating_and_writing_the_card(self, served, tmp_path):
        served.in_care(served.add_staff("ann"))

        assert re.search("key: [1-9][0-9]* wraps moved", run("epoch", "rotate"))
        assert cards.CARD_NAME in run("epoch", "export", tmp_path)
        assert "New epoch keys: 0" in run("epoch", "import", tmp_path / cards.CARD_NAME)

    @pytest.mark.parametrize("what", ["export", "import"])
    def test_a_card_without_a_place_is_asked_for(self, house, what):
        with pytest.raises(CommandError, match="Say where"):
            run("epoch", what)

    def test_a_round_by_hand(self, served):
        assert "Contacts that ran out: 0." in run("sweep")

    def test_a_coordinator_is_invited_once(self, served):
        printed = run("staff", "invite", "cora")

        code = printed.split(": ")[1].strip()
        found = staff.invitation(code, site=served.keys, on=control._today())
        assert found == ("cora", Role.COORDINATOR)
        served.add_staff("cora", Role.COORDINATOR)
        with pytest.raises(CommandError, match="has a coordinator"):
            run("staff", "invite", "eve")


def test_a_share_is_asked_for_without_showing_it(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr("sys.stdin", Terminal("typed in clear"))
    monkeypatch.setattr(base.getpass, "getpass", lambda prompt: f"unseen {prompt}")

    assert base.ask_unseen("Share: ") == "unseen Share: "


def test_at_a_terminal_each_paper_is_wiped_before_the_next(settings, tmp_path, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    settings.FOOTBRIDGE_DATA, out, asked = tmp_path, Terminal(), []
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("builtins.input", asked.append)

    call_command("init", stdout=out)

    screens = out.getvalue().split("\x1b[2J\x1b[3J\x1b[H")
    words = [one for one in screens if "Site share" in one]
    assert len(asked) == 3 + 5 + 2
    assert len(words) == 3
    assert shares.combine([paper(one, "Site share")[0] for one in words[:2]])
