"""A child that misbehaves as the first word of a document tells it to.

It speaks the protocol by hand: what is tested is the host, not the SDK.
"""

import json
import os
import signal
import struct
import subprocess
import sys

MODE = sys.argv[1] if len(sys.argv) > 1 else "obey"
SEEN = 0


def read():
    header = sys.stdin.buffer.read(4)
    if len(header) < 4:
        # At the end of the input: a child that does not end with it, or one that is well made.
        if MODE == "stubborn":
            while True:
                signal.pause()
        if MODE == "wordy":
            os.write(2, b"farewell " * 100_000)
            say({"last": "words"})
        sys.exit(0)
    return json.loads(sys.stdin.buffer.read(struct.unpack(">I", header)[0]))


def write(body):
    os.write(1, struct.pack(">I", len(body)) + body)


def say(message):
    body = json.dumps(message).encode()
    data = struct.pack(">I", len(body)) + body
    while data:
        data = data[os.write(1, data):]


def obey(word, number, count):
    if word == "loop":
        while True:
            pass
    if word == "silent":
        while True:
            signal.pause()
    if word == "crash":
        os.abort()
    if word == "exit":
        sys.exit("could not go on")
    if word == "garbage":
        os.write(1, b"\xff" * 100)
    if word == "print":
        os.write(1, b"loading the model ...\n")
    if word == "closed":
        os.close(1)
        signal.pause()
    if word == "huge":
        os.write(1, struct.pack(">I", 0x7FFFFFFF))
        while True:
            os.write(1, b"x" * 65536)
    if word == "notjson":
        write(b"{")
    if word == "few":
        say({"replies": {"number": number, "replies": []}})
    if word == "wrong":
        say({"replies": {"number": number + 1, "replies": [{}] * count}})
    if word == "alloc":
        block = bytearray(10 << 30)
        block[::4096] = b"x" * len(block[::4096])
    if word == "stderr":
        os.write(2, b"noise " * 500_000)
    if word == "orphan":
        subprocess.Popen(["sleep", "604.25"])
        os.abort()
    if word == "past":
        return {"edits": [{"start": 0, "end": 10**9}]}
    if word == "inside":
        return {"entities": [{"start": 0, "end": len("inside ") + 1, "label": "PER"}]}
    if word == "label":
        return {"entities": [{"start": 0, "end": 1, "label": "DOG"}]}
    if word == "drop":
        return {"verdict": {"drop": {"reason": "told to"}}}
    if word == "pid":
        return {"extra": os.getpid()}
    return {"extra": {"seen": True}}


hello = read()["hello"]
if MODE == "slow_start":
    signal.pause()
if MODE == "refuse":
    say({"refused": {"reason": "no such model"}})
    sys.exit(0)
if MODE == "no_hello":
    sys.exit("ImportError: no module named spacy")
version = 2 if MODE == "future" else 1
stage = {"name": "hostile", "version": "1", "unit": "bytes", "gives": ["text", "entities"], "sees": []}
say({"ready": {"protocol": version, "stage": stage}})
while True:
    batch = read()["batch"]
    replies = []
    for document in batch["documents"]:
        SEEN += 1
        if MODE == f"dies_at_{SEEN}":
            os.abort()
        if MODE == "deaf":
            signal.pause()
        word = document["text"].split(" ")[0]
        replies.append(obey(word, batch["number"], len(batch["documents"])))
    say({"replies": {"number": batch["number"], "replies": replies}})
