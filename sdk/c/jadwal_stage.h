/* A Jadwal stage in C, as a WebAssembly component: include this file in one source file, and write
 *
 *     static void stage_declare(js_declaration *d);
 *     static int  stage_configure(js_str settings, js_str *error);     0 where they are good
 *     static void stage_process(const js_document *doc, js_reply *reply);
 *
 * No libc, no bindings generator: the types have the layout that the component model gives the records of
 * `wit/stage.wit`. Memory from `js_alloc` is taken back after each document; a stage keeps nothing.
 * Offsets are bytes of UTF-8 here: declare JS_BYTES. docs/component-stage.md says how to build.
 */
#ifndef JADWAL_STAGE_H
#define JADWAL_STAGE_H

#include <stddef.h>
#include <stdint.h>

typedef struct { const char *ptr; size_t len; } js_str;
#define JS_STR(literal) ((js_str){ (literal), sizeof(literal) - 1 })

enum { JS_BYTES, JS_CODE_POINTS, JS_UTF16 };
enum { JS_TEXT, JS_DUPLICATE, JS_LANGUAGE, JS_ENTITIES };
enum { JS_SEE_BLOCKS, JS_SEE_SEGMENTS, JS_SEE_ENTITIES, JS_SEE_EXTRA, JS_SEE_RAW };
enum { JS_TITLE, JS_HEADING, JS_PARAGRAPH, JS_LIST, JS_TABLE, JS_QUOTE };
enum { JS_PER, JS_LOC, JS_ORG, JS_MISC, JS_EVENT, JS_DATE, JS_TIME, JS_MONEY, JS_PERCENT, JS_QUANTITY,
       JS_URL, JS_EMAIL, JS_PHONE };
enum { JS_PASS, JS_DROP, JS_FAIL };
enum { JS_FAIL_DOCUMENT, JS_FAIL_TRANSIENT, JS_FAIL_FATAL };
enum { JS_DEBUG, JS_INFO, JS_WARN, JS_ERROR };

typedef struct { const uint8_t *ptr; size_t len; } js_bytes;

typedef struct {
  js_str name, version;
  uint8_t unit;
  js_bytes needs, gives;  /* JS_TEXT .. JS_ENTITIES, a byte each */
  js_bytes sees;          /* JS_SEE_BLOCKS .. JS_SEE_RAW */
  js_str settings;        /* JSON Schema, or empty */
} js_declaration;

typedef struct { js_str tag, script; float score; } js_language;
typedef struct { uint8_t kind; uint64_t start, end; } js_block;
typedef struct { uint64_t start, end; js_language language; } js_segment;
typedef struct {
  uint64_t start, end;
  uint8_t label;
  js_str norm, link;
  struct { uint8_t some; uint32_t value; } mention_of;
  float score;
} js_entity;

typedef struct {
  js_str id, path, text, title, byline, url, created;
  struct { uint8_t some; js_language value; } language;
  js_str duplicate_of;
  struct { const js_block *ptr; size_t len; } blocks;
  struct { const js_segment *ptr; size_t len; } segments;
  struct { const js_entity *ptr; size_t len; } entities;
  js_str extra, fields;   /* JSON, or empty */
  js_bytes raw;
} js_document;

typedef struct { uint64_t start, end; js_str text; } js_edit;
typedef struct { uint64_t start, end; uint8_t label; js_str norm, link; float score; } js_new_entity;

typedef struct {
  struct {
    uint8_t tag;          /* JS_PASS, JS_DROP, JS_FAIL */
    union { js_str drop; struct { uint8_t fail_class; js_str reason; } fail; } of;
  } verdict;
  struct { js_edit *ptr; size_t len; } edits;
  struct { js_new_entity *ptr; size_t len; } entities;
  struct { uint8_t some; js_str value; } extra;   /* JSON */
} js_reply;

_Static_assert(sizeof(js_declaration) == 52 && sizeof(js_document) == 136 && sizeof(js_reply) == 44 &&
               sizeof(js_edit) == 24 && sizeof(js_new_entity) == 40 && sizeof(js_entity) == 48 &&
               sizeof(js_segment) == 40 && sizeof(js_block) == 24, "the layout of the component model");

static void stage_declare(js_declaration *d);
static int stage_configure(js_str settings, js_str *error);
static void stage_process(const js_document *doc, js_reply *reply);

__attribute__((import_module("jadwal:stage/host@0.1.0"), import_name("log")))
extern void js_host_log(int level, const char *ptr, size_t len);

static inline void js_log(int level, js_str line) { js_host_log(level, line.ptr, line.len); }

extern unsigned char __heap_base;
static uintptr_t js_heap;

/* Memory for this document, zeroed, aligned to 8 bytes, right behind what was asked for before (so an array
 * grows by asking for one element after the other). Traps where there is none left. */
static void *js_alloc(size_t size) {
  if (js_heap == 0) js_heap = ((uintptr_t)&__heap_base + 7) & ~(uintptr_t)7;
  uintptr_t at = js_heap;
  uintptr_t page = 65536, end = at + ((size + 7) & ~(size_t)7);
  uintptr_t have = __builtin_wasm_memory_size(0) * page;
  if (end < at) __builtin_trap();
  if (end > have && __builtin_wasm_memory_grow(0, (end - have + page - 1) / page) == (size_t)-1) __builtin_trap();
  js_heap = end;
  /* Volatile, or the compiler would call the memset that is not there. */
  for (volatile uint64_t *word = (uint64_t *)at; (uintptr_t)word < end; word++) *word = 0;
  return (void *)at;
}

__attribute__((export_name("cabi_realloc")))
void *js_cabi_realloc(void *old, size_t old_size, size_t align, size_t size) {
  (void)align;
  volatile unsigned char *fresh = js_alloc(size);
  for (size_t at = 0; at < old_size && at < size; at++) fresh[at] = ((unsigned char *)old)[at];
  return (void *)fresh;
}

__attribute__((export_name("declare")))
js_declaration *js_export_declare(void) {
  js_declaration *d = js_alloc(sizeof *d);
  d->unit = JS_BYTES;
  stage_declare(d);
  return d;
}

typedef struct { uint8_t failed; js_str error; } js_configured;

__attribute__((export_name("configure")))
js_configured *js_export_configure(const char *ptr, size_t len) {
  js_configured *result = js_alloc(sizeof *result);
  result->failed = stage_configure((js_str){ ptr, len }, &result->error) != 0;
  return result;
}

__attribute__((export_name("process")))
js_reply *js_export_process(const js_document *doc) {
  js_reply *reply = js_alloc(sizeof *reply);
  stage_process(doc, reply);
  return reply;
}

__attribute__((export_name("cabi_post_process")))
void js_post_process(js_reply *reply) {
  (void)reply;
  js_heap = 0;
}

#endif
