/* Says in `extra` what it was shown: the reading half of the SDK. */

#include "../../../../sdk/c/jadwal_stage.h"

static void stage_declare(js_declaration *d) {
  static const uint8_t sees[] = { JS_SEE_BLOCKS, JS_SEE_SEGMENTS, JS_SEE_ENTITIES, JS_SEE_EXTRA, JS_SEE_RAW };
  d->name = JS_STR("mirror");
  d->version = JS_STR("1");
  d->sees = (js_bytes){ sees, 5 };
}

static int stage_configure(js_str settings, js_str *error) {
  (void)settings;
  (void)error;
  return 0;
}

static js_str json[200];
static size_t pieces;

static void say(js_str piece) { json[pieces++] = piece; }

static void say_text(js_str text) {
  say(js_json_quote(text));
  say(JS_STR(","));
}

static void say_number(uint64_t number) {
  say(js_decimal(number));
  say(JS_STR(","));
}

static void stage_process(const js_document *doc, js_reply *reply) {
  pieces = 0;
  say(JS_STR("["));
  say_text(doc->path);
  say_text(doc->text);
  say_text(doc->title);
  say_text((js_str){ (const char *)doc->raw.ptr, doc->raw.len });
  if (doc->language.some) say_text(doc->language.value.tag);
  for (size_t at = 0; at < doc->blocks.len; at++) {
    say_number(doc->blocks.ptr[at].kind);
    say_number(doc->blocks.ptr[at].end);
  }
  for (size_t at = 0; at < doc->segments.len; at++) {
    say_text(doc->segments.ptr[at].language.script);
    say_number(doc->segments.ptr[at].end);
  }
  for (size_t at = 0; at < doc->entities.len; at++) {
    const js_entity *entity = &doc->entities.ptr[at];
    say_number(entity->start);
    say_number(entity->end);
    say_number(entity->label);
    say_text(entity->link);
    say_number(entity->mention_of.some ? entity->mention_of.value : 99);
    say_number((uint64_t)(entity->score * 100.0f + 0.5f));
  }
  say(doc->extra.len ? doc->extra : JS_STR("null"));
  say(JS_STR("]"));
  js_set_extra(reply, js_join(json, pieces));
}
