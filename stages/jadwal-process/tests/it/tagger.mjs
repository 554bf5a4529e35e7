// Marks a word and cuts emoji; prints, which must do no harm.

import { Stage } from "../../../../sdk/js/jadwal-stage.mjs";

const options = { word: { default: "قطر", description: "The word." } };
const stage = new Stage({ name: "tagger", version: "1", gives: ["text", "entities"], options });

stage.work((doc, options) => {
  console.log("working on", doc.id);
  for (const found of doc.text.matchAll(new RegExp(options.word, "g"))) {
    doc.entity(found.index, found.index + found[0].length, "LOC");
  }
  for (const found of doc.text.matchAll(/[🙂👩]+/gu)) doc.remove(found.index, found.index + found[0].length);
  doc.extra = { length: doc.text.length };
});

stage.runAsMain(import.meta.url);
