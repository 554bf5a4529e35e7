"""A stage that asks an HTTP endpoint about each document, and keeps to its rate limit.

It sends the text to `endpoint` and takes back a list of `{"start", "end", "label", "link"}`. The service
is asked at most `per_second` times a second, answers are kept for documents that come again, and
`429 Too Many Requests` and errors of the server are waited out; when that has gone on for `patience`
seconds, Jadwal is asked to try the document again later.
"""

import json
import pathlib
import sys
import time
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "sdk" / "python"))
from jadwal_stage import Fail, Option, Retry, Stage

stage = Stage(
    "lookup",
    "1.0",
    gives=["entities"],
    options={
        "endpoint": Option("http://127.0.0.1:8080/annotate", "Where texts are sent to."),
        "per_second": Option(5.0, "Most requests in a second."),
        "patience": Option(5.0, "Seconds that trouble is waited out for one document."),
        "cache": Option(1000, "Answers that are kept."),
    },
)


class Service:
    def __init__(self, options):
        if options["per_second"] <= 0:
            raise ValueError("`per_second` must be above 0")
        self.options = options
        self.next_request = 0.0
        self.answers = {}

    def ask(self, doc):
        if doc.id in self.answers:
            return self.answers[doc.id]
        answer = self.request(doc.text)
        if len(self.answers) >= self.options["cache"]:
            self.answers.clear()
        self.answers[doc.id] = answer
        return answer

    def request(self, text):
        body = json.dumps({"text": text}).encode()
        give_up = time.monotonic() + self.options["patience"]
        while True:
            self.wait_for_turn()
            request = urllib.request.Request(
                self.options["endpoint"], body, {"Content-Type": "application/json"}
            )
            try:
                with urllib.request.urlopen(request, timeout=self.options["patience"]) as response:
                    return json.load(response)
            except urllib.error.HTTPError as error:
                if error.code != 429 and error.code < 500:
                    raise Fail(f"the service refused the document: {error}")
                trouble, wait = error, float(error.headers.get("Retry-After") or 0.1)
            except OSError as error:
                trouble, wait = error, 0.1
            if time.monotonic() + wait > give_up:
                raise Retry(f"the service can't be asked: {trouble}")
            time.sleep(wait)

    def wait_for_turn(self):
        wait = self.next_request - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        self.next_request = time.monotonic() + 1 / self.options["per_second"]


@stage.setup
def setup(options):
    return Service(options)


@stage.work
def work(doc, service):
    answer = service.ask(doc)
    for one in answer:
        doc.entity(one["start"], one["end"], one["label"], link=one.get("link", ""))
    doc.extra = {"answers": len(answer)}


if __name__ == "__main__":
    stage.run()
