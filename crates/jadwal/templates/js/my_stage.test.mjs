import assert from "node:assert/strict";
import { test } from "node:test";

import { stage } from "./my_stage.mjs";

test("tags the words of the list", async () => {
  const reply = await stage.offer("🙂 قرب ميناء", { words: ["ميناء"] });
  assert.deepEqual(reply.entities.map(({ start, end }) => [start, end]), [[7, 12]]);
  assert.deepEqual(reply.extra, { found: 1 });
});

test("without words nothing is found", async () => {
  assert.deepEqual((await stage.offer("harbour", { words: [] })).extra, { found: 0 });
});
