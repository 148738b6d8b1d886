"""Sentences made to mislead: what is claimed is claimed, and nothing else is."""

from __future__ import annotations

import pytest

from frontline.reports import read

# Who, what was done, which place; "-" for an actor that is not named.
PLAIN = [
    ("Morek was retaken by the army on Sunday, residents said.",
     "army|recaptured|Morek"),
    ("Insurgents captured Aleppo and Saraqib but not Hama.",
     "Insurgents|captured|Aleppo;Insurgents|captured|Saraqib"),
    ("Insurgents captured Aleppo, Saraqib and the town of Morek.",
     "Insurgents|captured|Aleppo;Insurgents|captured|Saraqib;Insurgents|captured|Morek"),
    ("Rebels, who captured Aleppo in 2012, left four years later.",
     "-|captured|Aleppo"),
    ('"We captured Hama," a commander said.',
     "-|captured|Hama"),
    ('"Hama will fall," the commander said after his men captured Morek.',
     "his men|captured|Morek"),
    ("The army recaptured Hama from the rebels after two days.",
     "army|recaptured|Hama"),
    ("Fighters of the group seized the strategic town of Morek overnight.",
     "Fighters of the group|captured|Morek"),
    ("Troops withdrew from Hama to Homs.",
     "Troops|withdrew|Hama"),
    ("The SDF withdrew from Manbij.",
     "SDF|withdrew|Manbij"),
    ("The army says it holds Homs.",
     "-|holds|Homs"),
    ("The rebels captured all of Hama.",
     "rebels|captured|Hama"),
    ("Hama and Morek have fallen.",
     "-|captured|Hama;-|captured|Morek"),
    ("Die Rebellen haben am Montag die Stadt Hama eingenommen.",
     "Rebellen|captured|Hama"),
    ("Nach eigenen Angaben haben die Rebellen Hama eingenommen.",
     "Rebellen|captured|Hama"),
    ("Rebellen nahmen Hama ein.",
     "Rebellen|captured|Hama"),
    ("Повстанці захопили місто Алеппо.",
     "Повстанці|captured|Aleppo"),
    ("Muhalifler Hama'yı ele geçirdi.",
     "Muhalifler|captured|Hama"),
    ("Muhalifler Hama'nın kontrolünü ele geçirdi.",
     "Muhalifler|captured|Hama"),
    ("سيطرت الفصائل على مدينتي حلب وحماة.",
     "الفصائل|captured|Aleppo;الفصائل|captured|Hama"),
    ("دخلت قوات المعارضة مدينة حماة.",
     "قوات المعارضة|entered|Hama"),
    ("O exército recuperou Hama ontem.",
     "exército|recaptured|Hama"),
    ("Üsyançılar Hama şəhərini ələ keçirib.",
     "Üsyançılar|captured|Hama"),
    ("The army announced on Friday that it had taken the town of Saraqib.",
     "-|captured|Saraqib"),
    ("The army recaptured Morek, Khan Shaykhun and two hills.",
     "army|recaptured|Morek;army|recaptured|Khan Shaykhun"),
    ("Turkish troops entered Syria on Monday.",
     "Turkish troops|entered|Syria"),
    ("ISIS lost Palmyra.",
     "ISIS|lost|Palmyra"),
    ("Hama was again captured by rebels.",
     "rebels|captured|Hama"),
    ("Saraqib was captured and its residents fled.",
     "-|captured|Saraqib"),
    ("The rebels released a video of how they captured Hama airport.",
     "-|captured|Hama Military Airport"),
    ("The militants seized Aleppo and its airport.",
     "militants|captured|Aleppo"),
    ("Hama a été prise par les rebelles.",
     "rebelles|captured|Hama"),
    ("El ejército recuperó Hama.",
     "ejército|recaptured|Hama"),
    ("استعاد الجيش السوري السيطرة على مدينة حماة بالكامل.",
     "الجيش السوري|recaptured|Hama"),
    ("Ordu Hama'dan çekildi.",
     "Ordu|withdrew|Hama"),
]  # fmt: skip

# People, things, parts, matches, suppositions, questions, denials: no claim.
NONE = [
    "The army shelled Aleppo, which rebels had captured in 2016.",
    "Rebels capture a photographer in Hama.",
    "Had rebels captured Hama, the road to Homs would be open.",
    "Should insurgents seize Hama, Homs is next.",
    "Hama beat Homs 2-1 in the league.",
    "Al-Jaish captured the title in Aleppo.",
    "Homs took Hama apart in the second half of the match.",
    "Who captured Hama?",
    "Did the rebels really take Hama?",
    "The film captured Aleppo as it was before the war.",
    "A photographer captured Hama at dawn.",
    "Floods overran Hama overnight.",
    "A UN convoy entered Hama on Monday.",
    "Residents fled Hama in buses.",
    "The mayor of Hama was captured by insurgents.",
    "A journalist from Homs was seized in Aleppo.",
    "Two villages north of Hama were captured by the army.",
    "Rebels took Hama by surprise.",
    "The strike left Hama without power.",
    "Rebel-held Hama was quiet.",
    "Hundreds fled rebel-held Idlib for government-controlled Aleppo.",
    "The army took control of the road between Hama and Homs.",
    "The army captured the Hama-Homs highway.",
    "The minister said insurgents would never have captured Hama.",
    "State TV denied reports that insurgents captured Hama.",
    "Rebels captured Hama's eastern districts.",
    "Rebels captured half of Aleppo.",
    "Rebels captured the area around Hama.",
    'Rebels captured Hama "terrorists", state media said.',
    "The group captured Hama governor Ahmad al-Said.",
    "Captured Hama soldiers were freed.",
    "Neither side captured Hama.",
    "The rebels captured all but Hama.",
    "The army nearly lost Homs.",
    "Hama fell to 4 degrees overnight.",
    "Hama fell silent.",
    "The price of bread in Hama has fallen.",
    "Les rebelles ont pris une partie de Hama.",
    "Les rebelles ont pris le gouverneur de Hama en otage.",
    "Los rebeldes tomaron gran parte de Hama.",
    "Los rebeldes tomaron el centro de Hama.",
    "Die Rebellen haben Teile von Hama eingenommen.",
    "Rebellen nahmen Geiseln aus Hama mit.",
    "Повстанцы захватили часть Хамы.",
    "Повстанцы захватили мэра Хамы.",
    "Повстанцы взяли Хаму в кольцо.",
    "Повстанці захопили частину Хами.",
    "Muhalifler Hama'nın bir kısmını ele geçirdi.",
    "سيطرت الفصائل على أجزاء من حماة.",
    "سيطرت الفصائل على معظم مدينة حماة.",
    "دخلت قافلة مساعدات مدينة حماة.",
    "هل سيطرت الفصائل على حماة؟",
    "Os rebeldes tomaram parte de Hama.",
    '"Insurgents have not taken Hama," the governor said.',
    "Hama: rebels seize key bridge.",
    "Insurgents captured Hama's main square and the citadel of Aleppo.",
    "Aleppo-based fighters captured a convoy.",
    "President Assad entered Hama on Monday.",
    "The army surrounded Hama but rebels still hold the city.",
    "Palmyra was lost to tourism.",
    "Hama was captured on camera by a drone.",
    "Talks in Hama were captured by hardliners.",
    "The militants seized Aleppo's Ummayad mosque.",
    "The militants seized Homs oil.",
    "Rebels captured Hama Brigade commander Ali.",
    "Rebels captured the north of Hama.",
    "A former officer who seized Hama bank assets was jailed.",
    "Reports that rebels captured Hama are false.",
    "It is not true that rebels captured Hama.",
    "Some rebels want what others captured: Hama.",
    "Es ist nicht wahr, dass Rebellen Hama eingenommen haben.",
    "Rebellen hätten Hama eingenommen, hieß es.",
    "Les habitants ont pris Hama en photo.",
    "El Hama ganó la final contra el Homs.",
    "Хама взята в осаду.",
    "Жители покинули Хаму.",
    "Сирийская армия заняла позиции у Хамы.",
    "Повстанцы захватили 20 солдат в Хаме.",
    "انسحب السكان من حماة.",
    "نفى الجيش سيطرة الفصائل على حماة.",
    "Muhalifler Hama yakınlarındaki köyleri ele geçirdi.",
    "Galatasaray Hama maçını aldı.",
    "Rebels seized Hama Central Prison.",
    "Rebels seized the Aleppo citadel.",
    "Rebels seized the Homs refinery.",
    "Rebels seized Aleppo University.",
    "Rebels seized Hama bridge.",
    "Rebels seized the Tabqa dam.",
    "Rebels seized Hama's security chief.",
    "Rebels took Hama hostages.",
    "Rebels captured Homs native Ali.",
    "The army captured a hill in the northern Hama countryside.",
    "سيطرت الفصائل على تلة في ريف حماة الشمالي.",
    "سيطرت الفصائل على سجن حماة المركزي.",
    "Rebels captured the town of Khan Tuman.",
    "Rebels captured Kafr Zabad.",
    "Rebels captured parts of Hama.",
    "Rebels captured most of Hama.",
    "Rebels captured Hama's northern outskirts.",
    "Rebels captured the Hama countryside.",
    "Rebels captured eastern Aleppo.",
    "Les rebelles ont pris la prison de Hama.",
    "Los rebeldes tomaron la cárcel de Hama.",
    "Os rebeldes tomaram a prisão de Hama.",
    "Die Rebellen haben das Gefängnis Hama eingenommen.",
    "Повстанцы захватили тюрьму Хамы.",
    "Повстанці захопили в'язницю Хами.",
    "Muhalifler Hama cezaevini ele geçirdi.",
    "Üsyançılar Hama həbsxanasını ələ keçirib.",
    "He said Hama was the first city rebels captured.",
    "Regime forces have been pushed out of Hama, which insurgents control.",
    "Insurgents took the Hama road.",
    "The group seized Homs, a monitor said; the army denied it.",
    "Thieves seized Hama gold.",
    "It took Hama years to recover.",
    "It took Aleppo from boom to bust.",
    "The war took Aleppo's beauty.",
    "The company secured Aleppo in its latest deal.",
    "The army cleared Hama of mines.",
    "Police cleared Hama streets.",
    "The party lost Homs in the elections.",
    "Protesters occupied Hama.",
    "Insurgents in Hama captured soldiers from Homs.",
    "Insurgents captured soldiers, Hama residents and a tank.",
    "Rumours that Hama has fallen spread.",
    "Damascus has not fallen.",
    "Has Damascus fallen?",
    "Once Damascus has fallen, the war ends.",
    "Rebels overran the army's Hama headquarters.",
    "Rebels overran Hama headquarters.",
    "Rebels captured Hama-Aleppo highway posts.",
    "Rebels captured (parts of) Hama.",
    "Rebels claimed Hama.",
    "Hama: captured.",
    "Rebels captured ‘Hama brigade’ men.",
    "Les rebelles ont pris Hama pour cible.",
    "Los rebeldes tomaron Hama como rehén.",
    "Повстанцы захватили Хаму на карте игры.",
    "Армия потеряла под Хамой 20 солдат.",
    "Die Armee hat den Rebellen Hama abgenommen.",
    "Muhalifler Hama valisini ele geçirdi.",
    "خسر الجيش 20 جنديا في حماة.",
    "خسر حماة المباراة.",
]

# An airport is an airport in every language, and never its town.
AIRPORTS = [
    "Rebels seized Hama military airport.",
    "Rebels seized the Hama airbase.",
    "Rebels seized Hama's airport.",
    "Rebels seized the airport of Hama.",
    "Повстанцы захватили аэропорт Хамы.",
    "Повстанцы захватили авиабазу Хама.",
    "Повстанці захопили аеропорт Хами.",
    "Die Rebellen haben den Militärflughafen Hama eingenommen.",
    "Les rebelles ont pris l'aéroport militaire de Hama.",
    "Los rebeldes tomaron el aeropuerto de Hama.",
    "Os rebeldes tomaram o aeroporto de Hama.",
    "Muhalifler Hama havaalanını ele geçirdi.",
    "Üsyançılar Hama aeroportunu ələ keçirib.",
    "سيطرت الفصائل على مطار حماة العسكري.",
]


def said(text):
    frame = read(text, "2024-12-04").claims
    return [
        (row.actor if isinstance(row.actor, str) else "-", row.action, row.place)
        for row in frame.itertuples()
    ]


@pytest.mark.parametrize(("text", "expected"), PLAIN)
def test_a_plain_claim_is_found_among_its_words(text, expected):
    assert said(text) == [tuple(each.split("|")) for each in expected.split(";")]


@pytest.mark.parametrize("text", NONE)
def test_nothing_is_claimed_that_is_not_said(text):
    assert said(text) == []


@pytest.mark.parametrize("text", AIRPORTS)
def test_a_thing_is_not_the_place_whose_name_it_bears(text):
    found = read(text, "2024-12-04")
    assert found.mentions["places"].tolist() == [("Hama Military Airport",)]
    assert [place for _, _, place in said(text)] == ["Hama Military Airport"]


@pytest.mark.parametrize(
    "text", ["Rebels seized Hama Central Prison.", "Shells hit the Aleppo citadel."]
)
def test_an_unknown_thing_is_kept_with_its_reason(text):
    rows = read(text).mentions
    assert rows["places"].tolist() == [()]
    assert "no place called" in rows["reason"].iloc[0]


def test_an_offset_from_an_airport_starts_at_the_airport():
    row = read("Shells fell 5 km north of the Hama military airport.").mentions.iloc[0]
    assert (row.kind, row.places) == ("offset", ("Hama Military Airport",))
    row = read("Shells fell 5 km north of Hama Central Prison.").mentions.iloc[0]
    assert row.places == ()
    assert row.geometry is None


@pytest.mark.parametrize(
    "text",
    [
        "The army regained control of Morek in the northern Hama countryside.",
        "سيطرت الفصائل على بلدة مورك في ريف حماة الشمالي.",
        "انسحبت القوات من مورك في ريف حماة الشمالي.",
    ],
)
def test_the_first_place_behind_the_verb_is_its_object(text):
    assert [place for _, _, place in said(text)] == ["Morek"]


@pytest.mark.parametrize("text", ["the town of Khan Tuman", "in Kafr Zabad", "على سجن الحصن"])
def test_a_piece_of_an_unknown_name_is_no_place(text):
    places = [p for row in read(f"The rebels were seen {text}.").mentions["places"] for p in row]
    assert not {"Khirbat Tin Nur", "Al Kafr", "Al-Mazraa"} & set(places)


@pytest.mark.parametrize(
    "text",
    [
        "Rebels, who captured Aleppo in 2012, left four years later.",
        "Rebels, who had seized Aleppo, lost everything.",
    ],
)
def test_what_may_be_over_is_not_controlled(text):
    frame = read(text, "2024-12-04").claims
    assert frame["status"].tolist() == [None]
    assert frame["valid_from"].isna().all()
