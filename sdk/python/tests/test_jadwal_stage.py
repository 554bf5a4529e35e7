"""python3 -m unittest discover -s sdk/python/tests"""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from jadwal_stage import Drop, Fail, Option, Retry, Stage, StopPipeline


def stage_of(work, **options):
    stage = Stage("test", "1", gives=["text", "entities"], options=options)
    stage.work(work)
    return stage


class Replies(unittest.TestCase):
    def test_offsets_are_what_python_counts(self):
        def work(doc, _):
            start = doc.text.index("قطر")
            doc.entity(start, start + 3, "LOC", link="iso3166:QA")

        reply = stage_of(work).offer("🙂e\u0301 قطر")
        self.assertEqual((reply["entities"][0]["start"], reply["entities"][0]["end"]), (4, 7))

    def test_edits_and_extra(self):
        def work(doc, _):
            doc.remove(0, 1)
            doc.insert(2, "x")
            doc.extra = {"a": 1}

        reply = stage_of(work).offer("abc")
        edits = [{"start": 0, "end": 1, "text": ""}, {"start": 2, "end": 2, "text": "x"}]
        self.assertEqual(reply, {"edits": edits, "extra": {"a": 1}})

    def test_exceptions_become_verdicts(self):
        cases = [
            (Drop("short"), {"drop": {"reason": "short"}}),
            (Fail("bad"), {"fail": {"class": "document", "reason": "bad"}}),
            (Retry("away"), {"fail": {"class": "transient", "reason": "away"}}),
            (StopPipeline("full"), {"fail": {"class": "fatal", "reason": "full"}}),
            (KeyError("k"), {"fail": {"class": "document", "reason": "KeyError: 'k'"}}),
        ]
        for error, expected in cases:
            def work(doc, _):
                raise error

            self.assertEqual(stage_of(work).offer("a"), {"verdict": expected})

    def test_what_is_no_json_fails_the_document(self):
        for value in [object(), float("nan"), {1, 2}]:
            def work(doc, _):
                doc.extra = value

            self.assertIn("fail", stage_of(work).offer("a")["verdict"])


class Options(unittest.TestCase):
    def test_defaults_and_given_ones(self):
        def work(doc, options):
            doc.extra = options

        stage = stage_of(work, limit=Option(3, "Limit."), share=Option(0.5, "Share."))
        self.assertEqual(stage.offer("")["extra"], {"limit": 3, "share": 0.5})
        self.assertEqual(stage.offer("", {"share": 1})["extra"], {"limit": 3, "share": 1})

    def test_wrong_ones_are_refused(self):
        stage = stage_of(lambda doc, options: None, limit=Option(3, "Limit."))
        for options, message in [({"lim": 1}, "unknown option `lim`"), ({"limit": "3"}, "type integer"), ({"limit": True}, "type integer")]:
            with self.assertRaisesRegex(ValueError, message):
                stage.offer("", options)

    def test_the_schema_tells_them(self):
        schema = stage_of(print, limit=Option(3, "Limit.")).declaration()["options"]
        self.assertEqual(schema["properties"]["limit"], {"type": "integer", "default": 3, "description": "Limit."})
        self.assertIs(schema["additionalProperties"], False)


if __name__ == "__main__":
    unittest.main()
