"""No key that is like another is missed by counting letters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from frontline.gazetteer.letters import Letters

KEYS = st.text(alphabet="abcdhlmnrst\u0627\u0644\u062d\u0645 3", max_size=14)


@given(st.lists(KEYS, max_size=30), KEYS.filter(bool), st.sampled_from([50, 70, 90]))
def test_all_that_are_alike_are_kept_in_order(keys, asked, least):
    kept = Letters(keys).likely(asked, least)
    assert [key for key in kept if fuzz.ratio(asked, key) >= least] == [
        key for key in keys if fuzz.ratio(asked, key) >= least
    ]


def test_what_shares_few_letters_is_left_out():
    keys = ["qomhana", "saraqib", "hama", "x" * 400]
    assert Letters(keys).likely("hamah", 70) == ["hama"]
    assert Letters(keys).likely("y" * 300, 70) == keys
    assert Letters([]).likely("hama", 70) == []
