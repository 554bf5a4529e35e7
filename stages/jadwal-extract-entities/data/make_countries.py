"""Writes countries.tsv: names of countries, territories and continents in Arabic, English, French.

Source: the npm package cldr-localenames-full 48.2.0, files main/{ar,en,fr}/territories.json.
Copyright (c) 1991-2026 Unicode, Inc.; licence Unicode-3.0 (https://www.unicode.org/license.txt).
The notice that the licence asks for stands in UNICODE-LICENSE.txt beside this file.

Usage: npm pack cldr-localenames-full@48.2.0 && tar xzf cldr-localenames-full-48.2.0.tgz
       python3 make_countries.py package > countries.tsv

Each row is code, language, name. A name in round brackets ("Myanmar (Burma)") becomes two names, or
one where the brackets hold a remark. What is missing here or spelled otherwise in news is in
places.tsv, written by hand.
"""

import json
import re
import sys

LANGUAGES = ("en", "ar", "fr")
# Unions, test codes and areas that nobody writes about by these names.
LEFT_OUT = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "001", "009", "011", "013", "014", "017", "018"}
LEFT_OUT |= {"021", "053", "054", "057", "061", "202", "039", "154", "145", "034"}
ABBREVIATION = re.compile(r"\.-")
REMARK = re.compile(r"إدارية خاصة|SAR|R\.A\.S|DRC|RDC|Republic|Islas|Îles|كيلينغ|Keeling")


def names(text):
    """Returns the names in one CLDR display name."""
    text = text.replace("’", "'").strip()
    found = re.fullmatch(r"(.*?)\s*\((.*)\)", text)
    if not found:
        return [text]
    outside, inside = found.groups()
    if outside.endswith("Congo"):
        return []
    return [outside] if REMARK.search(inside) else [outside, inside]


def main(package):
    print("# Made by make_countries.py from CLDR 48.2, Unicode-3.0. Do not edit.")
    rows = {}
    for language in LANGUAGES:
        path = f"{package}/main/{language}/territories.json"
        with open(path, encoding="utf-8") as file:
            entries = json.load(file)["main"][language]["localeDisplayNames"]["territories"]
        # The plain name comes first: in English it is the canonical one.
        for key, text in sorted(entries.items(), key=lambda entry: (len(entry[0]), entry[0])):
            code = key.split("-")[0]
            if code in LEFT_OUT or ABBREVIATION.search(text):
                continue
            for name in names(text):
                row = rows.setdefault((code, language), {})
                row[name] = None
                if " & " in name:
                    row[name.replace(" & ", " and ")] = None
    for (code, language), found in sorted(rows.items(), key=lambda row: (row[0][0], LANGUAGES.index(row[0][1]))):
        for name in found:
            print(code, language, name, sep="\t")


if __name__ == "__main__":
    main(sys.argv[1])
