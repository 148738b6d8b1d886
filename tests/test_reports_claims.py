"""Claims: who is said to have taken, lost or held what; better none than a wrong one."""

from __future__ import annotations

import pandas as pd
import pytest

from frontline.reports import read


def said(text, published="2024-12-04", **options):
    frame = read(text, published, **options).claims
    return list(zip(frame["actor"], frame["action"], frame["place"], strict=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Insurgents captured Aleppo.", [("Insurgents", "captured", "Aleppo")]),
        ("Previously, insurgents had captured Aleppo, Syria's second-largest city.",
         [("insurgents", "captured", "Aleppo")]),
        ("The army recaptured the towns of Morek and Suran.",
         [("army", "recaptured", "Morek"), ("army", "recaptured", "Suran")]),
        ("Hama was captured by opposition forces.", [("opposition forces", "captured", "Hama")]),
        ("Aleppo fell to the insurgents.", [("insurgents", "captured", "Aleppo")]),
        ("Government troops withdrew from Hama.", [("Government troops", "withdrew", "Hama")]),
        ("The army lost control of Homs.", [("army", "lost", "Homs")]),
        ("Opposition fighters entered Hama.", [("Opposition fighters", "entered", "Hama")]),
        ("They captured Aleppo.", [(None, "captured", "Aleppo")]),
        ("Rebellen haben Aleppo eingenommen.", [("Rebellen", "captured", "Aleppo")]),
        ("Повстанцы захватили город Алеппо.", [("Повстанцы", "captured", "Aleppo")]),
        ("سيطرت قوات المعارضة على مدينة حلب.", [("قوات المعارضة", "captured", "Aleppo")]),
        ("Les insurgés ont pris Alep.", [("insurgés", "captured", "Aleppo")]),
        ("Los rebeldes tomaron la ciudad de Hama.", [("rebeldes", "captured", "Hama")]),
    ],
)  # fmt: skip
def test_what_is_said_is_found(text, expected):
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Rebels failed to capture Hama.",
        "The rebels have not captured Hama.",
        "The army denied that rebels had captured Hama.",
        "The group plans to seize Hama.",
        "The rebels could have captured Hama.",
        "If insurgents captured Hama, the road would be open.",
        "Have the rebels captured Hama?",
        "The capture of Hama would signal a victory.",
        "Rebels captured five villages near Hama.",
        "Five villages near Hama were captured.",
        "The army captured 20 men in Hama.",
        "They captured a base 5 km north of Hama.",
        "The rebels tried to enter Hama.",
        "The army never lost Hama.",
        "Aleppo nearly fell to the insurgents.",
        "Die Rebellen haben Hama nicht eingenommen.",
        "Повстанцы не захватили Хаму.",
        "Les insurgés n'ont pas pris Hama.",
        "Los rebeldes no tomaron Hama.",
        "لم تسيطر المعارضة على حماة.",
    ],
)
def test_what_did_not_happen_is_no_claim(text):
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Insurgents captured Aleppo on 30 November 2024.", "2024-11-30"),
        ("On November 30, 2024 insurgents captured Aleppo.", "2024-11-30"),
        ("Insurgents captured Aleppo on 30 November.", "2024-11-30"),
        ("Insurgents captured Aleppo.", "2024-12-04"),
        ("Insurgents captured Aleppo yesterday.", "2024-12-03"),
        ("Insurgents captured Aleppo last week.", None),
        ("Insurgents captured Aleppo on Saturday.", None),
    ],
)
def test_a_claim_holds_from_a_day_that_is_known(text, day):
    frame = read(text, "2024-12-04").claims
    assert len(frame) == 1
    found = frame["valid_from"].iloc[0]
    assert found is pd.NaT if day is None else found == pd.Timestamp(day, tz="UTC")


def test_a_claim_tells_report_from_assertion_and_points_at_its_mention():
    found = read("The army claimed that it had recaptured Morek. Insurgents captured Hama.")
    assert found.claims["basis"].tolist() == ["claimed", "reported"]
    rows = found.claims["mention"].tolist()
    assert found.mentions["features"].iloc[rows].tolist() == [("Morek",), ("Hama",)]
    assert found.claims["status"].tolist() == ["controlled", "controlled"]
