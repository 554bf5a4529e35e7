// Types of jadwal-stage.mjs, for TypeScript.

export class Drop extends Error {}
export class Fail extends Error {}
export class Retry extends Fail {}
export class StopPipeline extends Fail {}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Label =
  | "PER" | "LOC" | "ORG" | "MISC" | "EVENT" | "DATE" | "TIME" | "MONEY" | "PERCENT" | "QUANTITY"
  | "URL" | "EMAIL" | "PHONE";

export interface Language { tag: string; script: string; score: number }
/** Offsets count UTF-16 units of the text. */
export interface Span { start: number; end: number }
export interface Block extends Span { kind: "title" | "heading" | "paragraph" | "list" | "table" | "quote" }
export interface Segment extends Span { language: Language }
export interface Entity extends Span {
  label: Label; norm: string; link: string; mention_of: number | null; score: number;
}

/** A document as Jadwal shows it, and what the stage does to it. */
export class Document {
  constructor(view: { text: string; [key: string]: unknown });
  readonly id: string;
  readonly path: string;
  readonly text: string;
  readonly title: string;
  readonly byline: string;
  readonly url: string;
  readonly created: string;
  readonly language: Language | null;
  readonly duplicateOf: string;
  /** The lists are empty for a stage that does not see them. */
  readonly blocks: Block[];
  readonly segments: Segment[];
  readonly entities: Entity[];
  /** What earlier stages set, by stage id. */
  readonly earlier: { [stage: string]: Json };
  readonly fields: { [key: string]: Json };
  readonly raw: Uint8Array | null;
  /** What the stage says of the document. */
  extra: Json | undefined;
  replace(start: number, end: number, text: string): void;
  insert(at: number, text: string): void;
  remove(start: number, end: number): void;
  entity(start: number, end: number, label: Label, more?: { norm?: string; link?: string; score?: number }): void;
  reply(): { [key: string]: Json };
}

export interface Option { default: Json; description: string }

export interface StageSettings {
  name: string;
  version: string;
  /** What a document must have. */
  needs?: ("language" | "duplicate" | "entities")[];
  /** What the stage may change. */
  gives?: ("text" | "entities")[];
  /** What it is shown beside the text. */
  sees?: ("blocks" | "segments" | "entities" | "extra" | "raw")[];
  options?: { [name: string]: Option };
}

/** A stage: what it says of itself, and the function that works. */
export class Stage<State = any> {
  constructor(settings: StageSettings);
  setup(setup: (options: any) => State | Promise<State>): this;
  work(work: (doc: Document, state: State) => void | Promise<void>): this;
  offer(text: string, options?: { [name: string]: Json }, view?: { [key: string]: Json }): Promise<any>;
  declaration(): { [key: string]: Json };
  runAsMain(url: string): void;
  run(): Promise<void>;
}
