"""Governorates are told from countries, and no name of Syria leads out of it unasked."""

from __future__ import annotations

import pytest

from frontline.errors import AmbiguousPlaceError, InputError, UnknownPlaceError
from frontline.gazetteer import Gazetteer, place
from frontline.gazetteer.context import same_admin1


@pytest.fixture(scope="module")
def bundled() -> Gazetteer:
    return Gazetteer.bundled()


@pytest.mark.parametrize(
    ("admin1", "spellings"),
    [
        ("Idlib", "Idleb"), ("Raqqa", "Rakka Raqqah"), ("Daraa", "Deraa Dara'a"), ("Homs", "Hims"),
        ("Hama", "Hamah"), ("Aleppo", "Halab Haleb"), ("Latakia", "Latakiya Lattakia"),
        ("Tartus", "Tartous"), ("Hasakah", "Hassakeh Hasaka"), ("Suwayda", "Sweida Swaida"),
        ("Deir ez-Zor", "Deir_Ezzor Dayr_az-Zawr"), ("Quneitra", "Qunaytra"),
        ("Rif Dimashq", "Rural_Damascus Damascus_countryside Rif_Dimashq Reef_Dimashq"),
    ],
)  # fmt: skip
def test_a_governorate_in_any_spelling_is_that_one_alone(bundled, admin1, spellings):
    all_of_them = {p.admin1 for p in bundled if p.country == "SY"}
    for spelling in (each.replace("_", " ") for each in spellings.split()):
        assert bundled.area(spelling).name == admin1
        assert {each for each in all_of_them if same_admin1(spelling, each)} == {admin1}


@pytest.mark.parametrize("country", ["Iraq", "Turkey", "Lebanon", "Jordan", "Israel", "Syria"])
def test_a_country_is_no_governorate(bundled, country):
    assert (bundled.area(country).name, bundled.area(country).kind) == (country, "country")
    assert not any(same_admin1(country, p.admin1) for p in bundled if p.country == "SY")


@pytest.mark.parametrize("name", ["Asad", "Doura province", "northern Iraq", "Rustan", "Hamra"])
def test_what_only_shares_consonants_with_a_governorate_is_none(bundled, name):
    with pytest.raises(UnknownPlaceError):
        bundled.area(name)


def test_a_governorate_beside_a_name_is_no_neighbour():
    with pytest.raises(UnknownPlaceError, match=r"known is Nairab \(village, Idlib") as caught:
        place("Nairab, Homs")
    assert caught.value.near_names[0] == "Nairab"


def test_a_guess_abroad_is_offered_and_not_made():
    with pytest.raises(UnknownPlaceError, match=r"Karbala .*; give country=") as caught:
        place("Karbelaa")
    assert caught.value.near_names == ("Karbala",)
    with pytest.raises(InputError, match="country="):
        place("Suran", near="Syria")


def test_no_syrian_settlement_s_own_name_leads_abroad(bundled):
    abroad = []
    for p in bundled:
        if p.country != "SY" or p.kind not in ("city", "town", "village", "settlement"):
            continue
        try:
            found = bundled.place(p.name)
        except AmbiguousPlaceError:
            continue
        if found.country != "SY":
            abroad.append((p.place_id, found.place_id))
    assert abroad == []
