"""Build .venv from the pinned requirements, in six steps that say what they do.

Runs on the bare Python that `find_python.sh` chose, so it imports the standard library
only. Each finished step leaves a stamp in .venv, so that a repeat does nothing.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NEEDED_BYTES = 1_800_000_000  # measured: 1.3 GB installed, the rest is room for downloads
STEPS = 6
VERSION = ".".join(str(part) for part in sys.version_info[:2])
ASK_VERSION = "import sys, pip; print('.'.join(str(part) for part in sys.version_info[:2]))"

# What the installers print when they fail, and what it means for the reader.
SYMPTOMS: Sequence[tuple[tuple[str, ...], str]] = (
    (
        ("No space left on device", "os error 28", "Errno 28"),
        "The disk is full. Free about 2 GB where the project or the installer's cache lies, "
        "then run make again.",
    ),
    (
        ("do not match", "Hash mismatch", "hash mismatch"),
        "A package differs from the one that was pinned. Do not go on with it: somebody may "
        "have changed it on the way. Try another network or mirror.",
    ),
    (
        ("Permission denied", "os error 13", "Errno 13"),
        "A file may not be written. Check who owns the project folder and .venv, "
        "or remove .venv and run make again.",
    ),
    (
        (
            "name resolution",
            "dns error",
            "Connection refused",
            "NewConnectionError",
            "Failed to establish",
            "Could not connect",
            "client error (Connect)",
            "error sending request",
            "Failed to fetch",
            "timed out",
            "ProxyError",
            "No matching distribution",
            "unreachable",
        ),
        "The package index could not be reached. This step needs the network (or the mirror "
        "that pip is configured for) once; later runs do not. Check the connection, then run "
        "make again: finished steps are kept.",
    ),
)


class SetupError(Exception):
    """Why the environment could not be built, in words for the person at the keyboard."""


def main() -> int:
    """Bring .venv up to date; return the exit code."""
    try:
        build()
    except SetupError as error:
        print(f"\nfootbridge setup: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"\nfootbridge setup: {of_os_error(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nfootbridge setup: stopped. Run make again to go on.", file=sys.stderr)
        return 130
    return 0


def build() -> None:
    """Do every step whose inputs changed since its stamp was left."""
    requirements = ROOT / "requirements"
    package = ROOT / "src" / "footbridge"
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    uv = [str(VENV / "bin" / "uv"), "pip", "install", "--python", str(PYTHON)]
    step(1, "make .venv", "venv", VERSION, make_venv)
    step(
        2,
        "install the installer (needs the network)",
        "bootstrap",
        digest(requirements / "bootstrap.txt"),
        lambda: run([*pip, "--require-hashes", "-r", str(requirements / "bootstrap.txt")]),
    )
    step(
        3,
        "install the pinned packages (needs the network; some minutes the first time)",
        "packages",
        digest(requirements / "dev.txt"),
        lambda: install_packages([*uv, "--require-hashes", "-r", str(requirements / "dev.txt")]),
    )
    step(
        4,
        "install Footbridge itself",
        "footbridge",
        digest(ROOT / "pyproject.toml", package / "__init__.py") + str(ROOT),
        lambda: run([*uv, "--no-deps", "--no-build-isolation", "--offline", "-e", str(ROOT)]),
    )
    compile_translations(sorted(package.rglob("*.po")))
    compile_kernels(package / "microsim")


def compile_translations(catalogues: Sequence[Path]) -> None:
    """Compile the catalogues again if one changed or its compiled twin is missing."""
    if not all(catalogue.with_suffix(".mo").exists() for catalogue in catalogues):
        (VENV / ".footbridge-translations").unlink(missing_ok=True)
    step(
        5,
        "compile the translations",
        "translations",
        digest(*catalogues),
        lambda: run([str(PYTHON), str(ROOT / "tools" / "compile_translations.py")]),
    )


def compile_kernels(folder: Path) -> None:
    """Compile the policy model where its sources changed, or what was compiled is gone."""
    if not list(folder.glob("__pycache__/kernel*.nbi")):
        (VENV / ".footbridge-kernels").unlink(missing_ok=True)
    stamp = str((folder / "kernel.py").stat().st_mtime_ns)  # numba looks at it, too
    step(
        6,
        "compile the policy model (half a minute, so that no run waits for it)",
        "kernels",
        digest(*sorted(folder.glob("*.py"))) + stamp,
        lambda: run([str(PYTHON), "-m", "footbridge.microsim.warm"]),
    )


def step(number: int, what: str, name: str, inputs: str, do: Callable[[], None]) -> None:
    """Do one step unless its stamp says that these inputs were already dealt with."""
    stamp = VENV / f".footbridge-{name}"
    if stamp.exists() and stamp.read_text() == inputs and PYTHON.exists():
        return
    print(f"[{number}/{STEPS}] {what}", flush=True)
    began = time.monotonic()
    try:
        do()
    except SetupError as error:
        raise SetupError(f"step {number} of {STEPS} ({what}) failed.\n{error}") from error
    stamp.write_text(inputs)
    print(f"      done in {time.monotonic() - began:.0f} s", flush=True)


def make_venv() -> None:
    """Create .venv, replacing one that another Python made or that no longer runs."""
    if VENV.exists() and runs_this_version():
        return
    run([sys.executable, "-m", "venv", "--clear", str(VENV)])


def runs_this_version() -> bool:
    """Whether .venv holds a working Python of the version that runs this script."""
    ask = [str(PYTHON), "-c", ASK_VERSION]
    try:
        found = subprocess.run(ask, capture_output=True, text=True, check=False)
    except OSError:
        return False
    return found.stdout.strip() == VERSION


def install_packages(command: list[str]) -> None:
    """Install the big set, after a look at the room that is left."""
    free = shutil.disk_usage(ROOT).free
    fresh = not (VENV / ".footbridge-packages").exists()
    if fresh and free < NEEDED_BYTES:
        raise SetupError(
            f"The disk has {free / 1e9:.1f} GB left; the packages need about "
            f"{NEEDED_BYTES / 1e9:.1f} GB. Free some room, then run make again."
        )
    run(command)


def run(command: Sequence[str]) -> None:
    """Run an installer, pass its words on, and turn a failure into a plain reason."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=installer_environment(),
        cwd=ROOT,
    )
    finished = threading.Event()
    threading.Thread(target=heartbeat, args=(finished,), daemon=True).start()
    said: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        print(f"      {line}", end="", flush=True)
    code = process.wait()
    finished.set()
    if code != 0:
        raise SetupError(diagnosis("".join(said), code))


def heartbeat(finished: threading.Event) -> None:
    """Say every fifteen seconds that the work goes on."""
    waited = 0
    while not finished.wait(15):
        waited += 15
        print(f"      still working ({waited} s)", flush=True)


def diagnosis(said: str, code: int) -> str:
    """Return what an installer's last words mean."""
    for signs, meaning in SYMPTOMS:
        if any(sign in said for sign in signs):
            return meaning
    return f"The installer ended with code {code}; its own words are above."


def of_os_error(error: OSError) -> str:
    """Return a plain sentence for a failed file operation."""
    if error.errno == errno.ENOSPC:
        return "the disk is full. Free about 2 GB, then run make again."
    return f"{error.filename or 'a file'}: {error.strerror}. Mend this, then run make again."


def installer_environment() -> dict[str, str]:
    """Return the environment in which uv looks where pip is configured to look.

    uv does not read pip's configuration; a site behind a mirror has only that one.
    """
    environment = dict(os.environ)
    configured = pip_configuration()
    for setting, variable in (
        ("index-url", "UV_DEFAULT_INDEX"),
        ("extra-index-url", "UV_INDEX"),
        ("find-links", "UV_FIND_LINKS"),
        ("cert", "SSL_CERT_FILE"),
        ("trusted-host", "UV_INSECURE_HOST"),
        ("timeout", "UV_HTTP_TIMEOUT"),
        ("default-timeout", "UV_HTTP_TIMEOUT"),
    ):
        if setting in configured and variable not in environment:
            environment[variable] = configured[setting]
    if "UV_FIND_LINKS" in environment and "," not in environment["UV_FIND_LINKS"]:
        environment["UV_FIND_LINKS"] = ",".join(environment["UV_FIND_LINKS"].split())
    # pip looks at every index it was given; pinned hashes make that safe here as well.
    environment.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return environment


def pip_configuration() -> dict[str, str]:
    """Return pip's own settings by bare name; nearer ones win, as they do for pip."""
    ask = [sys.executable, "-m", "pip", "config", "list"]
    found = subprocess.run(ask, capture_output=True, text=True, check=False)
    settings: dict[str, str] = {}
    rank = {"global": 0, "install": 1, ":env:": 2}
    lines = [line.partition("=") for line in found.stdout.splitlines() if "=" in line]
    for key, _, value in sorted(lines, key=lambda line: rank.get(line[0].split(".")[0], -1)):
        section, _, name = key.partition(".")
        if section in rank:
            settings[name] = value.strip().strip("'\"").replace("\\n", " ").strip()
    return settings


def digest(*files: Path) -> str:
    """Return a fingerprint of some files' contents."""
    whole = hashlib.sha256()
    for path in files:
        whole.update(path.read_bytes())
    return whole.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
