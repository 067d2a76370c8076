"""The log: what happened can be replayed and undone, and what does not fit is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from footbridge.grounded import events as e
from footbridge.grounded.codebook import Code, Codebook, Property
from footbridge.grounded.errors import CodingError
from footbridge.grounded.memos import Memo
from footbridge.grounded.project import Coder, Document, check_project
from footbridge.grounded.replay import Log
from footbridge.grounded.segments import Segment
from footbridge.grounded.text import Edit, Span

NOON = datetime(2014, 7, 1, 12, tzinfo=UTC)
CODERS = (Coder("A", "coder A"), Coder("B", "coder B"))
TEXT = "They put your name in the register. After that nobody hires you."


def stamp(n, by="A"):
    return {"id": f"e{n}", "by": by, "at": NOON + timedelta(minutes=n)}


def start():
    return Log("study", CODERS).added(
        e.TextAdded(**stamp(0), document=Document("d", "Interview 1", TEXT)),
        e.CodeAdded(**stamp(1), code=Code("reg", "the register")),
        e.CodeAdded(**stamp(2), code=Code("work", "no work")),
        e.SegmentCoded(**stamp(3), document="d", span=Span(5, 34), code="reg"),
        e.SegmentCoded(**stamp(4, "B"), document="d", span=Span(47, 63), code="work"),
    )


def test_each_coding_carries_its_coder_and_its_moment():
    first, second = start().project().segments

    assert (first.coder, first.moment) == ("A", NOON + timedelta(minutes=3))
    assert second.coder == "B"
    assert start().project().quote(second) == "nobody hires you"


def test_a_merge_moves_segments_and_can_be_undone():
    before = start()

    merged = before.added(e.CodesMerged(**stamp(5), codes=("work",), into="reg"))
    undone = merged.undone(e.Undone(**stamp(6), event="e5"))
    redone = undone.undone(e.Undone(**stamp(7), event="e6"))

    assert {s.code for s in merged.project().segments} == {"reg"}
    assert undone.project() == before.project()
    assert redone.project() == merged.project()


def test_a_split_moves_only_the_segments_it_names():
    log = start().added(
        e.SegmentCoded(**stamp(5), document="d", span=Span(0, 4), code="reg"),
        e.CodeSplit(
            **stamp(6), code="reg", into=(Code("name", "a name kept"),), segments={"e3": "name"}
        ),
    )

    codes = {s.id: s.code for s in log.project().segments}

    assert codes == {"e3": "name", "e5": "reg", "e4": "work"}


def test_what_later_steps_rest_on_cannot_be_undone_first():
    with pytest.raises(CodingError, match="later steps rest on it"):
        start().undone(e.Undone(**stamp(9), event="e1"))


def test_a_code_cannot_be_put_under_itself():
    log = start().added(e.CodeMoved(**stamp(5), code="work", parent="reg"))

    with pytest.raises(CodingError, match="contain itself"):
        log.added(e.CodeMoved(**stamp(6), code="reg", parent="work"))


def test_merging_into_a_code_below_is_refused():
    log = start().added(e.CodeMoved(**stamp(5), code="work", parent="reg"))

    with pytest.raises(CodingError, match="lies under"):
        log.added(e.CodesMerged(**stamp(6), codes=("reg",), into="work"))


def test_a_definition_with_properties_is_kept_through_a_merge():
    who = Property("who may learn of it", ("employer", "family"))
    log = start().added(
        e.CodeDefined(**stamp(5), code="work", definition="Refused a job.", properties=(who,)),
        e.CodesMerged(**stamp(6), codes=("work",), into="reg"),
    )

    assert log.project().codebook["reg"].properties == (who,)


def test_a_code_with_segments_is_not_removed():
    with pytest.raises(CodingError, match=r"1 segment\(s\) carry"):
        start().added(e.CodeRemoved(**stamp(5), code="work"))


def test_a_correction_before_coding_makes_no_version_and_after_coding_it_does():
    log = Log("study", CODERS).added(
        e.TextAdded(**stamp(0), document=Document("d", "Interview 1", TEXT)),
        e.TextCorrected(**stamp(1), document="d", edits=(Edit(0, 4, "People"),)),
    )
    coded = log.added(
        e.CodeAdded(**stamp(2), code=Code("work", "no work")),
        e.SegmentCoded(**stamp(3), document="d", span=Span(49, 65), code="work"),
        e.TextCorrected(**stamp(4), document="d", edits=(Edit(0, 6, "Officials"),)),
    ).project()

    assert log.project().document("d").version == 1
    assert coded.document("d").version == 2
    assert coded.quote(coded.segments[0]) == "nobody hires you"


def test_a_correction_that_deletes_a_coded_passage_is_refused():
    with pytest.raises(CodingError, match="Remove those codings first"):
        start().added(e.TextCorrected(**stamp(5), document="d", edits=(Edit(40, 64, ""),)))


@pytest.mark.parametrize(
    "event",
    [
        e.SegmentCoded(**stamp(9), document="d", span=Span(0, 500), code="reg"),
        e.SegmentCoded(**stamp(9), document="?", span=Span(0, 5), code="reg"),
        e.SegmentCoded(**stamp(9), document="d", span=Span(0, 5), code="?"),
        e.SegmentCoded(**stamp(9, by="C"), document="d", span=Span(0, 5), code="reg"),
        e.CodeAdded(**stamp(9), code=Code("new", "No Work")),
        e.CodeRenamed(**stamp(9), code="reg", name=" "),
        e.SegmentRemoved(**stamp(9), segment="?"),
        e.Undone(**stamp(9), event="?"),
    ],
)
def test_an_event_that_does_not_fit_is_refused(event):
    with pytest.raises(CodingError):
        start().added(event)


def test_a_codebook_finds_codes_by_name_and_path():
    book = Codebook((Code("t", "Theme"), Code("a", "fear", parent="t"), Code("b", "fear")))

    assert book.path("a") == "Theme > fear"
    assert book.by_name("theme > fear").id == "a"
    with pytest.raises(CodingError, match="2 codes"):
        book.by_name("fear")


class Study(RuleBasedStateMachine):
    """Any order of steps and undos leaves a study in which everything fits together."""

    @initialize()
    def begin(self):
        self.log = start()
        self.count = 10

    def attempt(self, make):
        self.count += 1
        before = self.log
        try:
            self.log = make(stamp(self.count))
        except CodingError:
            assert self.log is before

    @property
    def codes(self):
        return [c.id for c in self.log.project().codebook]

    @rule(data=st.data())
    def code(self, data):
        at = data.draw(st.integers(0, 50))
        span, code = (
            Span(at, at + data.draw(st.integers(1, 20))),
            data.draw(st.sampled_from(self.codes)),
        )
        self.attempt(
            lambda s: self.log.added(e.SegmentCoded(**s, document="d", span=span, code=code))
        )

    @rule(data=st.data())
    def add_code(self, data):
        parent = data.draw(st.sampled_from([None, *self.codes]))
        new = Code(f"c{self.count}", f"code {self.count % 4}", parent=parent)
        self.attempt(lambda s: self.log.added(e.CodeAdded(**s, code=new)))

    @precondition(lambda self: len(self.codes) > 1)
    @rule(data=st.data())
    def merge(self, data):
        a, b = data.draw(st.lists(st.sampled_from(self.codes), min_size=2, max_size=2))
        self.attempt(lambda s: self.log.added(e.CodesMerged(**s, codes=(a,), into=b)))

    @rule(data=st.data())
    def move(self, data):
        a = data.draw(st.sampled_from(self.codes))
        parent = data.draw(st.sampled_from([None, *self.codes]))
        self.attempt(lambda s: self.log.added(e.CodeMoved(**s, code=a, parent=parent)))

    @rule(data=st.data())
    def correct(self, data):
        at = data.draw(st.integers(0, 40))
        edit = Edit(at, at + data.draw(st.integers(0, 6)), "[CITY-1]")
        self.attempt(lambda s: self.log.added(e.TextCorrected(**s, document="d", edits=(edit,))))

    @rule(data=st.data())
    def undo(self, data):
        event = data.draw(st.sampled_from([x.id for x in self.log.events]))
        self.attempt(lambda s: self.log.undone(e.Undone(**s, event=event)))

    def teardown(self):
        if hasattr(self, "log"):
            project = self.log.project()
            assert check_project(project) == []
            assert self.log.project() == project
            for segment in project.segments:
                assert project.quote(segment)


TestStudy = Study.TestCase
TestStudy.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)


@given(st.integers(1, 4))
def test_undoing_every_step_in_reverse_leaves_nothing(n):
    log = start()
    for at, event in enumerate(reversed(start().events)):
        log = log.undone(e.Undone(**stamp(100 * n + at), event=event.id))

    project = log.project()

    assert (project.documents, project.segments, len(project.codebook)) == ((), (), 0)


def test_a_code_is_renamed_moved_and_removed_and_what_was_under_it_moves_up():
    log = start().added(
        e.CodeRenamed(**stamp(5), code="work", name="refused work"),
        e.CodeAdded(**stamp(6), code=Code("mid", "middle", parent="reg")),
        e.CodeMoved(**stamp(7), code="work", parent="mid"),
    )

    book = log.added(e.CodeRemoved(**stamp(8), code="mid")).project().codebook

    assert log.project().codebook.path("work") == "the register > middle > refused work"
    assert book.path("work") == "the register > refused work"


def test_a_segment_is_recoded_moved_noted_and_removed():
    log = start().added(
        e.SegmentRecoded(**stamp(5), segment="e3", code="work", span=Span(5, 18), note="why"),
    )
    (changed,) = [s for s in log.project().segments if s.id == "e3"]

    assert (changed.code, changed.span, changed.note, changed.coder) == (
        "work", Span(5, 18), "why", "A",
    )  # fmt: skip
    assert len(log.added(e.SegmentRemoved(**stamp(6), segment="e3")).project().segments) == 1


def test_a_memo_is_written_and_written_anew():
    log = start().added(
        e.MemoWritten(**stamp(5), kind="code", title="t", text="one", about=("reg",)),
        e.MemoWritten(**stamp(6, "B"), kind="theoretical", title="t", text="two", memo="e5"),
    )

    (memo,) = log.project().memos

    assert (memo.id, memo.kind, memo.text, memo.coder) == ("e5", "theoretical", "two", "B")


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (e.CodesMerged(**stamp(9), codes=("reg",), into="reg"), "at least one code besides"),
        (e.CodeSplit(**stamp(9), code="reg", into=(Code("n", "n"),), segments={"e4": "n"}),
         "does not carry"),
        (e.MemoWritten(**stamp(9), kind="code", title="", text="", memo="?"), "no memo"),
        (e.SegmentRecoded(**stamp(9), segment="?"), "no segment"),
        (e.SegmentRecoded(**stamp(9), segment="e4", note="x"), "another coder's coding"),
        (e.SegmentRemoved(**stamp(9), segment="e4"), "another coder's coding"),
        (e.TextAdded(**stamp(9), document=Document("d", "again", "x")), "already a text"),
        (e.TextAdded(**stamp(9), document=Document("n", "n", "a\r\n")), "normalise"),
        (e.SegmentCoded(**stamp(3), document="d", span=Span(0, 2), code="reg"), "one identifier"),
    ],
)  # fmt: skip
def test_a_step_that_makes_no_sense_says_why(event, why):
    with pytest.raises(CodingError, match=why):
        start().added(event)


def test_a_heading_is_not_given_to_a_passage():
    log = start().added(e.CodeAdded(**stamp(5), code=Code("h", "heading", codable=False)))

    with pytest.raises(CodingError, match="is a heading"):
        log.added(e.SegmentCoded(**stamp(6), document="d", span=Span(0, 2), code="h"))


def test_what_does_not_fit_together_is_listed():
    good = start().project()
    wrong = (
        Segment("s1", "?", Span(0, 2), "?", "?"), Segment("s1", "d", Span(0, 900), "reg", "A"),
    )  # fmt: skip
    memo = Memo("m", "code", "", "", "?")

    faults = check_project(
        good.__class__("x", good.coders, good.codebook, good.documents, wrong, (memo,))
    )

    assert len(faults) == 6


def test_two_codes_of_one_identifier_and_a_nameless_code_are_refused():
    with pytest.raises(CodingError, match="one identifier"):
        Codebook((Code("a", "a"), Code("a", "b")))
    with pytest.raises(CodingError, match="no name"):
        Codebook((Code("a", " "),))
    with pytest.raises(CodingError, match="no code with the identifier"):
        Codebook((Code("a", "a", parent="?"),))
