"""The doors fail in plain words, and a finished step is not done twice."""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
import sys

import pytest

from tools import setup_env
from tools.house.places import ROOT

FAKE = """#!/bin/sh
case "$2" in
    *"print("*) echo {version} ;;
    *"< (3, 11)"*) exit {too_old} ;;
    *ensurepip*) exit {no_venv} ;;
esac
"""


def find_python(names):
    """Ask the finder to choose among these names."""
    return subprocess.run(
        ["/bin/sh", str(ROOT / "tools" / "find_python.sh")],
        env={"PATH": os.environ["PATH"], "PYTHON": names},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def a_python(tmp_path):
    """Return a function that makes a command which answers like some Python."""

    def make(name, *, version="3.12", too_old=0, no_venv=0):
        path = tmp_path / name
        path.write_text(FAKE.format(version=version, too_old=too_old, no_venv=no_venv))
        path.chmod(0o755)
        return str(path)

    return make


def test_the_first_python_that_is_new_enough_is_chosen(a_python):
    old = a_python("old", version="3.9", too_old=1)
    new = a_python("new")

    found = find_python(f"no-such-python {old} {new}")

    assert (found.returncode, found.stdout.strip()) == (0, new)


def test_an_old_python_is_named_with_its_version_and_what_to_do(a_python):
    found = find_python(a_python("old", version="3.8", too_old=1))

    assert found.returncode == 1
    assert "is Python 3.8" in found.stderr
    assert "Install Python 3.11" in found.stderr


def test_a_python_without_its_venv_module_is_told_what_to_install(a_python):
    found = find_python(a_python("bare", version="3.11", no_venv=1))

    assert found.returncode == 1
    assert "python3.11-venv" in found.stderr


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("error: dns error: failed to lookup address", "needs the network"),
        ("NewConnectionError: Connection refused", "needs the network"),
        ("ERROR: No matching distribution found for uv==9", "needs the network"),
        ("THESE PACKAGES DO NOT MATCH: hashes do not match", "differs from the one"),
        ("Hash mismatch for numpy. Failed to fetch", "differs from the one"),
        ("PermissionError: [Errno 13] Permission denied", "may not be written"),
        ("something unheard of", "ended with code 3"),
    ],
)
def test_what_an_installer_says_is_turned_into_what_it_means(said, meaning):
    assert meaning in setup_env.diagnosis(said, 3)


def test_a_full_disk_while_writing_is_said_plainly():
    assert "disk is full" in setup_env.of_os_error(OSError(errno.ENOSPC, "No space left"))


def test_too_little_room_is_noticed_before_the_download(tmp_path, monkeypatch):
    monkeypatch.setattr(setup_env, "VENV", tmp_path)
    usage = shutil._ntuple_diskusage(10**12, 10**12, 5 * 10**8)
    monkeypatch.setattr(setup_env.shutil, "disk_usage", lambda _: usage)

    with pytest.raises(setup_env.SetupError, match=r"0\.5 GB left"):
        setup_env.install_packages([sys.executable, "-c", "raise SystemExit(9)"])


def test_a_finished_step_is_done_again_only_when_its_inputs_change(tmp_path, monkeypatch):
    monkeypatch.setattr(setup_env, "VENV", tmp_path)
    monkeypatch.setattr(setup_env, "PYTHON", tmp_path)
    done = []

    for inputs in ("a", "a", "b", "b"):
        setup_env.step(1, "do it", "it", inputs, lambda: done.append("done"))

    assert len(done) == 2


def test_kernels_are_compiled_again_when_their_source_changes_or_they_are_gone(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(setup_env, "VENV", tmp_path)
    monkeypatch.setattr(setup_env, "PYTHON", tmp_path)
    folder = tmp_path / "microsim"
    cache = folder / "__pycache__"
    cache.mkdir(parents=True)
    sources = [folder / name for name in ("kernel.py", "kernel_rules.py", "compiled.py")]
    for source in sources:
        source.write_text("1")
    ran = []

    def compiled(command):
        ran.append(command[-1])
        (cache / "kernel.advance.nbi").write_text("")

    monkeypatch.setattr(setup_env, "run", compiled)

    setup_env.compile_kernels(folder)
    setup_env.compile_kernels(folder)
    assert ran == ["footbridge.microsim.warm"]
    sources[1].write_text("2")
    setup_env.compile_kernels(folder)
    assert len(ran) == 2
    (cache / "kernel.advance.nbi").unlink()
    setup_env.compile_kernels(folder)
    assert len(ran) == 3


def test_a_failed_step_names_itself_and_leaves_no_stamp(tmp_path, monkeypatch):
    monkeypatch.setattr(setup_env, "VENV", tmp_path)

    with pytest.raises(setup_env.SetupError, match=r"step 2 of 6 \(fetch\) failed"):
        setup_env.step(2, "fetch", "it", "a", lambda: setup_env.run([sys.executable, "-c", "1/0"]))

    assert list(tmp_path.iterdir()) == []


def test_uv_looks_where_pip_is_configured_to_look(monkeypatch):
    for variable in list(os.environ):
        if variable.startswith("UV_") or variable == "SSL_CERT_FILE":
            monkeypatch.delenv(variable)
    configured = {"index-url": "https://mirror.invalid/simple", "find-links": "/a /b", "cert": "/c"}
    monkeypatch.setattr(setup_env, "pip_configuration", lambda: configured)

    environment = setup_env.installer_environment()

    assert environment["UV_DEFAULT_INDEX"] == "https://mirror.invalid/simple"
    assert environment["UV_FIND_LINKS"] == "/a,/b"
    assert environment["SSL_CERT_FILE"] == "/c"


def test_what_uv_was_told_itself_is_left_alone(monkeypatch):
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://own.invalid/simple")
    monkeypatch.setattr(
        setup_env, "pip_configuration", lambda: {"index-url": "https://mirror.invalid/simple"}
    )

    environment = setup_env.installer_environment()

    assert environment["UV_DEFAULT_INDEX"] == "https://own.invalid/simple"


def test_pips_environment_wins_over_its_files(tmp_path, monkeypatch):
    configuration = tmp_path / "pip.conf"
    configuration.write_text("[global]\nindex-url = https://file.invalid/simple\ntimeout = 7\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(configuration))
    monkeypatch.setenv("PIP_INDEX_URL", "https://environment.invalid/simple")

    found = setup_env.pip_configuration()

    assert found["index-url"] == "https://environment.invalid/simple"
    assert found["timeout"] == "7"


@pytest.mark.slow
def test_a_first_setup_without_network_says_which_step_needed_it(tmp_path):
    for name in ("requirements", "tools"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    nowhere = {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_NO_CACHE_DIR": "1",
        "PIP_RETRIES": "0",
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
    }

    ended = subprocess.run(
        [sys.executable, str(tmp_path / "tools" / "setup_env.py")],
        env=nowhere,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert re.search(r"\[1/\d\] make .venv", ended.stdout)
    assert re.search(r"step 2 of \d", ended.stderr)
    assert "needs the network" in ended.stderr
    assert "Traceback" not in ended.stderr


SKIPPING = """
import pytest

@pytest.mark.browser
def test_a_page():
    pytest.skip("no browser here")

@pytest.mark.skipif(True, reason="no reference folder here")
def test_an_oracle():
    pass
"""


@pytest.mark.parametrize(("ci", "outcome"), [("true", "1 failed, 1 skipped"), ("", "2 skipped")])
def test_only_where_ci_asks_may_a_browser_test_not_skip(tmp_path, ci, outcome):
    (tmp_path / "test_it.py").write_text(SKIPPING)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    browser: drives a browser\n")

    plugins = ("-p", "tools.no_skips_in_ci", "-p", "no:django", "-p", "no:cacheprovider")
    config = ("-c", str(tmp_path / "pytest.ini"))

    ended = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, *config, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "CI": ci},
        capture_output=True,
        text=True,
        check=False,
    )

    assert outcome in ended.stdout
    assert ("no browser here" in ended.stdout) or not ci


def test_the_suite_refuses_to_leave_postgresql_out_where_ci_asks_for_it():
    environment = {**os.environ, "CI": "true"}
    environment.pop("DATABASE_URL", None)

    ended = subprocess.run(
        ["/bin/sh", str(ROOT / "tools" / "run_tests.sh")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert "DATABASE_URL is not set" in ended.stderr


def test_a_second_database_is_asked_only_what_tells_it_from_the_first(tmp_path):
    (tmp_path / "test_some.py").write_text(
        "import pytest\n"
        "@pytest.fixture\n"
        "def db(): pass\n"
        "@pytest.fixture\n"
        "def house(db): pass\n"
        "def test_pure(): pass\n"
        "def test_with_rows(house): pass\n"
        "@pytest.mark.django_db\n"
        "def test_marked(): pass\n"
        "@pytest.mark.postgres\n"
        "def test_by_a_command(): pass\n"
        "@pytest.mark.once\n"
        "def test_in_another_language(house): pass\n"
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n  django_db\n  postgres\n  once\n")
    plugins = ("-p", "tools.one_database", "-p", "no:django", "-p", "no:cacheprovider")

    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-v",
            *plugins,
            "-c",
            str(tmp_path / "pytest.ini"),
            tmp_path,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    asked = set(re.findall(r"::(test_\w+) PASSED", ended.stdout))
    assert asked == {"test_with_rows", "test_marked", "test_by_a_command"}
    assert "2 deselected" in ended.stdout
