"""Write a stage for Jadwal in Python: one file, the standard library alone.

    from jadwal_stage import Option, Stage

    stage = Stage("tag_places", "1.0", gives=["entities"], options={
        "word": Option("Doha", "The word to tag."),
    })

    @stage.work
    def tag(doc, options):
        start = doc.text.find(options["word"])
        if start >= 0:
            doc.entity(start, start + len(options["word"]), "LOC")

    if __name__ == "__main__":
        stage.run()

Offsets are what Python counts: code points of `doc.text`, as `len`, `find` and `re` give them. All are
offsets of the text as it was shown, also after `doc.replace`: Jadwal moves what has to be moved.

What is printed goes to standard error, and so to Jadwal's log. Standard output is for the protocol
(docs/process-protocol.md), which `run` speaks.
"""

from __future__ import annotations

import base64
import json
import os
import struct
import sys
import traceback
from typing import Any, BinaryIO, Callable, Dict, Iterable, List, Optional

__version__ = "0.1.0"
__all__ = ["Document", "Drop", "Fail", "Option", "Retry", "Stage", "StopPipeline"]

PROTOCOL = 1

_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}


class Drop(Exception):
    """Raise it to drop the document on purpose; the message is the reason."""


class Fail(Exception):
    """Raise it when this document can't be worked on: it is quarantined with the message."""

    kind = "document"


class Retry(Fail):
    """Raise it when the world is bad for a moment (a server is away): Jadwal tries again later."""

    kind = "transient"


class StopPipeline(Fail):
    """Raise it when going on would do harm: the pipeline stops and no file is lost."""

    kind = "fatal"


class Option:
    """An option of a stage: its default (which tells its type) and what it is for."""

    def __init__(self, default: Any, description: str):
        if type(default) not in _TYPES:
            raise TypeError(f"the default {default!r} is not a JSON value")
        self.default = default
        self.description = description

    def schema(self) -> Dict[str, Any]:
        return {"type": _TYPES[type(self.default)], "default": self.default, "description": self.description}

    def fits(self, value: Any) -> bool:
        if type(self.default) is float:
            return type(value) in (int, float)
        return type(value) is type(self.default)


class Document:
    """A document as Jadwal shows it, and what the stage does to it."""

    def __init__(self, view: Dict[str, Any]):
        #: Hex digits of the document's id.
        self.id: str = view.get("id", "")
        #: Where the record lies, relative to the source.
        self.path: str = view.get("path", "")
        #: The text. Offsets count its code points.
        self.text: str = view["text"]
        self.title: str = view.get("title", "")
        self.byline: str = view.get("byline", "")
        self.url: str = view.get("url", "")
        #: The date that the document gives for itself (ISO 8601), or "".
        self.created: str = view.get("created", "")
        #: `{"tag": "ar", "script": "Arab", "score": 0.99}`, or None.
        self.language: Optional[Dict[str, Any]] = view.get("language")
        #: Id of the document that it copies, or "".
        self.duplicate_of: str = view.get("duplicate_of", "")
        #: Only for a stage that sees "blocks", "segments" or "entities".
        self.blocks: List[Dict[str, Any]] = view.get("blocks", [])
        self.segments: List[Dict[str, Any]] = view.get("segments", [])
        self.entities: List[Dict[str, Any]] = view.get("entities", [])
        #: What earlier stages set, by stage id. Only for a stage that sees "extra".
        self.earlier: Dict[str, Any] = view.get("extra", {})
        #: Fields of a JSON Lines record. Only for a stage that sees "extra".
        self.fields: Dict[str, Any] = json.loads(view.get("fields") or "{}")
        #: The raw bytes. Only for a stage that sees "raw".
        self.raw: Optional[bytes] = base64.b64decode(view["raw"]) if "raw" in view else None
        #: What the stage says of the document: any JSON value, `extra` of the record.
        self.extra: Any = None
        self._edits: List[Dict[str, Any]] = []
        self._entities: List[Dict[str, Any]] = []

    def replace(self, start: int, end: int, text: str) -> None:
        """Replaces `text[start:end]`. Edits must not overlap. The stage must give "text"."""
        self._edits.append({"start": start, "end": end, "text": text})

    def insert(self, at: int, text: str) -> None:
        """Puts `text` in at `at`."""
        self.replace(at, at, text)

    def remove(self, start: int, end: int) -> None:
        """Removes `text[start:end]`."""
        self.replace(start, end, "")

    def entity(self, start: int, end: int, label: str, norm: str = "", link: str = "", score: float = 1.0) -> None:
        """Adds an entity at `text[start:end]`. The stage must give "entities".

        Labels: PER LOC ORG MISC EVENT DATE TIME MONEY PERCENT QUANTITY URL EMAIL PHONE.
        """
        entity: Dict[str, Any] = {"start": start, "end": end, "label": label}
        # What is as Jadwal takes it to be need not be written.
        if norm:
            entity["norm"] = norm
        if link:
            entity["link"] = link
        if score != 1.0:
            entity["score"] = score
        self._entities.append(entity)

    def reply(self) -> Dict[str, Any]:
        """Returns what Jadwal is told."""
        reply: Dict[str, Any] = {}
        if self._edits:
            reply["edits"] = self._edits
        if self._entities:
            reply["entities"] = self._entities
        if self.extra is not None:
            reply["extra"] = self.extra
        return reply


class Stage:
    """A stage: what it says of itself, and the function that works.

    `needs`: what a document must have, of "language", "duplicate", "entities".
    `gives`: what the stage may change, of "text", "entities".
    `sees`: what it is shown beside the text, of "blocks", "segments", "entities", "extra", "raw".
    """

    def __init__(
        self,
        name: str,
        version: str,
        *,
        needs: Iterable[str] = (),
        gives: Iterable[str] = (),
        sees: Iterable[str] = (),
        options: Optional[Dict[str, Option]] = None,
    ):
        self.name = name
        self.version = version
        self.needs, self.gives, self.sees = list(needs), list(gives), list(sees)
        self.options = options or {}
        self._setup: Callable[[Dict[str, Any]], Any] = lambda options: options
        self._work: Optional[Callable[[Document, Any], None]] = None

    def setup(self, function: Callable[[Dict[str, Any]], Any]) -> Callable[[Dict[str, Any]], Any]:
        """Decorates a function that is called once, with the options; what it returns is given to the
        working function instead of them. Load models here; raise ValueError to refuse the options."""
        self._setup = function
        return function

    def work(self, function: Callable[[Document, Any], None]) -> Callable[[Document, Any], None]:
        """Decorates the function that is called for each document, with the options."""
        self._work = function
        return function

    def offer(self, text: str, options: Optional[Dict[str, Any]] = None, **view: Any) -> Dict[str, Any]:
        """Returns what the stage replies to a document, for tests: no Jadwal is needed."""
        state = self._setup(self._checked(options or {}))
        return json.loads(self._reply({"text": text, **view}, state))

    def declaration(self) -> Dict[str, Any]:
        """Returns what the stage says of itself."""
        return {
            "name": self.name,
            "version": self.version,
            "unit": "code_points",
            "needs": self.needs,
            "gives": self.gives,
            "sees": self.sees,
            "options": {
                "type": "object",
                "properties": {name: option.schema() for name, option in self.options.items()},
                "additionalProperties": False,
            },
        }

    def run(self) -> None:
        """Works for Jadwal until there is nothing more to do."""
        source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
        # Whatever is printed, by Python or by a library in C, must not get between the frames.
        os.dup2(2, 1)
        sys.stdout = sys.stderr
        state: Any = None
        for message in _messages(source):
            if "hello" in message:
                try:
                    state = self._setup(self._checked(message["hello"]["options"]))
                except Exception as error:
                    traceback.print_exc()
                    _send(sink, _json({"refused": {"reason": _words(error)}}))
                    continue
                _send(sink, _json({"ready": {"protocol": PROTOCOL, "stage": self.declaration()}}))
            elif "batch" in message:
                batch = message["batch"]
                replies = ",".join(self._reply(view, state) for view in batch["documents"])
                _send(sink, '{"replies":{"number":%d,"replies":[%s]}}' % (batch["number"], replies))

    def _checked(self, given: Dict[str, Any]) -> Dict[str, Any]:
        for name, value in given.items():
            if name not in self.options:
                known = ", ".join(f"`{known}`" for known in self.options) or "none"
                raise ValueError(f"unknown option `{name}`; the known ones are {known}")
            if not self.options[name].fits(value):
                wanted = _TYPES[type(self.options[name].default)]
                raise ValueError(f"the option `{name}` is {value!r}; expected a value of type {wanted}")
        return {name: given.get(name, option.default) for name, option in self.options.items()}

    def _reply(self, view: Dict[str, Any], state: Any) -> str:
        """The reply as JSON: what can't be written must be known while it can be told of the document."""
        if self._work is None:
            raise TypeError("no function is decorated with `@stage.work`")
        try:
            doc = Document(view)
            self._work(doc, state)
            return _json(doc.reply())
        except Drop as drop:
            return _json({"verdict": {"drop": {"reason": str(drop) or "no reason given"}}})
        except Fail as fail:
            return _json({"verdict": {"fail": {"class": fail.kind, "reason": _words(fail)}}})
        except Exception as error:
            traceback.print_exc()
            return _json({"verdict": {"fail": {"class": "document", "reason": _words(error)}}})


# Made once: making it costs more than a short reply.
_json = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode


def _words(error: BaseException) -> str:
    kind = type(error).__name__
    if isinstance(error, (Fail, ValueError)) and str(error):
        return str(error)
    return f"{kind}: {error}" if str(error) else kind


def _messages(source: BinaryIO) -> Iterable[Dict[str, Any]]:
    while True:
        header = source.read(4)
        if len(header) < 4:
            return
        (length,) = struct.unpack(">I", header)
        body = source.read(length)
        if len(body) < length:
            return
        yield json.loads(body)


def _send(sink: BinaryIO, message: str) -> None:
    body = message.encode()
    sink.write(struct.pack(">I", len(body)) + body)
    sink.flush()
