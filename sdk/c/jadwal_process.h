/* The part of jadwal_stage.h that makes a process of a stage (docs/process-protocol.md); don't include it
 * yourself. Needs a POSIX system. What the stage prints goes to standard error, and so to Jadwal's log.
 */
#ifndef JADWAL_PROCESS_H
#define JADWAL_PROCESS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void js_die(const char *why) {
  fprintf(stderr, "%s\n", why);
  exit(1);
}

JS_API void js_log(int level, js_str line) {
  static const char *const names[] = { "debug", "info", "warn", "error" };
  fprintf(stderr, "%s: %.*s\n", names[level & 3], (int)line.len, line.ptr);
}

/* ---- memory: blocks in a chain, of which a document takes as many as it needs ---- */

typedef struct js_block_of_memory {
  struct js_block_of_memory *before;
  size_t size, used;
  char memory[];
} js_block_of_memory;

static js_block_of_memory *js_blocks;

static void *js_grab(size_t size) {
  if (size > (size_t)-1 / 4) js_die("out of memory");
  size = (size + 7) & ~(size_t)7;
  if (!js_blocks || js_blocks->size - js_blocks->used < size) {
    size_t want = size > 65536 ? size : 65536;
    js_block_of_memory *fresh = malloc(sizeof *fresh + want);
    if (!fresh) js_die("out of memory");
    *fresh = (js_block_of_memory){ js_blocks, want, 0 };
    js_blocks = fresh;
  }
  void *at = js_blocks->memory + js_blocks->used;
  js_blocks->used += size;
  return at;
}

/* Takes back what was given since `kept` was the last block, with `used` bytes of it taken. */
static void js_take_back(js_block_of_memory *kept, size_t used) {
  while (js_blocks != kept) {
    js_block_of_memory *before = js_blocks->before;
    free(js_blocks);
    js_blocks = before;
  }
  if (kept) kept->used = used;
}

/* ---- writing ---- */

typedef struct { char *ptr; size_t len, room; } js_buffer;

static void js_put(js_buffer *to, const char *from, size_t len) {
  if (to->room - to->len < len) {
    to->room = 2 * to->room + len + 4096;
    to->ptr = realloc(to->ptr, to->room);
    if (!to->ptr) js_die("out of memory");
  }
  memcpy(to->ptr + to->len, from, len);
  to->len += len;
}

static void js_put_text(js_buffer *to, const char *text) { js_put(to, text, strlen(text)); }

static void js_put_number(js_buffer *to, uint64_t number) {
  js_str digits = js_decimal(number);
  js_put(to, digits.ptr, digits.len);
}

static void js_put_quoted(js_buffer *to, js_str text) {
  js_str json = js_json_quote(text);
  js_put(to, json.ptr, json.len);
}

static void js_put_names(js_buffer *to, js_bytes numbers, const char *const *names, size_t known) {
  js_put_text(to, "[");
  for (size_t at = 0; at < numbers.len; at++) {
    if (numbers.ptr[at] >= known) js_die("the declaration names what is not known");
    js_put_text(to, at ? ",\"" : "\"");
    js_put_text(to, names[numbers.ptr[at]]);
    js_put_text(to, "\"");
  }
  js_put_text(to, "]");
}

static const char *const JS_FACTS[] = { "text", "duplicate", "language", "entities" };
static const char *const JS_PARTS[] = { "blocks", "segments", "entities", "extra", "raw" };
static const char *const JS_UNITS[] = { "bytes", "code_points", "utf16" };
static const char *const JS_KINDS[] = { "title", "heading", "paragraph", "list", "table", "quote" };
static const char *const JS_CLASSES[] = { "document", "transient", "fatal" };
static const char *const JS_LABELS[] = { "PER", "LOC", "ORG", "MISC", "EVENT", "DATE", "TIME", "MONEY", "PERCENT",
                                         "QUANTITY", "URL", "EMAIL", "PHONE" };

JS_API void js_put_ready(js_buffer *to, const js_declaration *d) {
  js_put_text(to, "{\"ready\":{\"protocol\":1,\"stage\":{\"name\":");
  js_put_quoted(to, d->name);
  js_put_text(to, ",\"version\":");
  js_put_quoted(to, d->version);
  js_put_text(to, ",\"unit\":\"");
  js_put_text(to, JS_UNITS[d->unit % 3]);
  js_put_text(to, "\",\"needs\":");
  js_put_names(to, d->needs, JS_FACTS, 4);
  js_put_text(to, ",\"gives\":");
  js_put_names(to, d->gives, JS_FACTS, 4);
  js_put_text(to, ",\"sees\":");
  js_put_names(to, d->sees, JS_PARTS, 5);
  js_put_text(to, ",\"options\":");
  js_put(to, d->settings.len ? d->settings.ptr : "null", d->settings.len ? d->settings.len : 4);
  js_put_text(to, "}}}");
}

static void js_put_verdict(js_buffer *to, const js_reply *reply) {
  if (reply->verdict.tag == JS_DROP) {
    js_put_text(to, "\"verdict\":{\"drop\":{\"reason\":");
    js_put_quoted(to, reply->verdict.of.drop);
  } else {
    js_put_text(to, "\"verdict\":{\"fail\":{\"class\":\"");
    js_put_text(to, JS_CLASSES[reply->verdict.of.fail.fail_class % 3]);
    js_put_text(to, "\",\"reason\":");
    js_put_quoted(to, reply->verdict.of.fail.reason);
  }
  js_put_text(to, "}}");
}

static void js_put_range(js_buffer *to, uint64_t start, uint64_t end) {
  js_put_text(to, "{\"start\":");
  js_put_number(to, start);
  js_put_text(to, ",\"end\":");
  js_put_number(to, end);
}

static void js_put_entity(js_buffer *to, const js_new_entity *entity) {
  char score[48];
  js_put_range(to, entity->start, entity->end);
  js_put_text(to, ",\"label\":\"");
  js_put_text(to, entity->label < 13 ? JS_LABELS[entity->label] : "");
  js_put_text(to, "\"");
  if (entity->norm.len) {
    js_put_text(to, ",\"norm\":");
    js_put_quoted(to, entity->norm);
  }
  if (entity->link.len) {
    js_put_text(to, ",\"link\":");
    js_put_quoted(to, entity->link);
  }
  /* What is no number has no form in JSON; it is refused as what it is not: between 0 and 1. */
  double sure = entity->score >= 0.0f && entity->score <= 1.0f ? (double)entity->score : -1.0;
  snprintf(score, sizeof score, ",\"score\":%.9g}", sure);
  js_put_text(to, entity->score == 1.0f ? "}" : score);
}

JS_API void js_put_reply(js_buffer *to, const js_reply *reply) {
  if (reply->verdict.tag != JS_PASS) {
    js_put_text(to, "{");
    js_put_verdict(to, reply);
    js_put_text(to, "}");
    return;
  }
  js_put_text(to, "{\"edits\":[");
  for (size_t at = 0; at < reply->edits.len; at++) {
    if (at) js_put_text(to, ",");
    js_put_range(to, reply->edits.ptr[at].start, reply->edits.ptr[at].end);
    js_put_text(to, ",\"text\":");
    js_put_quoted(to, reply->edits.ptr[at].text);
    js_put_text(to, "}");
  }
  js_put_text(to, "],\"entities\":[");
  for (size_t at = 0; at < reply->entities.len; at++) {
    if (at) js_put_text(to, ",");
    js_put_entity(to, &reply->entities.ptr[at]);
  }
  js_put_text(to, "]");
  if (reply->extra.some) {
    js_put_text(to, ",\"extra\":");
    js_put(to, reply->extra.value.ptr, reply->extra.value.len);
  }
  js_put_text(to, "}");
}

/* ---- reading ---- */

static js_str js_text_of(const char *text) { return (js_str){ text, strlen(text) }; }

static int js_key(js_str key, const char *name) { return js_equal(key, js_text_of(name)); }

/* Messages end with a zero byte, so a number at their end is no trouble. */
static uint64_t js_number(js_str value) { return strtoull(value.ptr, NULL, 10); }

static size_t js_index(js_str value, const char *const *names, size_t known) {
  js_str name = js_json_string(value);
  for (size_t at = 0; at < known; at++)
    if (js_key(name, names[at])) return at;
  return 0;
}

static js_language js_read_language(js_str value) {
  js_language language = { { "", 0 }, { "", 0 }, 0 };
  js_str inside = js_json_inside(value), key, field;
  while (js_json_next(&inside, &key, &field)) {
    if (js_key(key, "tag")) language.tag = js_json_string(field);
    if (js_key(key, "script")) language.script = js_json_string(field);
    if (js_key(key, "score")) language.score = strtof(field.ptr, NULL);
  }
  return language;
}

static size_t js_count(js_str array) {
  js_str inside = js_json_inside(array), element;
  size_t count = 0;
  while (js_json_next(&inside, NULL, &element)) count++;
  return count;
}

static void js_read_blocks(js_str array, js_document *doc) {
  js_block *blocks = js_alloc(js_count(array) * sizeof *blocks);
  js_str inside = js_json_inside(array), element, key, field;
  doc->blocks.ptr = blocks;
  for (; js_json_next(&inside, NULL, &element); doc->blocks.len++, blocks++) {
    js_str block = js_json_inside(element);
    while (js_json_next(&block, &key, &field)) {
      if (js_key(key, "kind")) blocks->kind = (uint8_t)js_index(field, JS_KINDS, 6);
      if (js_key(key, "start")) blocks->start = js_number(field);
      if (js_key(key, "end")) blocks->end = js_number(field);
    }
  }
}

static void js_read_segments(js_str array, js_document *doc) {
  js_segment *segments = js_alloc(js_count(array) * sizeof *segments);
  js_str inside = js_json_inside(array), element, key, field;
  doc->segments.ptr = segments;
  for (; js_json_next(&inside, NULL, &element); doc->segments.len++, segments++) {
    js_str segment = js_json_inside(element);
    while (js_json_next(&segment, &key, &field)) {
      if (js_key(key, "start")) segments->start = js_number(field);
      if (js_key(key, "end")) segments->end = js_number(field);
      if (js_key(key, "language")) segments->language = js_read_language(field);
    }
  }
}

static void js_read_entities(js_str array, js_document *doc) {
  js_entity *entities = js_alloc(js_count(array) * sizeof *entities);
  js_str inside = js_json_inside(array), element, key, field;
  doc->entities.ptr = entities;
  for (; js_json_next(&inside, NULL, &element); doc->entities.len++, entities++) {
    js_str entity = js_json_inside(element);
    while (js_json_next(&entity, &key, &field)) {
      if (js_key(key, "start")) entities->start = js_number(field);
      if (js_key(key, "end")) entities->end = js_number(field);
      if (js_key(key, "label")) entities->label = (uint8_t)js_index(field, JS_LABELS, 13);
      if (js_key(key, "norm")) entities->norm = js_json_string(field);
      if (js_key(key, "link")) entities->link = js_json_string(field);
      if (js_key(key, "score")) entities->score = strtof(field.ptr, NULL);
      if (js_key(key, "mention_of") && field.ptr[0] != 'n') {
        entities->mention_of.some = 1;
        entities->mention_of.value = (uint32_t)js_number(field);
      }
    }
  }
}

/* Base64, as Jadwal writes it. */
static js_bytes js_read_raw(js_str value) {
  js_str text = js_json_string(value);
  uint8_t *out = js_grab(text.len / 4 * 3 + 3), *end = out;
  uint32_t group = 0;
  int bits = 0;
  for (size_t at = 0; at < text.len && text.ptr[at] != '='; at++) {
    char c = text.ptr[at];
    uint32_t six = c == '+' ? 62 : c == '/' ? 63 : c >= 'a' ? (uint32_t)(c - 'a' + 26)
                 : c >= 'A' ? (uint32_t)(c - 'A') : (uint32_t)(c - '0' + 52);
    group = group << 6 | (six & 63);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      *end++ = (uint8_t)(group >> bits);
    }
  }
  return (js_bytes){ out, (size_t)(end - out) };
}

JS_API js_document js_read_document(js_str json) {
  js_document doc;
  js_str inside = js_json_inside(json), key, value;
  memset(&doc, 0, sizeof doc);
  while (js_json_next(&inside, &key, &value)) {
    struct { const char *name; js_str *to; } const texts[] = {
      { "id", &doc.id }, { "path", &doc.path }, { "text", &doc.text }, { "title", &doc.title },
      { "byline", &doc.byline }, { "url", &doc.url }, { "created", &doc.created },
      { "duplicate_of", &doc.duplicate_of }, { "fields", &doc.fields },
    };
    for (size_t at = 0; at < sizeof texts / sizeof *texts; at++)
      if (js_key(key, texts[at].name)) *texts[at].to = js_json_string(value);
    if (js_key(key, "language") && value.ptr[0] == '{') {
      doc.language.some = 1;
      doc.language.value = js_read_language(value);
    }
    if (js_key(key, "blocks")) js_read_blocks(value, &doc);
    if (js_key(key, "segments")) js_read_segments(value, &doc);
    if (js_key(key, "entities")) js_read_entities(value, &doc);
    if (js_key(key, "extra")) doc.extra = value;
    if (js_key(key, "raw")) doc.raw = js_read_raw(value);
  }
  return doc;
}

/* ---- the stage at work ---- */

/* Takes the settings, an object, or says why not. What is given out meanwhile stays. */
static int js_start(js_str settings, js_str *why) {
  if (js_blocks) js_take_back(NULL, 0);
  *why = JS_STR("no reason given");
  return stage_configure(settings, why);
}

#ifdef JADWAL_STAGE_TEST

/* Returns what the stage replies to a document, for tests; ends the test where it refuses the settings.
 * What it points to is good until the next call. */
JS_API js_reply js_offer(const char *text, const char *settings) {
  js_str why;
  js_reply reply;
  js_document doc;
  memset(&reply, 0, sizeof reply);
  memset(&doc, 0, sizeof doc);
  if (js_start(js_text_of(settings), &why)) {
    js_log(JS_ERROR, why);
    js_die("the stage refused its settings");
  }
  doc.text = js_text_of(text);
  stage_process(&doc, &reply);
  return reply;
}

/* Whether the stage refuses these settings. */
JS_API int js_refuses(const char *settings) {
  js_str why;
  return js_start(js_text_of(settings), &why);
}

#else

static void js_hello(js_str hello, js_buffer *answer) {
  js_str settings = JS_STR("{}"), why, key, value;
  while (js_json_next(&hello, &key, &value))
    if (js_key(key, "options")) settings = value;
  if (js_start(settings, &why)) {
    js_put_text(answer, "{\"refused\":{\"reason\":");
    js_put_quoted(answer, why);
    js_put_text(answer, "}}");
    return;
  }
  js_declaration declaration;
  memset(&declaration, 0, sizeof declaration);
  stage_declare(&declaration);
  js_put_ready(answer, &declaration);
}

static void js_batch(js_str batch, js_buffer *answer) {
  js_str documents = JS_STR("[]"), number = JS_STR("0"), key, value;
  while (js_json_next(&batch, &key, &value)) {
    if (js_key(key, "number")) number = value;
    if (js_key(key, "documents")) documents = js_json_inside(value);
  }
  js_put_text(answer, "{\"replies\":{\"number\":");
  js_put(answer, number.ptr, number.len);
  js_put_text(answer, ",\"replies\":[");
  for (int first = 1; js_json_next(&documents, NULL, &value); first = 0) {
    js_block_of_memory *kept = js_blocks;
    size_t used = kept ? kept->used : 0;
    js_document doc = js_read_document(value);
    js_reply reply;
    memset(&reply, 0, sizeof reply);
    stage_process(&doc, &reply);
    if (!first) js_put_text(answer, ",");
    js_put_reply(answer, &reply);
    js_take_back(kept, used);
  }
  js_put_text(answer, "]}}");
}

static void js_write_all(int to, const char *bytes, size_t len) {
  while (len > 0) {
    ssize_t written = write(to, bytes, len);
    if (written <= 0) js_die("standard output is closed");
    bytes += written;
    len -= (size_t)written;
  }
}

int main(void) {
  /* Whatever is printed must not get between the frames. */
  int sink = dup(1);
  if (sink < 0 || dup2(2, 1) < 0) js_die("standard output is closed");
  js_buffer message = { NULL, 0, 0 }, answer = { NULL, 0, 0 };
  unsigned char header[4];
  /* At the end of the input there is nothing more to do. */
  while (fread(header, 1, 4, stdin) == 4) {
    size_t len = (size_t)header[0] << 24 | (size_t)header[1] << 16 | (size_t)header[2] << 8 | header[3];
    if (message.room < len + 1) {
      message.ptr = realloc(message.ptr, message.room = len + 1);
      if (!message.ptr) js_die("out of memory");
    }
    if (fread(message.ptr, 1, len, stdin) != len) return 0;
    message.ptr[len] = 0;
    js_str inside = js_json_inside((js_str){ message.ptr, len }), key, value;
    answer.len = 0;
    js_put(&answer, "\0\0\0\0", 4);
    if (!js_json_next(&inside, &key, &value)) js_die("a message is not understood");
    if (js_key(key, "hello")) js_hello(js_json_inside(value), &answer);
    if (js_key(key, "batch")) js_batch(js_json_inside(value), &answer);
    if (answer.len == 4) continue;
    for (int byte = 0; byte < 4; byte++) answer.ptr[byte] = (char)((answer.len - 4) >> (24 - 8 * byte));
    js_write_all(sink, answer.ptr, answer.len);
  }
  return 0;
}

#endif
#endif
