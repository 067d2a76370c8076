"""The control socket: this account's alone, hostile lines answered, never a key or a record."""

import json
import socket
import stat
import threading
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footbridge.trust import control, places, runtime
from footbridge.trust.access.rules import Role
from footbridge.trust.audit import trail, witness
from footbridge.trust.audit.witness import Head
from footbridge.trust.control import ControlError
from footbridge.trust.vault.models import Site

ON = date(2026, 11, 21)


@pytest.fixture(scope="module")
def socket_path(tmp_path_factory):
    path = tmp_path_factory.mktemp("s") / "control.sock"
    stop = control.listen(path)
    yield path
    stop()


def say(path, line):
    """Send raw bytes and return the answer's line."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as wire:
        wire.settimeout(10)
        wire.connect(str(path))
        wire.sendall(line)
        wire.shutdown(socket.SHUT_WR)
        return wire.makefile("rb").readline()


def test_only_the_owner_may_open_the_socket_and_its_folder(tmp_path):
    path = tmp_path / "new" / "control.sock"

    stop = control.listen(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    stop()
    assert not path.exists()


def test_a_socket_left_by_a_crash_is_taken_over(tmp_path):
    path = tmp_path / "control.sock"
    dead = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    dead.bind(str(path))
    dead.close()

    stop = control.listen(path)

    assert control.ask(path, "status") == {"open": False, "sessions": 0}
    stop()


def test_a_second_server_in_the_same_folder_is_refused(socket_path):
    with pytest.raises(ControlError, match="Another server runs"):
        control.listen(socket_path)

    assert control.ask(socket_path, "status")["open"] is False


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"{}\n",
        b"[]\n",
        b"null\n",
        b'"status"\n',
        b'{"command": 7}\n',
        b'{"command": ["status"]}\n',
        b'{"command": "__class__"}\n',
        b'{"command": "listen"}\n',
        b"\xff\xfe{\n",
        b"[" * 50_000 + b"\n",
        b'{"command": "status"' + b" " * control.LONGEST + b"}\n",
    ],
)
def test_a_hostile_line_gets_an_error_and_the_site_goes_on(socket_path, line):
    answer = json.loads(say(socket_path, line))

    assert set(answer) == {"error"}
    assert control.ask(socket_path, "status")["open"] is False


@settings(max_examples=40)
@given(line=st.binary(max_size=200))
def test_whatever_comes_the_answer_is_an_error(socket_path, line):
    answer = json.loads(say(socket_path, line + b"\n"))

    assert set(answer) == {"error"}


def test_somebody_who_hangs_up_at_once_leaves_no_traceback(socket_path, capfd):
    for _ in range(5):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as wire:
            wire.connect(str(socket_path))

    assert control.ask(socket_path, "status")["open"] is False
    assert "Traceback" not in capfd.readouterr().err


def test_a_line_that_breaks_is_logged_by_its_kind_alone(caplog):
    server = object.__new__(control._Server)
    caplog.set_level("INFO", logger="footbridge.control")
    control.LOG.addHandler(caplog.handler)
    try:
        int("words of somebody")
    except ValueError:
        server.handle_error(None, None)
    finally:
        control.LOG.removeHandler(caplog.handler)

    assert "ValueError" in caplog.text
    assert "words of somebody" not in caplog.text


def test_an_unexpected_failure_is_answered_without_its_words(socket_path, monkeypatch):
    def fail(_):
        raise RuntimeError("the words of a record")

    monkeypatch.setitem(control.COMMANDS, "status", fail)

    assert b"words of a record" not in say(socket_path, b'{"command": "status"}\n')


def test_where_no_site_listens_the_asker_is_told_what_to_do(tmp_path):
    with pytest.raises(ControlError, match="footbridge serve"):
        control.ask(tmp_path / "none.sock", "status")


@pytest.mark.django_db(transaction=True)
class TestOnARealSite:
    """Commands that change the site, each in a thread of the server's own."""

    @pytest.fixture
    def path(self, house, socket_path):
        return socket_path

    def test_panic_seals_the_site_and_ends_every_session(self, house, path):
        cookie = runtime.sessions().begin(house.add_staff("ann"))

        assert control.ask(path, "panic") == {"open": False}

        assert not runtime.seal.open
        assert not house.keys.live
        assert control.ask(path, "status") == {"open": False, "sessions": 0}
        assert cookie

    def test_two_shares_open_it_again_and_one_or_wrong_ones_do_not(self, house, path):
        first, second, _ = house.founded.site_shares
        control.ask(path, "seal")

        for wrong in ([first], [first, first], [], ["academic"], 7, None):
            with pytest.raises(ControlError):
                control.ask(path, "unseal", shares=wrong)
            assert not runtime.seal.open

        assert control.ask(path, "unseal", shares=[second, first]) == {"open": True}
        assert runtime.seal.open

    def test_unsealing_an_open_site_changes_nothing(self, house, path):
        before = runtime.seal.keys

        assert control.ask(path, "unseal", shares=["nonsense"]) == {"open": True}

        assert runtime.seal.keys is before

    def test_two_who_unseal_at_once_leave_one_set_of_keys(self, house, path):
        shares = list(house.founded.site_shares[:2])
        control.ask(path, "seal")
        threads = [
            threading.Thread(target=control.ask, args=(path, "unseal"), kwargs={"shares": shares})
            for _ in range(4)
        ]

        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert runtime.seal.open
        assert len(list(places.epochs().folder.glob("*.epoch"))) == 1

    def test_a_sealed_site_gives_no_head_turns_nothing_and_invites_nobody(self, path):
        control.ask(path, "seal")

        for command in ("head", "turn", "sweep", "invite"):
            with pytest.raises(ControlError, match="sealed"):
                control.ask(path, command, name="eve")

    def test_the_head_is_signed_and_the_trail_continues_it(self, house, path):
        house.in_care(house.add_staff("ann"))

        head = Head.from_text(control.ask(path, "head")["head"])

        assert witness.verify(head).events == head.sequence > 0

    def test_turning_by_hand_moves_every_wrap_and_stands_on_the_trail(self, house, path):
        house.in_care(house.add_staff("ann"))
        before = house.keys.epoch.id

        done = control.ask(path, "turn")

        assert done["moved"] > 0
        assert house.keys.epoch.id != before
        assert trail.site_events(site=house.keys)[0].action == "epoch.turned"

    def test_a_coordinator_is_invited_only_while_there_is_none(self, house, path):
        assert len(control.ask(path, "invite", name="cora")["code"]) == 19

        house.add_staff("cora", Role.COORDINATOR)

        with pytest.raises(ControlError, match="has a coordinator"):
            control.ask(path, "invite", name="eve")

    def test_no_answer_holds_a_key_or_a_share(self, house, path):
        ann = house.add_staff("ann")
        house.in_care(ann)
        secret = [
            ann.pair.private.hex(),
            house.founded.backup_private.hex(),
            *house.founded.site_shares,
            *(house.keys[name].hex() for name in ("outer", "log", "shell", "pepper")),
            bytes(Site.objects.get().check_value).hex(),
        ]

        said = b"".join(
            say(path, json.dumps({"command": name, "name": "eve"}).encode() + b"\n")
            for name in control.COMMANDS
            if name != "unseal"
        ).decode()

        assert not [one for one in secret if one in said]
