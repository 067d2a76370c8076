import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.trust.recognition import cues

FIT = [
    "雨后屋檐下那把断了柄的红伞",
    "我一个人数过天花板上的裂纹",
    "千万别打开那只铁盒子",
    "一点点灯光照着湿鞋",
    "the blue bowl that I glued and hid",
    "I hid the broken cup and I cried",
    "one wet glove on the garden wall",
]
REFUSED = {
    cues.NUMBER: [
        "１９８５年夏天的雨",
        "一九八五年的雨很大",
        "三月的雨打在屋檐上",
        "星期三下的那场雨很大",
        "٣ red umbrellas in the rain",
        "Ⅳ red umbrellas in the rain",
        "② red umbrellas in the rain",
        "the summer of nineteen something",
        "the Monday rain on the roof",
    ],
    cues.NAME: [
        "王姐在门口等我回家",
        "小李给我的那把红伞",
        "他叫我的外号叫了很久",
        "my name is on the blue bowl",
        "Dr Smith had a blue bowl",
        "the bowl that Peter gave to me",
        "xiao wang gave me a blue bowl",
    ],
    cues.PLACE: [
        "昆明的雨打在屋檐上",
        "城关镇的雨打在屋檐上",
        "戒毒所的窗户外面有树",
        "the bowl from a market in kunming",
    ],
    cues.CONTACT: ["write to me@example.com please", "call me at wx hello there", "www.example"],
    cues.SHORT: ["", "伞", "红伞红伞", "bowl", "aaaaaaaaaaaaaaaaaaaa", "  !!  "],
    cues.LONG: ["the blue bowl " * 20],
}


@pytest.mark.parametrize("text", FIT)
def test_what_was_seen_or_thought_alone_may_be_a_cue(text):
    decision = cues.may_be_cue(text)

    assert decision, decision.reason


@pytest.mark.parametrize(
    ("sentence", "text"), [(why, text) for why, texts in REFUSED.items() for text in texts]
)
def test_what_could_be_looked_up_is_refused_with_its_reason(sentence, text):
    decision = cues.may_be_cue(text)

    assert not decision
    assert decision.sentence == sentence


@given(st.text(max_size=80), st.characters(categories=["Nd", "Nl", "No"]))
def test_a_numeral_of_any_script_is_refused(text, numeral):
    assert not cues.may_be_cue(f"{text}{numeral}")


@given(st.text(max_size=250))
def test_a_refusal_never_repeats_what_was_typed(text):
    decision = cues.may_be_cue(text)

    assert decision.sentence in {*REFUSED, cues.FIT}
    assert set(decision.values) <= {"most"}


def test_a_cue_fits_however_it_is_spaced_and_written():
    assert cues.is_the_cue(" The BLUE bowl, glued! ", "the blue bowl glued")


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_cue_fits_only_the_same_words(given_now, kept):
    fits = cues.is_the_cue(given_now, kept)

    same = cues.normalised_cue(given_now) == cues.normalised_cue(kept) != ""
    assert fits == same


def test_whoever_wrote_no_cue_is_not_opened_by_silence():
    assert not cues.is_the_cue("", "")
    assert not cues.is_the_cue("...", " ")
