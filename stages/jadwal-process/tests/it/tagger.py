"""Marks a word and cuts emoji; prints, which must do no harm."""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[4] / "sdk" / "python"))
from jadwal_stage import Option, Stage

stage = Stage("tagger", "1", gives=["text", "entities"], options={"word": Option("قطر", "The word.")})


@stage.work
def tag(doc, options):
    print("working on", doc.id)
    for found in re.finditer(options["word"], doc.text):
        doc.entity(found.start(), found.end(), "LOC")
    for found in re.finditer("[🙂👩]+", doc.text):
        doc.remove(found.start(), found.end())
    doc.extra = {"length": len(doc.text)}


if __name__ == "__main__":
    stage.run()
