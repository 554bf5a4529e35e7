import unittest

from my_stage import stage


class MyStage(unittest.TestCase):
    def test_tags_the_words_of_the_list(self):
        reply = stage.offer("🙂 قرب ميناء", {"words": ["ميناء"]})
        self.assertEqual([(e["start"], e["end"]) for e in reply["entities"]], [(6, 11)])
        self.assertEqual(reply["extra"], {"found": 1})

    def test_without_words_nothing_is_found(self):
        self.assertEqual(stage.offer("harbour", {"words": []})["extra"], {"found": 0})


if __name__ == "__main__":
    unittest.main()
