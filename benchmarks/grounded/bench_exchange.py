"""Times opening a .qdpx of about 200 MB: many transcripts, codings, and a recording.

A process each, so that peak memory is its own; prints csv.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from footbridge.grounded.codebook import Code, Codebook
from footbridge.grounded.exchange import read
from footbridge.grounded.exchange.refi_write import pack
from footbridge.grounded.project import Coder, Document, Project
from footbridge.grounded.segments import Segment
from footbridge.grounded.text import Span

INTERVIEWS, WORDS, SEGMENTS, CODES = 120, 50_000, 400, 80
TARGET = 200 * 2**20


def build(path: Path) -> None:
    """Write 120 transcripts of 50,000 words, 48,000 codings, and noise as the recording."""
    rng = random.Random(7)
    vocabulary = ["".join(rng.choices("abcdefghijklmnop名登记怕", k=6)) for _ in range(9000)]
    documents, segments = [], []
    for n in range(INTERVIEWS):
        text = " ".join(rng.choices(vocabulary, k=WORDS))
        documents.append(Document(f"d{n}", f"Interview {n}", text))
        for k in range(SEGMENTS):
            start = rng.randrange(len(text) - 900)
            span = Span(start, start + rng.randint(20, 800))
            code, coder = f"c{rng.randrange(CODES)}", rng.choice("AB")
            segments.append(Segment(f"s{n}.{k}", f"d{n}", span, code, coder))
    project = Project(
        "large", (Coder("A", "A"), Coder("B", "B")),
        Codebook(tuple(Code(f"c{k}", f"code {k}") for k in range(CODES))),
        tuple(documents), tuple(segments),
    )  # fmt: skip
    data, _ = pack(project)
    path.write_bytes(data)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("sources/recording.m4a", rng.randbytes(max(0, TARGET - len(data))))


def main() -> None:
    if len(sys.argv) > 1:
        wall, cpu = time.perf_counter(), time.process_time()
        project, report = read(Path(sys.argv[1]))
        seconds, processor = time.perf_counter() - wall, time.process_time() - cpu
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        size = Path(sys.argv[1]).stat().st_size // 2**20
        found = f"{len(project.documents)} texts and {len(project.segments)} codings"
        what = f"opening a .qdpx of {size} MB: {found}"
        print(f'"{what}",{seconds:.2f},{processor:.2f},{peak},{report.complete}')
        return
    print("what,seconds,processor_seconds,peak_mb,value")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.qdpx"
        build(path)
        subprocess.run([sys.executable, __file__, str(path)], check=True)


if __name__ == "__main__":
    main()
