/* Marks a word and cuts emoji; prints, which must do no harm. */

#include "../../../../sdk/c/jadwal_stage.h"

static js_str word;

static void stage_declare(js_declaration *d) {
  static const uint8_t gives[] = { JS_TEXT, JS_ENTITIES };
  d->name = JS_STR("tagger");
  d->version = JS_STR("1");
  d->gives = (js_bytes){ gives, 2 };
}

static int stage_configure(js_str settings, js_str *error) {
  js_str inside = js_json_inside(settings), key, value;
  word = JS_STR("قطر");
  while (js_json_next(&inside, &key, &value)) {
    if (!js_equal(key, JS_STR("word"))) {
      js_str pieces[] = { JS_STR("unknown option `"), key, JS_STR("`; the known ones are `word`") };
      *error = js_join(pieces, 3);
      return 1;
    }
    word = js_json_string(value);
    word = js_join(&word, 1);
  }
  return 0;
}

static void stage_process(const js_document *doc, js_reply *reply) {
  printf("working on %.*s\n", (int)doc->id.len, doc->id.ptr);
  for (size_t at = 0; (at = js_find(doc->text, word, at)) != JS_NONE; at += word.len)
    js_add_entity(reply, at, at + word.len, JS_LOC);
  for (size_t at = 0; at < doc->text.len; at++)
    if (js_at(doc->text, at, JS_STR("🙂")) || js_at(doc->text, at, JS_STR("👩")))
      js_edit_text(reply, at, at + 4, JS_STR(""));
  js_str pieces[] = { JS_STR("{\"length\":"), js_decimal(doc->text.len), JS_STR("}") };
  js_set_extra(reply, js_join(pieces, 3));
}
