/* A Jadwal stage in C: include this file in one source file, and write
 *
 *     static void stage_declare(js_declaration *d);
 *     static int  stage_configure(js_str settings, js_str *error);     0 where they are good
 *     static void stage_process(const js_document *doc, js_reply *reply);
 *
 * The same source is either of two things:
 *
 *     cc -O2 -o my_stage my_stage.c                    a process (`use = "process"`), with any C compiler
 *     clang --target=wasm32 -nostdlib ... my_stage.c   a component (`use = "component"`), for the sandbox
 *
 * docs/writing-a-stage.md has the first, docs/component-stage.md the second. No library is needed, but for a
 * process the C library. Memory from `js_alloc` is the stage's own until the end of the document; what was
 * taken in `stage_configure` stays. Offsets are bytes of UTF-8, which is what C counts.
 *
 * A test defines JADWAL_STAGE_TEST before it includes the stage: then there is no `main`, and `js_offer`
 * works on one text without any Jadwal.
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

/* What a stage may leave unused. */
#define JS_API __attribute__((unused)) static

JS_API void stage_declare(js_declaration *d);
static int stage_configure(js_str settings, js_str *error);
static void stage_process(const js_document *doc, js_reply *reply);

/* Memory, aligned to 8 bytes and not cleared; ends the stage where there is none left. */
static void *js_grab(size_t size);

/* Writes a line to Jadwal's log. */
JS_API void js_log(int level, js_str line);

#ifdef __wasm_bulk_memory__
/* One instruction each. */
JS_API void js_clear(void *to, size_t size) { __builtin_memset(to, 0, size); }
JS_API void js_copy(void *to, const void *from, size_t size) { __builtin_memcpy(to, from, size); }
#elif defined(__wasm__)
/* Volatile, or the compiler would call the memset and memcpy that a component does not have. */
JS_API void js_clear(void *to, size_t size) {
  for (volatile char *at = to; size-- > 0; at++) *at = 0;
}

JS_API void js_copy(void *to, const void *from, size_t size) {
  volatile char *out = to;
  for (const char *in = from; size-- > 0; in++) *out++ = *in;
}
#else
#include <string.h>
JS_API void js_clear(void *to, size_t size) { if (size) memset(to, 0, size); }
JS_API void js_copy(void *to, const void *from, size_t size) { if (size) memcpy(to, from, size); }
#endif

/* Memory, aligned to 8 bytes and cleared. */
JS_API void *js_alloc(size_t size) {
  void *memory = js_grab(size);
  js_clear(memory, size);
  return memory;
}

/* ---- text ---- */

#define JS_NONE ((size_t)-1)

JS_API int js_equal(js_str one, js_str other) {
  if (one.len != other.len) return 0;
  for (size_t at = 0; at < one.len; at++)
    if (one.ptr[at] != other.ptr[at]) return 0;
  return 1;
}

/* Whether `word` stands in `text` at `at`. */
JS_API int js_at(js_str text, size_t at, js_str word) {
  if (at > text.len || word.len > text.len - at) return 0;
  return js_equal((js_str){ text.ptr + at, word.len }, word);
}

/* Where `word` stands in `text`, at `from` or behind it; JS_NONE where it does not. */
JS_API size_t js_find(js_str text, js_str word, size_t from) {
  for (size_t at = from; at <= text.len && word.len <= text.len - at; at++)
    if (js_at(text, at, word)) return at;
  return JS_NONE;
}

/* The pieces one behind the other. */
JS_API js_str js_join(const js_str *pieces, size_t count) {
  size_t len = 0, at = 0;
  for (size_t piece = 0; piece < count; piece++) len += pieces[piece].len;
  char *out = js_grab(len);
  for (size_t piece = 0; piece < count; piece++) {
    js_copy(out + at, pieces[piece].ptr, pieces[piece].len);
    at += pieces[piece].len;
  }
  return (js_str){ out, len };
}

JS_API js_str js_decimal(uint64_t number) {
  char *out = js_grab(24);
  size_t at = 24;
  do out[--at] = (char)('0' + number % 10); while (number /= 10);
  return (js_str){ out + at, 24 - at };
}

/* ---- what a stage answers ---- */

/* Makes room for one element more behind `len` of them. */
JS_API void *js_room(void *array, size_t len, size_t size) {
  if (len != 0 && (len < 8 || (len & (len - 1)) != 0)) return array;
  void *larger = js_grab((len ? 2 * len : 8) * size);
  if (len != 0) js_copy(larger, array, len * size);
  return larger;
}

/* Puts `text` in the place of what lies between `start` and `end`. The stage must give JS_TEXT. */
JS_API void js_edit_text(js_reply *reply, size_t start, size_t end, js_str text) {
  reply->edits.ptr = js_room(reply->edits.ptr, reply->edits.len, sizeof *reply->edits.ptr);
  reply->edits.ptr[reply->edits.len++] = (js_edit){ start, end, text };
}

/* Adds an entity, and returns it for `norm`, `link` and `score`. The stage must give JS_ENTITIES. */
JS_API js_new_entity *js_add_entity(js_reply *reply, size_t start, size_t end, int label) {
  reply->entities.ptr = js_room(reply->entities.ptr, reply->entities.len, sizeof *reply->entities.ptr);
  js_new_entity *entity = &reply->entities.ptr[reply->entities.len++];
  *entity = (js_new_entity){ start, end, (uint8_t)label, { 0, 0 }, { 0, 0 }, 1.0f };
  return entity;
}

/* Says `json` in `extra` of the record, under the stage's id. */
JS_API void js_set_extra(js_reply *reply, js_str json) {
  reply->extra.some = 1;
  reply->extra.value = json;
}

/* Drops the document on purpose. */
JS_API void js_drop(js_reply *reply, js_str reason) {
  reply->verdict.tag = JS_DROP;
  reply->verdict.of.drop = reason;
}

/* Gives the document up: JS_FAIL_DOCUMENT, JS_FAIL_TRANSIENT, JS_FAIL_FATAL. */
JS_API void js_fail(js_reply *reply, int fail_class, js_str reason) {
  reply->verdict.tag = JS_FAIL;
  reply->verdict.of.fail.fail_class = (uint8_t)fail_class;
  reply->verdict.of.fail.reason = reason;
}

/* ---- JSON, for settings ----
 *
 * A value is the piece of text that it is written as: `settings` is an object. Steps through what is well
 * formed, as all is that Jadwal hands over; of anything else it finds less, and never reads past the end. */

JS_API size_t js_json_space(js_str json, size_t at) {
  while (at < json.len && (json.ptr[at] == ' ' || json.ptr[at] == '\n' || json.ptr[at] == '\r' || json.ptr[at] == '\t')) at++;
  return at;
}

/* The end of the string whose first quote lies at `at`. */
JS_API size_t js_json_string_end(js_str json, size_t at) {
  for (at++; at < json.len && json.ptr[at] != '"'; at++)
    if (json.ptr[at] == '\\') at++;
  return at < json.len ? at + 1 : json.len;
}

/* The end of the value that begins at `at`. */
JS_API size_t js_json_end(js_str json, size_t at) {
  size_t depth = 0;
  while (at < json.len) {
    char byte = json.ptr[at];
    if (byte == '"') {
      at = js_json_string_end(json, at);
      if (depth == 0) return at;
    } else if (byte == '{' || byte == '[') {
      depth++;
      at++;
    } else if (byte == '}' || byte == ']') {
      if (depth == 0) return at;
      at++;
      if (--depth == 0) return at;
    } else if (depth == 0 && (byte == ',' || js_json_space(json, at) != at)) {
      return at;
    } else {
      at++;
    }
  }
  return at;
}

/* What lies between the brackets of an object or an array, for `js_json_next`; of another value nothing. */
JS_API js_str js_json_inside(js_str value) {
  if (value.len < 2 || (value.ptr[0] != '{' && value.ptr[0] != '[')) return (js_str){ value.ptr, 0 };
  return (js_str){ value.ptr + 1, value.len - 2 };
}

/* Takes the next element of an array (`key` is NULL) or the next field of an object; 0 where there is none. */
JS_API int js_json_next(js_str *inside, js_str *key, js_str *value) {
  js_str json = *inside;
  size_t at = js_json_space(json, 0), end;
  if (key) {
    end = js_json_end(json, at);
    if (end < at + 2) return 0;
    *key = (js_str){ json.ptr + at + 1, end - at - 2 };
    at = js_json_space(json, end);
    if (at < json.len && json.ptr[at] == ':') at++;
    at = js_json_space(json, at);
  }
  end = js_json_end(json, at);
  if (end == at) return 0;
  *value = (js_str){ json.ptr + at, end - at };
  at = js_json_space(json, end);
  if (at < json.len && json.ptr[at] == ',') at++;
  *inside = (js_str){ json.ptr + at, json.len - at };
  return 1;
}

JS_API int js_json_is_string(js_str value) { return value.len >= 2 && value.ptr[0] == '"'; }
JS_API int js_json_is_array(js_str value) { return value.len >= 2 && value.ptr[0] == '['; }

JS_API uint32_t js_json_hex(const char *digits) {
  uint32_t code = 0;
  for (int place = 0; place < 4; place++) {
    char digit = digits[place];
    uint32_t letter = (uint32_t)((digit | 32) - 'a') + 10;
    code = code << 4 | ((digit >= '0' && digit <= '9' ? (uint32_t)(digit - '0') : letter) & 15);
  }
  return code;
}

JS_API char *js_utf8(char *out, uint32_t code) {
  if (code < 0x80) {
    *out++ = (char)code;
    return out;
  }
  if (code < 0x800) {
    *out++ = (char)(0xC0 | code >> 6);
  } else {
    if (code < 0x10000) {
      *out++ = (char)(0xE0 | code >> 12);
    } else {
      *out++ = (char)(0xF0 | code >> 18);
      *out++ = (char)(0x80 | (code >> 12 & 63));
    }
    *out++ = (char)(0x80 | (code >> 6 & 63));
  }
  *out++ = (char)(0x80 | (code & 63));
  return out;
}

/* The text of a JSON string; empty for another value. It may point into `value`. */
JS_API js_str js_json_string(js_str value) {
  if (!js_json_is_string(value)) return (js_str){ value.ptr, 0 };
  const char *in = value.ptr + 1, *end = value.ptr + value.len - 1;
  const char *escape = in;
  while (escape < end && *escape != '\\') escape++;
  if (escape == end) return (js_str){ in, (size_t)(end - in) };
  /* What an escape stands for is never longer than the escape. */
  char *text = js_grab(value.len), *out = text;
  while (in < end) {
    char byte = *in++;
    if (byte != '\\' || in == end) {
      *out++ = byte;
      continue;
    }
    switch (byte = *in++) {
      case 'b': *out++ = '\b'; break;
      case 'f': *out++ = '\f'; break;
      case 'n': *out++ = '\n'; break;
      case 'r': *out++ = '\r'; break;
      case 't': *out++ = '\t'; break;
      case 'u': {
        if (end - in < 4) return (js_str){ text, (size_t)(out - text) };
        uint32_t code = js_json_hex(in);
        in += 4;
        if (code >> 10 == 0x36 && end - in >= 6 && in[0] == '\\' && in[1] == 'u') {
          code = 0x10000 + ((code & 0x3FF) << 10) + (js_json_hex(in + 2) & 0x3FF);
          in += 6;
        }
        out = js_utf8(out, code);
        break;
      }
      default: *out++ = byte;
    }
  }
  return (js_str){ text, (size_t)(out - text) };
}

/* `text` as a JSON string, for `extra`. */
JS_API js_str js_json_quote(js_str text) {
  char *json = js_grab(6 * text.len + 2), *out = json;
  *out++ = '"';
  for (size_t at = 0; at < text.len; at++) {
    unsigned char byte = (unsigned char)text.ptr[at];
    if (byte == '"' || byte == '\\') {
      *out++ = '\\';
      *out++ = (char)byte;
    } else if (byte < 0x20) {
      js_copy(out, "\\u00", 4);
      out[4] = (char)('0' + (byte >> 4));
      out[5] = "0123456789abcdef"[byte & 15];
      out += 6;
    } else {
      *out++ = (char)byte;
    }
  }
  *out++ = '"';
  return (js_str){ json, (size_t)(out - json) };
}

#ifdef __wasm__
#include "jadwal_component.h"
#else
#include "jadwal_process.h"
#endif

#endif
