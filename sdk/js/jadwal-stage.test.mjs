// cd sdk/js && node --test

import assert from "node:assert/strict";
import { test } from "node:test";

import { Drop, Fail, Retry, Stage, StopPipeline } from "./jadwal-stage.mjs";

const stageOf = (work, options = {}) =>
  new Stage({ name: "test", version: "1", gives: ["text", "entities"], options }).work(work);

test("offsets are what JavaScript counts", async () => {
  const stage = stageOf((doc) => {
    const start = doc.text.indexOf("قطر");
    doc.entity(start, start + 3, "LOC", { link: "iso3166:QA" });
  });
  const reply = await stage.offer("🙂e\u0301 قطر");
  assert.deepEqual([reply.entities[0].start, reply.entities[0].end], [5, 8]);
});

test("edits and extra", async () => {
  const stage = stageOf(async (doc) => {
    doc.remove(0, 1);
    doc.insert(2, "x");
    doc.extra = { a: 1 };
  });
  const edits = [{ start: 0, end: 1, text: "" }, { start: 2, end: 2, text: "x" }];
  assert.deepEqual(await stage.offer("abc"), { edits, extra: { a: 1 } });
});

test("errors become verdicts", async () => {
  const cases = [
    [new Drop("short"), { drop: { reason: "short" } }],
    [new Fail("bad"), { fail: { class: "document", reason: "bad" } }],
    [new Retry("away"), { fail: { class: "transient", reason: "away" } }],
    [new StopPipeline("full"), { fail: { class: "fatal", reason: "full" } }],
    [new TypeError("t"), { fail: { class: "document", reason: "TypeError: t" } }],
  ];
  for (const [error, verdict] of cases) {
    const stage = stageOf(() => { throw error; });
    assert.deepEqual(await stage.offer("a"), { verdict });
  }
});

test("what is no JSON fails the document", async () => {
  const stage = stageOf((doc) => { doc.extra = 1n; });
  assert.ok("fail" in (await stage.offer("a")).verdict);
});

test("options have defaults, and wrong ones are refused", async () => {
  const stage = stageOf((doc, options) => { doc.extra = options; }, { limit: { default: 3, description: "Limit." } });
  assert.deepEqual((await stage.offer("")).extra, { limit: 3 });
  assert.deepEqual((await stage.offer("", { limit: 4 })).extra, { limit: 4 });
  await assert.rejects(stage.offer("", { lim: 1 }), /unknown option `lim`/);
  await assert.rejects(stage.offer("", { limit: "3" }), /type integer/);
  const { properties } = stage.declaration().options;
  assert.deepEqual(properties.limit, { type: "integer", default: 3, description: "Limit." });
});
