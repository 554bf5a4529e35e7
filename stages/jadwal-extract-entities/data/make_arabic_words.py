"""Writes arabic_words.tsv: common words that no name is made of, and words that begin a person's name.

Sources, from the folder given: `text/arwiki.jsonl.xz` (Arabic Wikipedia, CC BY-SA 4.0) for how often a
word occurs, and the train parts of `ner/ar/{anercorp,aqmar,wikifane,wojood_sample}` (CC BY-SA 4.0 and
3.0, MIT) for how often it is part of a name. What is written is under CC BY-SA 4.0, see NOTICE.md.

Usage: python3 make_arabic_words.py ../../../../shared/data > arabic_words.tsv

Each row is a class and a word, folded as the stage folds:
  common   among the most frequent words and hardly ever part of a name
  frequent among the most frequent words too, part of names, but not of persons' names
  given    often the first word of a person's name and rarely anything else
  name     often part of a person's name and rarely anything else
"""

import collections
import gzip
import json
import lzma
import re
import sys
from pathlib import Path

COMMON = 9000
SHARE_OF_COMMON = 0.06
SHARE_OF_NAMES = 0.6
WORD = re.compile(r"[\u0621-\u064A\u0671-\u06D3]+")
MARKS = re.compile(r"[\u0610-\u061A\u0640\u064B-\u065F\u0670]")
FOLDED = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ک": "ك"})
CORPORA = ["anercorp/train.conll", "aqmar/train.conll", "wikifane/train.conll.gz", "wojood_sample/train.conll"]
# Parts of names that stand before one, or are words of their own far more often.
LEFT_OUT = {"بن", "ابن", "بنت", "ال", "ابو", "عبد", "ام", "الدين", "الله"}


def fold(word):
    return MARKS.sub("", word).translate(FOLDED)


def frequencies(path):
    counts = collections.Counter()
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            counts.update(fold(word) for word in WORD.findall(MARKS.sub("", json.loads(line)["text"])))
    return counts


def tagged(folder):
    """Returns how often each word occurs, in any name, in a person's, and first in a person's."""
    total, named, person, first = (collections.Counter() for _ in range(4))
    for corpus in CORPORA:
        path = folder / corpus
        opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else open(path, encoding="utf-8")
        with opened as file:
            for line in file:
                word, _, tags = line.rstrip("\n").partition("\t")
                tag = tags.split("\t")[0]
                word = fold(word)
                total[word] += 1
                named[word] += tag not in ("O", "")
                person[word] += tag.endswith("PER")
                first[word] += tag == "B-PER"
    return total, named, person, first


def main(folder):
    counts = frequencies(folder / "text/arwiki.jsonl.xz")
    total, named, person, first = tagged(folder / "ner/ar")
    print("# Made by make_arabic_words.py. CC BY-SA 4.0, see NOTICE.md. Do not edit.")
    common = [word for word, _ in counts.most_common(COMMON)
              if total[word] >= 3 and named[word] <= SHARE_OF_COMMON * total[word] and len(word) > 1]
    def begins_with_a_clitic(word):
        """Whether the stage should rather see the word behind the letter, so that it must not be known."""
        rest = word[1:]
        enough = 20 if word[0] in "وف" else counts[word]
        cut = word[0] in "وفبلك" and len(word) > 3 and counts[rest] >= enough
        return cut or word.startswith("لل") and counts["ال" + word[2:]] > 20

    for word in sorted(common):
        if not begins_with_a_clitic(word):
            print("common", word, sep="\t")
    shown = set(common)
    for word, _ in sorted(counts.most_common(COMMON)):
        frequent = len(word) > 2 and word not in shown and not begins_with_a_clitic(word)
        if frequent and person[word] <= 0.3 * total[word]:
            print("frequent", word, sep="\t")
    def with_clitic(word):
        return word[:1] in ("و", "ف", "ب", "ل", "ك") and person[word[1:]] > person[word]

    for word in sorted(person):
        if with_clitic(word):
            continue
        fits = WORD.fullmatch(word) and len(word) >= 3 and word not in LEFT_OUT
        if not fits or person[word] < 2 or person[word] < SHARE_OF_NAMES * total[word]:
            continue
        given = first[word] >= 0.5 * person[word] and not word.startswith("ال")
        print("given" if given else "name", word, sep="\t")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
