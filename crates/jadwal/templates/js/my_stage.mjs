// my_stage: tags words of a list, and counts them in `extra`.
//
//     node --test                    its own test
//     jadwal test-stage my_stage     the test that every stage must pass
//     jadwal batch                   the pipeline with it

import { Stage } from "./jadwal-stage.mjs";

export const stage = new Stage({
  name: "my_stage",
  version: "0.1.0",
  gives: ["entities"],
  options: { words: { default: ["ميناء", "harbour"], description: "The words to tag." } },
});

stage.setup(({ words }) => {
  const longestFirst = [...words].sort((a, b) => b.length - a.length);
  const escaped = longestFirst.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(escaped.join("|") || "(?!)", "gu");
});

stage.work((doc, pattern) => {
  let found = 0;
  for (const match of doc.text.matchAll(pattern)) {
    doc.entity(match.index, match.index + match[0].length, "MISC", { norm: match[0] });
    found += 1;
  }
  doc.extra = { found };
});

stage.runAsMain(import.meta.url);
