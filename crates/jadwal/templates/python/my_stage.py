"""my_stage: tags words of a list, and counts them in `extra`.

    python3 -m unittest test_my_stage    its own test
    jadwal test-stage my_stage           the test that every stage must pass
    jadwal batch                         the pipeline with it
"""

import re

from jadwal_stage import Option, Stage

stage = Stage(
    "my_stage",
    "0.1.0",
    gives=["entities"],
    options={"words": Option(["ميناء", "harbour"], "The words to tag.")},
)


@stage.setup
def setup(options):
    words = sorted(options["words"], key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)) or "(?!)")


@stage.work
def work(doc, pattern):
    found = 0
    for match in pattern.finditer(doc.text):
        doc.entity(match.start(), match.end(), "MISC", norm=match.group())
        found += 1
    doc.extra = {"found": found}


if __name__ == "__main__":
    stage.run()
