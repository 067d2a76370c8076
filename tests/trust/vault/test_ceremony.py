"""Shares and the ceremony: any enough of them open the site, fewer or others never do."""

import itertools

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shamir_mnemonic import Share, combine_mnemonics, generate_mnemonics

from footbridge.trust import places
from footbridge.trust.decisions import HouseError
from footbridge.trust.vault import ceremony, crypto, shares
from footbridge.trust.vault.ceremony import CeremonyError
from footbridge.trust.vault.crypto import KeyPair
from footbridge.trust.vault.epochs import EpochStore
from footbridge.trust.vault.models import Site
from footbridge.trust.vault.shares import ShareError

KEY = bytes(range(32))


@pytest.mark.parametrize(("needed", "count"), [(2, 3), (3, 5), (2, 16)])
def test_any_enough_shares_bring_the_key_back_and_fewer_do_not(needed, count):
    words = shares.split(KEY, needed=needed, shares=count)

    for some in itertools.islice(itertools.combinations(words, needed), 12):
        assert shares.combine(some[::-1]) == KEY
    for few in itertools.islice(itertools.combinations(words, needed - 1), 6):
        with pytest.raises(ShareError):
            shares.combine(few)


def test_shares_are_read_however_they_were_typed():
    first, second, _ = shares.split(KEY, needed=2, shares=3)

    assert shares.combine([f"  {first.upper()}\n", second.replace(" ", "\t \n")]) == KEY


def test_the_words_are_those_of_slip_39():
    """Vector 1 of SLIP-0039 (github.com/trezor/python-shamir-mnemonic, vectors.json)."""
    words = (
        "duckling enlarge academic academic agency result length solution fridge kidney coal piece "
        "deal husband erode duke ajar critical decision keyboard"
    )

    assert combine_mnemonics([words], b"TREZOR").hex() == "bb54aac4b89dc868ba37d9cc21b2cece"
    assert len(shares.combine([words])) == 16
    for share in shares.split(KEY, needed=2, shares=3):
        assert len(share.split()) == 33


@pytest.mark.parametrize("position", [0, 5, 12, 32])
def test_one_wrong_word_is_noticed(position):
    first, second, _ = shares.split(KEY, needed=2, shares=3)
    wrong = first.split()
    wrong[position] = "academic" if wrong[position] != "academic" else "acid"

    with pytest.raises(ShareError):
        shares.combine([" ".join(wrong), second])


def test_a_made_up_share_cannot_ask_for_minutes_of_work():
    (group,) = generate_mnemonics(1, [(2, 3)], KEY, iteration_exponent=1)
    costly = Share.from_mnemonic(group[0])

    with pytest.raises(ShareError, match="something else"):
        shares.combine(group[:2])

    assert costly.iteration_exponent == 1


@settings(max_examples=60)
@given(words=st.lists(st.text(max_size=80), max_size=4))
@example(words=[])
@example(words=["academic " * 33])
@example(words=["桥 " * 33])
def test_whatever_is_typed_the_answer_is_an_error_that_can_be_read(words):
    with pytest.raises(ShareError) as refused:
        shares.combine(words)

    assert "Check" in str(refused.value)


@pytest.mark.django_db
class TestTheSite:
    """Founding once, unsealing often."""

    @pytest.fixture
    def store(self, tmp_path):
        return EpochStore(tmp_path / "e")

    def test_a_second_site_in_one_database_is_refused(self, house):
        with pytest.raises(CeremonyError, match="already is a site"):
            ceremony.found(store=places.epochs(), on=house.on)

        assert Site.objects.count() == 1

    def test_every_two_shares_open_it_with_the_same_keys(self, house):
        for pair in itertools.permutations(house.founded.site_shares, 2):
            keys = ceremony.unseal(pair, store=places.epochs())
            assert keys["outer"] == house.keys["outer"]
            assert keys.epoch == house.keys.epoch

    def test_shares_that_fit_each_other_and_not_this_site_are_refused(self, house):
        other = shares.split(crypto.random_key(), needed=2, shares=3)

        with pytest.raises(CeremonyError, match="not their site"):
            ceremony.unseal(other[:2], store=places.epochs())

    @pytest.mark.parametrize("field", ["signing_public", "backup_public", "recovery_public"])
    def test_a_public_key_of_the_site_that_was_changed_keeps_it_shut(self, house, field):
        Site.objects.update(**{field: KeyPair.new().public})

        with pytest.raises(CeremonyError, match="public keys were changed"):
            ceremony.unseal(house.founded.site_shares[:2], store=places.epochs())

    def test_a_recovery_key_put_in_or_taken_away_keeps_it_shut(self, house):
        Site.objects.update(recovery_public=None)

        with pytest.raises(CeremonyError):
            ceremony.unseal(house.founded.site_shares[:2], store=places.epochs())
        with pytest.raises(CeremonyError):
            ceremony.recovery_public(house.keys)

    def test_without_a_site_there_is_nothing_to_unseal(self, store):
        with pytest.raises(CeremonyError, match="footbridge init"):
            ceremony.unseal(shares.split(KEY, needed=2, shares=3)[:2], store=store)

    def test_a_site_may_have_no_recovery_key(self, store, today):
        founded = ceremony.found(store=store, on=today, recovery=False)

        assert founded.recovery_shares == ()
        assert ceremony.recovery_public(founded.keys) is None
        assert ceremony.unseal(founded.site_shares[1:], store=store).live

    def test_three_of_five_recovery_shares_give_the_recovery_key(self, house):
        pair = ceremony.recovery_pair(list(house.founded.recovery_shares[2:]))

        assert pair.public == ceremony.recovery_public(house.keys)

    @pytest.mark.parametrize("bits", [128, 192, 256])
    def test_shares_of_something_else_are_no_recovery_key(self, house, bits):
        others = shares.split(bytes(bits // 8), needed=3, shares=5)

        for words in (others[:3], list(house.founded.site_shares[:2])):
            with pytest.raises(HouseError):
                ceremony.recovery_pair(words)

    def test_nothing_secret_of_the_ceremony_is_in_its_own_words_or_rows(self, house):
        row = Site.objects.get()
        stored = b"".join(
            bytes(getattr(row, one.name) or b"")
            for one in row._meta.fields
            if one.name.endswith(("value", "public"))
        )
        secret = [house.founded.backup_private, house.keys["outer"], house.keys["log"]]

        assert not any(one in stored for one in secret)
        assert repr(house.founded) == "Founded()"
