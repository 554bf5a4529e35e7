// Write a stage for Jadwal in JavaScript or TypeScript: one file, no dependencies (Node.js 18 and later).
//
//     import { Stage } from "./jadwal-stage.mjs";
//
//     const stage = new Stage({ name: "tag_places", version: "1.0", gives: ["entities"], options: {
//       word: { default: "Doha", description: "The word to tag." },
//     }});
//
//     stage.work((doc, options) => {
//       const start = doc.text.indexOf(options.word);
//       if (start >= 0) doc.entity(start, start + options.word.length, "LOC");
//     });
//
//     stage.runAsMain(import.meta.url);
//
// Offsets are what JavaScript counts: UTF-16 units of `doc.text`, as `length`, `indexOf` and RegExp
// give them. All are offsets of the text as it was shown, also after `doc.replace`.
//
// What is logged with `console` goes to standard error, and so to Jadwal's log. Standard output is for
// the protocol (docs/process-protocol.md), which `run` speaks.

import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PROTOCOL = 1;

/** Throw it to drop the document on purpose; the message is the reason. */
export class Drop extends Error {}

/** Throw it when this document can't be worked on: it is quarantined with the message. */
export class Fail extends Error {
  kind = "document";
}

/** Throw it when the world is bad for a moment (a server is away): Jadwal tries again later. */
export class Retry extends Fail {
  kind = "transient";
}

/** Throw it when going on would do harm: the pipeline stops and no file is lost. */
export class StopPipeline extends Fail {
  kind = "fatal";
}

/** A document as Jadwal shows it, and what the stage does to it. */
export class Document {
  #edits = [];
  #entities = [];

  constructor(view) {
    this.id = view.id ?? "";
    this.path = view.path ?? "";
    this.text = view.text;
    this.title = view.title ?? "";
    this.byline = view.byline ?? "";
    this.url = view.url ?? "";
    this.created = view.created ?? "";
    this.language = view.language ?? null;
    this.duplicateOf = view.duplicate_of ?? "";
    this.blocks = view.blocks ?? [];
    this.segments = view.segments ?? [];
    this.entities = view.entities ?? [];
    this.earlier = view.extra ?? {};
    this.fields = JSON.parse(view.fields || "{}");
    this.raw = view.raw === undefined ? null : Buffer.from(view.raw, "base64");
    this.extra = undefined;
  }

  /** Replaces `text.slice(start, end)`. Edits must not overlap. The stage must give "text". */
  replace(start, end, text) {
    this.#edits.push({ start, end, text });
  }

  /** Puts `text` in at `at`. */
  insert(at, text) {
    this.replace(at, at, text);
  }

  /** Removes `text.slice(start, end)`. */
  remove(start, end) {
    this.replace(start, end, "");
  }

  /** Adds an entity at `text.slice(start, end)`. The stage must give "entities". */
  entity(start, end, label, { norm, link, score } = {}) {
    // What is not given is left out, and is as Jadwal takes it to be.
    this.#entities.push({ start, end, label, norm, link, score });
  }

  /** Returns what Jadwal is told. */
  reply() {
    const reply = {};
    if (this.#edits.length > 0) reply.edits = this.#edits;
    if (this.#entities.length > 0) reply.entities = this.#entities;
    if (this.extra !== undefined && this.extra !== null) reply.extra = this.extra;
    return reply;
  }
}

/** A stage: what it says of itself, and the function that works. */
export class Stage {
  #declared;
  #setup = (options) => options;
  #work = undefined;

  constructor({ name, version, needs = [], gives = [], sees = [], options = {} }) {
    this.#declared = { name, version, needs, gives, sees, options };
  }

  /** Sets a function that is called once, with the options; what it returns is given to the working
   *  function instead of them. Load models here; throw an Error to refuse the options. */
  setup(setup) {
    this.#setup = setup;
    return this;
  }

  /** Sets the function that is called for each document, with the options. It may be async. */
  work(work) {
    this.#work = work;
    return this;
  }

  /** Returns what the stage replies to a document, for tests: no Jadwal is needed. */
  async offer(text, options = {}, view = {}) {
    const state = await this.#setup(this.#checked(options));
    return JSON.parse(await this.#reply({ ...view, text }, state));
  }

  /** Returns what the stage says of itself. */
  declaration() {
    const { options, ...declared } = this.#declared;
    const property = ([name, { default: value, description }]) => [name, { type: typeOf(value), default: value, description }];
    return {
      ...declared,
      unit: "utf16",
      options: {
        type: "object",
        properties: Object.fromEntries(Object.entries(options).map(property)),
        additionalProperties: false,
      },
    };
  }

  /** Works for Jadwal when `url` (`import.meta.url`) is the file that was started; a test that imports
   *  it starts nothing. */
  runAsMain(url) {
    const main = process.argv[1];
    if (main !== undefined && realpathSync(main) === realpathSync(fileURLToPath(url))) this.run();
  }

  /** Works for Jadwal until there is nothing more to do. */
  async run() {
    const write = process.stdout.write.bind(process.stdout);
    // Whatever is logged must not get between the frames.
    process.stdout.write = process.stderr.write.bind(process.stderr);
    const send = (body) => {
      const bytes = Buffer.from(body, "utf8");
      const header = Buffer.alloc(4);
      header.writeUInt32BE(bytes.length);
      return new Promise((done) => write(Buffer.concat([header, bytes]), done));
    };
    let state;
    for await (const { hello, batch } of messages(process.stdin)) {
      if (hello !== undefined) {
        let answer;
        try {
          state = await this.#setup(this.#checked(hello.options));
          answer = { ready: { protocol: PROTOCOL, stage: this.declaration() } };
        } catch (error) {
          console.error(error);
          answer = { refused: { reason: words(error) } };
        }
        await send(JSON.stringify(answer));
      } else if (batch !== undefined) {
        const replies = [];
        for (const view of batch.documents) replies.push(await this.#reply(view, state));
        await send(`{"replies":{"number":${batch.number},"replies":[${replies.join(",")}]}}`);
      }
    }
  }

  #checked(given) {
    const { options } = this.#declared;
    for (const [name, value] of Object.entries(given)) {
      if (!Object.hasOwn(options, name)) {
        const known = Object.keys(options).map((option) => `\`${option}\``).join(", ") || "none";
        throw new Error(`unknown option \`${name}\`; the known ones are ${known}`);
      }
      const wanted = typeOf(options[name].default);
      const found = typeOf(value);
      if (found !== wanted && !(wanted === "number" && found === "integer") && !(wanted === "integer" && found === "number")) {
        throw new Error(`the option \`${name}\` is ${JSON.stringify(value)}; expected a value of type ${wanted}`);
      }
    }
    return Object.fromEntries(Object.entries(options).map(([name, option]) => [name, given[name] ?? option.default]));
  }

  /** The reply as JSON: what can't be written must be known while it can still be told of the document. */
  async #reply(view, state) {
    if (this.#work === undefined) throw new Error("`stage.work` was given no function");
    let reply;
    try {
      const doc = new Document(view);
      await this.#work(doc, state);
      return JSON.stringify(doc.reply());
    } catch (error) {
      if (error instanceof Drop) {
        reply = { verdict: { drop: { reason: error.message || "no reason given" } } };
      } else {
        if (!(error instanceof Fail)) console.error(error);
        const kind = error instanceof Fail ? error.kind : "document";
        reply = { verdict: { fail: { class: kind, reason: words(error) } } };
      }
      return JSON.stringify(reply);
    }
  }
}

function typeOf(value) {
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

function words(error) {
  if (!(error instanceof Error)) return String(error) || "unknown error";
  if (error.constructor === Error || error instanceof Fail) return error.message || error.name;
  return error.message ? `${error.name}: ${error.message}` : error.name;
}

async function* messages(source) {
  let pieces = [];
  let length = 0;
  let wanted = 4;
  let header = true;
  for await (const piece of source) {
    pieces.push(piece);
    length += piece.length;
    while (length >= wanted) {
      const all = Buffer.concat(pieces);
      const part = all.subarray(0, wanted);
      pieces = [all.subarray(wanted)];
      length -= wanted;
      if (header) {
        wanted = part.readUInt32BE(0);
      } else {
        wanted = 4;
        yield JSON.parse(part.toString("utf8"));
      }
      header = !header;
    }
  }
}
