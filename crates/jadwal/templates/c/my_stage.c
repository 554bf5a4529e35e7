/* my_stage: tags words of a list, and counts them in `extra`.
 *
 *     cc -O2 -o my_stage my_stage.c                             builds it
 *     cc -o test_my_stage test_my_stage.c && ./test_my_stage    its own test
 *     jadwal test-stage my_stage                                the test that every stage must pass
 *     jadwal batch                                              the pipeline with it
 */
#include "jadwal_stage.h"

static js_str *words;
static size_t word_count;

static void stage_declare(js_declaration *d) {
  static const uint8_t gives[] = { JS_ENTITIES };
  d->name = JS_STR("my_stage");
  d->version = JS_STR("0.1.0");
  d->gives = (js_bytes){ gives, 1 };
  d->settings = JS_STR("{\"type\":\"object\",\"properties\":{\"words\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},"
                       "\"default\":[\"ميناء\",\"harbour\"],\"description\":\"The words to tag.\"}},"
                       "\"additionalProperties\":false}");
}

static int stage_configure(js_str settings, js_str *error) {
  js_str inside = js_json_inside(settings), key, value, list = JS_STR("[\"ميناء\",\"harbour\"]"), word;
  while (js_json_next(&inside, &key, &value)) {
    if (!js_equal(key, JS_STR("words"))) {
      js_str pieces[] = { JS_STR("unknown option `"), key, JS_STR("`; the known one is `words`") };
      *error = js_join(pieces, 3);
      return 1;
    }
    if (!js_json_is_array(value)) {
      *error = JS_STR("the option `words` is no list");
      return 1;
    }
    list = value;
  }
  words = js_alloc(list.len * sizeof *words);
  word_count = 0;
  for (inside = js_json_inside(list); js_json_next(&inside, NULL, &value);) {
    word = js_json_string(value);
    if (word.len == 0) {
      *error = JS_STR("a word of `words` is empty, or no text");
      return 1;
    }
    /* The settings are gone when this function ends. */
    words[word_count++] = js_join(&word, 1);
  }
  return 0;
}

/* The longest word that stands at `at`; empty for none. */
static js_str word_at(js_str text, size_t at) {
  js_str longest = JS_STR("");
  for (size_t index = 0; index < word_count; index++)
    if (words[index].len > longest.len && js_at(text, at, words[index])) longest = words[index];
  return longest;
}

static void stage_process(const js_document *doc, js_reply *reply) {
  for (size_t at = 0; at < doc->text.len;) {
    js_str word = word_at(doc->text, at);
    if (word.len) js_add_entity(reply, at, at + word.len, JS_MISC)->norm = word;
    at += word.len ? word.len : 1;
  }
  js_str pieces[] = { JS_STR("{\"found\":"), js_decimal(reply->entities.len), JS_STR("}") };
  js_set_extra(reply, js_join(pieces, 3));
}
