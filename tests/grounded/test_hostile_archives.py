"""Two thousand damaged or hostile files: a reason each, and nothing outside the workspace."""

from __future__ import annotations

import io
import os
import random
import resource
import struct
import sys
import time
import zipfile
import zlib

import pytest

from footbridge.grounded import exchange
from footbridge.grounded.errors import ExchangeError
from footbridge.grounded.exchange.refi_write import pack
from tests.grounded.refi_files import foreign, full_project, picked, source

HONEST = pack(full_project())[0]
QDE = zipfile.ZipFile(io.BytesIO(HONEST)).read("project.qde")


def packed(*entries, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()


def flipped(rng):
    data = bytearray(HONEST)
    for _ in range(rng.randint(1, 30)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


def truncated(rng):
    return HONEST[: rng.randrange(len(HONEST))]


def broken_xml(rng):
    qde = bytearray(QDE)
    for _ in range(rng.randint(1, 12)):
        at = rng.randrange(len(qde))
        if rng.random() < 0.5:
            del qde[at : at + rng.randint(1, 40)]
        else:
            qde[at:at] = rng.choice(
                [b"<", b">", b"&", b'"', b"\x00", b"\xff", b"</Codes>", b"<Code>"]
            )
    return packed(("project.qde", bytes(qde)))


def shuffled_elements(rng):
    """Well-formed XML that makes no sense: elements and values in wrong places."""
    lines = QDE.decode().split("\n")[1:]
    body = rng.sample(lines, len(lines))
    names = [
        "Users",
        "CodeBook",
        "Codes",
        "Code",
        "Sources",
        "TextSource",
        "Coding",
        "CodeRef",
        "Sets",
    ]
    depth, out = [], []
    for _ in range(rng.randint(5, 60)):
        if depth and rng.random() < 0.4:
            out.append(f"</{depth.pop()}>")
        else:
            name = rng.choice(names)
            guid = rng.choice(["", "x", "{}", "0" * 36, "\U0001f642"])
            out.append(f'<{name} guid="{guid}" name="{len(body)}" startPosition="-{guid}">')
            depth.append(name)
    out += [f"</{name}>" for name in reversed(depth)]
    return packed(("project.qde", f'<Project name="x">{"".join(out)}</Project>'.encode()))


def outside_names(rng):
    name = rng.choice([
        "../evil.txt", "/etc/evil", "C:\\evil.txt", "sources/../../evil", "..\\evil", "\\\\host\\x",
        "./../x.txt", "a/../../b", "c:evil",
    ])  # fmt: skip
    return packed(("project.qde", QDE), (name, b"evil" * rng.randint(1, 50)))


def outside_paths(rng):
    path = rng.choice([
        "internal://../../../etc/passwd", "absolute:///etc/passwd", "relative:///../x.txt",
        "file:///etc/passwd", "http://example.org/x", "internal:///etc/passwd", "../../x", "",
    ])  # fmt: skip
    return packed(("project.qde", foreign(source(picked(0, 1), path=f'plainTextPath="{path}"'))))


def entities(rng):
    inner = rng.choice([
        '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE p SYSTEM "http://example.org/x.dtd">',
        '<!DOCTYPE p [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE p [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]>',
    ])  # fmt: skip
    body = foreign("").replace("?>", f"?>{inner}", 1).replace("<Project ", "<Project origin='&x;' ")
    return packed(("project.qde", body))


def encodings(rng):
    label = rng.choice(
        ["utf-16", "cp1252", "utf-7", "rot13", "latin-1", "nonsense", "utf-32", "zip"]
    )
    data = foreign("").replace("utf-8", label, 1)
    how = rng.choice(["utf-8", "utf-16", "utf-16-le", "cp1252", "utf-32", "cp500"])
    return packed(("project.qde", data.encode(how, "replace")))


def wrong_text(rng):
    data = rng.choice(
        [b"\xff\xfe\x00", b"\xb2\xe2\xca\xd4", bytes(rng.randrange(256) for _ in range(60))]
    )
    body = source(picked(0, 3), path='plainTextPath="internal://t.txt"')
    return packed(("project.qde", foreign(body)), ("sources/t.txt", data))


def bombs(rng):
    size = rng.choice([3, 8]) * 2**20
    if rng.random() < 0.5:
        return packed(("project.qde", b"<Project>" + b" " * size))
    body = source(picked(0, 3), path='plainTextPath="internal://t.txt"')
    return packed(("project.qde", foreign(body)), ("sources/t.txt", b"a" * size))


def lying_sizes(rng):
    """An archive whose list of contents says that the files are small, or huge."""
    data = bytearray(packed(("project.qde", QDE), ("sources/t.txt", b"a" * 2**20)))
    at = data.rfind(b"PK\x01\x02")
    claimed = rng.choice([0, 1, 2**31, 2**32 - 1, 17])
    struct.pack_into("<L", data, at + rng.choice([20, 24, 42, 16]), claimed)
    return bytes(data)


def lying_directory(rng):
    data = bytearray(HONEST)
    end = data.rfind(b"PK\x05\x06")
    struct.pack_into("<L", data, end + rng.choice([12, 16]), rng.choice([0, 2**32 - 1, 2**30, 99]))
    return bytes(data)


def huge_attributes(rng):
    big = "x" * rng.choice([1_000_001, 1_200_000])
    return packed(("project.qde", foreign("").replace('name="p"', f'name="{big}"')), method=0)


def deep(rng):
    n = rng.choice([200, 5000, 50_000])
    code = "<Code guid='x' name='x' isCodable='true'>" * n + "</Code>" * n
    body = f"<CodeBook><Codes>{code}</Codes></CodeBook>"
    return packed(("project.qde", f"<Project name='x'>{body}</Project>"), method=0)


def numbers(rng):
    start = rng.choice(["-1", "1e9", "9" * 30, "9" * 5000, "NaN", "", " 1", "\u0661", "0x10"])
    body = source(picked(start, rng.choice(["-5", "9" * 30, "2", "1.5"])), content="some text")
    return packed(("project.qde", foreign(body)))


def not_projects(rng):
    return rng.choice([
        b"", b"PK", b"PK\x05\x06" + b"\0" * 18, b"%PDF-1.4", QDE, zlib.compress(QDE),
        packed(), packed(("readme.txt", b"hello")), packed(("a.qde", QDE), ("b.qde", QDE)),
        packed(("project.qde", b"<CodeBook/>")), packed(("project.qde", b"<html/>")),
        packed(("project.qde", b"")), packed(("project.qde", QDE), method=zipfile.ZIP_LZMA),
        packed(("project.qde", QDE), method=zipfile.ZIP_BZIP2),
    ])  # fmt: skip


def doubled(rng):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("project.qde", QDE)
        archive.writestr("PROJECT.QDE" if rng.random() < 0.5 else "Project.qde", b"<Project/>")
    return out.getvalue()


def linked(rng):
    info = zipfile.ZipInfo(rng.choice(["project.qde", "sources/t.txt"]))
    info.external_attr = 0o120777 << 16
    return packed((info, b"/etc/passwd"), ("other.qde", QDE))


def locked(rng):
    data = bytearray(HONEST)
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


KINDS = [
    flipped, truncated, broken_xml, shuffled_elements, outside_names, outside_paths, entities,
    encodings, wrong_text, bombs, lying_sizes, lying_directory, huge_attributes, deep, numbers,
    not_projects, doubled, linked, locked,
]  # fmt: skip
ALWAYS_REFUSED = {
    outside_names,
    entities,
    huge_attributes,
    deep,
    doubled,
    linked,
    locked,
    not_projects,
}
MANY = {flipped: 400, truncated: 300, broken_xml: 400, shuffled_elements: 300}
TIMES = {kind: MANY.get(kind, 40) for kind in KINDS}


class Watch:
    """Notes every file written, folder made, program started or connection opened.

    Python's audit events come from the interpreter itself, so it sees what happens anywhere on
    the machine, not only in the folder that a test looks at afterwards.
    """

    _LOUD = frozenset((
        "os.mkdir", "os.rename", "os.remove", "os.symlink", "os.link", "os.chmod", "os.truncate",
        "os.system", "subprocess.Popen", "os.exec", "os.posix_spawn", "socket.connect",
        "socket.getaddrinfo", "urllib.Request",
    ))  # fmt: skip

    def __init__(self):
        self.on = False
        self.seen = []
        sys.addaudithook(self._hear)  # cannot be taken back, so it is added once

    def _hear(self, event, args):
        if not self.on:
            return
        if event == "open" and isinstance(args[2], int):
            if args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC):
                self.seen.append((event, args[0]))
        elif event in self._LOUD:
            self.seen.append((event, *args[:1]))

    def __enter__(self):
        self.seen, self.on = [], True
        return self

    def __exit__(self, *_):
        self.on = False


WATCH = Watch()


def test_the_watch_sees_a_file_written_and_a_folder_made(tmp_path):
    with WATCH:
        (tmp_path / "x").write_text("x", "utf-8")
        (tmp_path / "y").mkdir()

    assert [event for event, _ in WATCH.seen] == ["open", "os.mkdir"]


def reason_for(read, path):
    """Return why a file was refused, or None where it was read."""
    try:
        read(path)
    except ExchangeError as error:
        return str(error)
    return None


def test_there_are_two_thousand_of_them():
    assert sum(TIMES.values()) >= 2000


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
def test_each_is_read_or_refused_with_a_reason(kind, tmp_path):
    rng = random.Random(kind.__name__)
    path = tmp_path / "inside" / "x.qdpx"
    path.parent.mkdir()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused = 0

    for _ in range(TIMES[kind]):
        path.write_bytes(kind(rng))
        started = time.process_time()
        with WATCH:
            reason = reason_for(exchange.read, path)
        assert WATCH.seen == []
        refused += reason is not None
        if reason is not None:
            assert 30 < len(reason) < 500
            assert reason.isprintable()
            assert str(tmp_path) not in reason
        assert time.process_time() - started < 2.0

    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["x.qdpx"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak < 250_000  # kilobytes
    if kind in ALWAYS_REFUSED:
        assert refused == TIMES[kind]


N = 15_000
CODE = '<Code name="fear" isCodable="true"/>'
CROWDS = {
    "codings without identifiers": foreign(source(picked(0, 3) * N, content="abc def")).replace(
        'guid="00000000-0000-4000-8000-000000000005"', ""),
    "codes of one name": foreign("").replace("</Codes>", CODE * N + "</Codes>"),
    "long quotations of a long text": foreign(
        source(picked(0, 400_000, "word " * 20_000) * 40, content="word " * 90_000)),
    "unknown elements": foreign("<Sources>" + "<X/>" * N + "</Sources>"),
}  # fmt: skip


@pytest.mark.parametrize("name", CROWDS)
def test_a_crowd_of_odd_elements_takes_no_longer_than_an_orderly_one(name, tmp_path):
    path = tmp_path / "x.qdpx"
    path.write_bytes(packed(("project.qde", CROWDS[name]), method=0))
    started = time.process_time()

    project, report = exchange.read(path)

    assert time.process_time() - started < 6.0
    assert project.codebook.by_name("fear")
    assert report.dropped or report.tolerated or report.positions


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "no.qdpx", tmp_path):
        with pytest.raises(ExchangeError, match="no such file"):
            exchange.read(path)


def test_an_unwritable_place_is_refused(tmp_path):
    with pytest.raises(ExchangeError, match="Choose another folder"):
        exchange.write(full_project(), tmp_path / "missing" / "x.qdpx")


@pytest.mark.parametrize(
    "data", [b"", b"<a", b"<Project/>", b"\xff\xfe", QDE[:300], b"<CodeBook/>"]
)
def test_a_damaged_codebook_is_read_or_refused_with_a_reason(data, tmp_path):
    path = tmp_path / "c.qdc"
    path.write_bytes(data)

    reason = reason_for(exchange.read_codebook, path)

    assert (reason is None) == (data == b"<CodeBook/>")
    assert reason is None or len(reason) > 30
