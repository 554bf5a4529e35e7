#define JADWAL_STAGE_TEST
#include "my_stage.c"

#undef NDEBUG
#include <assert.h>

static void tags_the_words_of_the_list(void) {
  js_reply reply = js_offer("🙂 قرب ميناء", "{\"words\": [\"ميناء\"]}");
  assert(reply.entities.len == 1);
  assert(reply.entities.ptr[0].start == 12 && reply.entities.ptr[0].end == 22);
  assert(js_equal(reply.extra.value, JS_STR("{\"found\":1}")));
}

static void without_words_nothing_is_found(void) {
  js_reply reply = js_offer("harbour", "{\"words\": []}");
  assert(reply.entities.len == 0);
}

static void mistyped_options_are_refused(void) {
  assert(js_refuses("{\"wrods\": []}"));
  assert(js_refuses("{\"words\": \"harbour\"}"));
}

int main(void) {
  tags_the_words_of_the_list();
  without_words_nothing_is_found();
  mistyped_options_are_refused();
  puts("3 tests passed");
  return 0;
}
