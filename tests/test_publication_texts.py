"""Texts that tell a later date or a finer place are found, and plain figures are let be."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontline.dates import to_utc
from frontline.publication.finer import tells_place
from frontline.publication.later import names_later, tells_later

UNTIL = to_utc("2024-11-28")

PLACES = """
!3d35.131988!4d36.757213
https://www.google.com/maps/place/x/data=!4m6!8m2!3d35.131900!4d36.757200
35.1319%2C%2036.7572
35.1319%252C%252036.7572
35&#46;1319
lat 35.13192
at 35.131
35.1319.36.7572
35.13192 (about 4 m), 36.75721
lat=35.13192&zoom=12&lon=36.75721
/35.13192/N/36.75721
lon: 36.75721, lat (WGS 84): 35.13192
POINT Z (36.75721 35.13192 250.5)
geo:35.1319,36.7572?z=1
-36.7572
35,13192; 36,75721
35,1319 N
35,132; 36,757
٣٥٫١٣١٩، ٣٦٫٧٥٧٢
۳۵٫۱۳۱۹
３５．１３１９
35·1319, 36·7572
35 07 55 N 36 45 25 E
35:07:55N, 36:45:25E
N35 07 55 E36 45 25
350755N 0364525E
N350755 E0364525
35d07m55s N
35 degrees 7 minutes
35 град 07 мин
N 35 07.917 E 36 45.432
35˚07'55
35º 7' 55"
35°N 36.7572°E
UTM 37S 295461 3891211
37 S 0295461 3891211
295461E 3891211N
3513192,3675721
37S BU 95461 91211
37SBU9546191211
BU 95461 91211
8GCQ4QJ4+QW
geohash sycpxk7h2
///filled.count.soap
""".strip().splitlines()

PLAIN = """
5,000 fighters
5,000 to 7,000 fighters
1,250,000 people
20% of 150,000 and 3,200
2,500; more later
3.5 km
3.25 million
@35.13,36.76
35.1, 36.7
UTM 37S
CC BY 4.0
version 1.2.3
192.168.1.10
1,2,3
5.12.2024
on 2024.12.05 at 10:30
20241205 1015
5th of December 2024
5 Dec 2024
12 N of Hama
5 km NE of 36
M5 highway, 40 km north
between 10 and 15 men
45 tanks, 12 lost
phone 112 and 113
25°C
10.5281/zenodo.12345
https://doi.org/10.1038/s41586-020-2649-2
""".strip().splitlines()

LATER = """
5 déc. 2024
5 dec
5 déc
5 dic. 24
5 dez
5 Dez. 2024
5 Ara
5 Aralık
5 dek
5 дек
5-го декабря
в декабре 2024
5 груд
5 грудня
٥ ديسمبر ٢٠٢٤
٥/١٢/٢٠٢٤
5 كانون الأول
2024年12月5日
24-12-05
241205
05122024
id 20241205001
IMG_20241205_101010.jpg
5.12.
12/5
5/12/24
5.XII.2024
5.XII
2024-W49-4
2024W494
2024-340
2024/340
Dec. 5th
December the 5th
the 5th of December
on 5th, December
Dec-24
Dec '24
05DEC24
051200ZDEC24
1733400000
1733400000123
1733400000.123
5%20December
5&#32;December
https://x.com/a/status/1864567890123456789
https://twitter.com/i/web/status/1864567890123456789
https://mastodon.social/@who/113599999999999999
""".strip().splitlines()

NOT_LATER = """
5,000 fighters
3.5 km
5-7 km from 28 Nov 2024
held since 2016
Nov 27, 2024
27.11.2024
2024-11-27
on 27 November 45 people killed
45 people, 12 March 2024
5.XI.2024
2024-W47-1
2024-330
5 out of 7 posts
Hill 1234
phone 0295461
page 120000
UN resolution 2254
Article V 3
M5, km 12.5
https://x.com/a/status/1850000000000000000
""".strip().splitlines()


@pytest.mark.parametrize("text", PLACES)
def test_a_finer_place_is_found(text):
    assert tells_place(text, 0.01)


@pytest.mark.parametrize("text", PLAIN)
def test_plain_figures_are_no_places(text):
    assert not tells_place(text, 0.01)


@pytest.mark.parametrize("text", LATER)
def test_a_later_date_is_found(text):
    assert tells_later(text, UNTIL)


@pytest.mark.parametrize("text", NOT_LATER)
def test_what_is_not_later_is_let_be(text):
    assert not tells_later(text, UNTIL)


@given(
    lon=st.floats(-180, 180), lat=st.floats(-90, 90), digits=st.integers(3, 8),
    mark=st.sampled_from(".,·٫"), between=st.sampled_from([", ", "; ", " ", "/", "&lon="]),
)  # fmt: skip
def test_any_pair_finer_than_the_grid_is_found(lon, lat, digits, mark, between):
    pair = [f"{number:.{digits}f}".replace(".", mark) for number in (lat, lon)]
    if digits == 3 and mark == ",":  # as thousands are written
        return
    assert tells_place(f"seen at {between.join(pair)} by us", 0.01)


@given(
    when=st.datetimes(
        dt.datetime(2024, 11, 29),  # noqa: DTZ001 - as strategies ask for it
        dt.datetime(2025, 12, 31),  # noqa: DTZ001
    ),
    form=st.sampled_from(
        "%d.%m.%y|%m/%d/%Y|%d%m%Y|%Y%m%d|%Y%m%d%H%M%S|%G-W%V-%u|%Y-%j|%d %b %Y|%B %d, %Y"
        "|%d%H%MZ%b%y|%y-%m-%d|%Y_%m_%d|%A, %d. %B %Y".split("|")
    ),
)
def test_any_later_date_is_found_in_any_form(when, form):
    """Written by the standard library, which knows nothing of what is read."""
    assert tells_later(f"as of {when.strftime(form)} held", UNTIL)


@given(
    when=st.datetimes(
        dt.datetime(2015, 1, 1),  # noqa: DTZ001 - as strategies ask for it
        dt.datetime(2024, 11, 27),  # noqa: DTZ001
    )
)
def test_the_number_of_a_post_tells_its_instant(when):
    """The upper bits are milliseconds since 4 November 2010, 01:42:54.657 UTC."""
    began = dt.datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=dt.UTC)
    passed = when.replace(tzinfo=dt.UTC) - began
    number = (passed // dt.timedelta(milliseconds=1)) << 22
    url = f"https://x.com/someone/status/{number}"
    assert not tells_later(url, UNTIL)
    assert tells_later(url, to_utc(when - dt.timedelta(seconds=1)))


def test_a_name_keeps_numbers_that_are_no_whole_dates():
    for name in ("Hill 2030", "Checkpoint 12/5", "Post 241205", "Sector 5.12."):
        assert not names_later(name, UNTIL)
    for name in ("map 2024-12-05", "5.XII.2024", "5 déc. 2024"):
        assert names_later(name, UNTIL)
