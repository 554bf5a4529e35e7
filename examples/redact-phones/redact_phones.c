/* Takes telephone numbers out of the text: each becomes `[phone]`, and `extra` says how many.
 *
 * Taken for one: `+` or `00` and 8 to 15 digits; `0` and 8 to 10 more digits; eight digits in two groups
 * of four. Digits may be Western, Arabic (٠-٩) or Persian (۰-۹); between two there may be one space, dot,
 * hyphen or slash, or a bracket. A number that touches a letter or another number is none.
 */
#include "../../sdk/c/jadwal_stage.h"

static const js_str REDACTED = { "[phone]", 7 };

static void stage_declare(js_declaration *d) {
  static const uint8_t gives[] = { JS_TEXT };
  d->name = JS_STR("redact-phones");
  d->version = JS_STR("1.0.0");
  d->gives = (js_bytes){ gives, 1 };
}

static int stage_configure(js_str settings, js_str *error) {
  if (settings.len == 2) return 0; /* {} */
  *error = JS_STR("redact-phones has no settings");
  return 1;
}

/* Length of the digit at `at` in bytes, 0 for none. */
static size_t digit(js_str text, size_t at) {
  if (at >= text.len) return 0;
  unsigned char first = text.ptr[at];
  if (first >= '0' && first <= '9') return 1;
  if (at + 1 >= text.len) return 0;
  unsigned char second = text.ptr[at + 1];
  if (first == 0xD9 && second >= 0xA0 && second <= 0xA9) return 2;
  if (first == 0xDB && second >= 0xB0 && second <= 0xB9) return 2;
  return 0;
}

static int value(js_str text, size_t at, size_t len) {
  unsigned char last = text.ptr[at + len - 1];
  return len == 1 ? last - '0' : last & 0x0F;
}

/* Letters of any script but punctuation of Latin and Arabic; good enough to see that a number goes on. */
static int letter(js_str text, size_t at) {
  unsigned char first = text.ptr[at];
  if ((first | 32) >= 'a' && (first | 32) <= 'z') return 1;
  if (first < 0xC3) return 0;
  unsigned char second = at + 1 < text.len ? (unsigned char)text.ptr[at + 1] : 0;
  if (first == 0xD8 && (second == 0x8C || second == 0x9B || second == 0x9F)) return 0; /* ، ؛ ؟ */
  return first < 0xE2;
}

static int separator(char byte) {
  return byte == ' ' || byte == '.' || byte == '-' || byte == '/' || byte == '(' || byte == ')';
}

/* What lies before `at` ends a word: no letter, digit or part of one. */
static int free_before(js_str text, size_t at) {
  if (at == 0) return 1;
  unsigned char before = text.ptr[at - 1];
  if (before < 0x80) {
    if (before == '.' || before == ',' || before == '/' || before == '-' || before == '+')
      return at < 2 || !digit(text, at - 2);
    return !digit(text, at - 1) && !letter(text, at - 1);
  }
  size_t start = at - 1;
  while (start > 0 && ((unsigned char)text.ptr[start] & 0xC0) == 0x80) start--;
  return !digit(text, start) && !letter(text, start);
}

/* End of the number that begins at `start`, or 0. */
static size_t number(js_str text, size_t start) {
  size_t at = start, end = 0;
  int digits = 0, first = -1, second = -1, group = 0, groups_of_four = 1, groups = 0, plus = 0;
  if (text.ptr[at] == '+') { plus = 1; at++; }
  if (!plus && text.ptr[at] == '(') at++;
  while (at < text.len) {
    size_t len = digit(text, at);
    if (!len) break;
    if (digits == 0) first = value(text, at, len);
    if (digits == 1) second = value(text, at, len);
    /* Too long for a number; and no number is looked at for longer than this. */
    if (++digits > 17) return 0;
    group++;
    at += len;
    end = at;
    size_t skip = at;
    while (skip < text.len && skip - at < 2 && separator(text.ptr[skip])) skip++;
    if (skip > at && digit(text, skip)) {
      groups++;
      groups_of_four &= group == 4;
      group = 0;
      at = skip;
    }
  }
  if (end == 0 || digit(text, end) || (end < text.len && letter(text, end))) return 0;
  int international = plus || (first == 0 && second == 0);
  int count = digits - (!plus && international ? 2 : 0);
  if (international) return count >= 8 && count <= 15 ? end : 0;
  if (first == 0) return digits >= 9 && digits <= 11 ? end : 0;
  return digits == 8 && groups == 1 && groups_of_four && group == 4 ? end : 0;
}

/* Bytes that a number may begin with. */
static const unsigned char BEGINS[256] = {
  ['('] = 1, ['+'] = 1, ['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1, ['6'] = 1, ['7'] = 1,
  ['8'] = 1, ['9'] = 1, [0xD9] = 1, [0xDB] = 1,
};

/* The next place, at `at` or behind it, where a number may begin. */
static size_t next_begin(js_str text, size_t at) {
  const unsigned char *bytes = (const unsigned char *)text.ptr;
  /* By eights: each turn of a loop costs a look at the sandbox's clock. */
  for (; text.len - at >= 8; at += 8) {
    const unsigned char *eight = bytes + at;
    if (BEGINS[eight[0]] | BEGINS[eight[1]] | BEGINS[eight[2]] | BEGINS[eight[3]] | BEGINS[eight[4]] |
        BEGINS[eight[5]] | BEGINS[eight[6]] | BEGINS[eight[7]]) break;
  }
  while (at < text.len && !BEGINS[bytes[at]]) at++;
  return at;
}

static void stage_process(const js_document *doc, js_reply *reply) {
  js_str text = doc->text;
  for (size_t at = 0; (at = next_begin(text, at)) < text.len;) {
    size_t end = 0;
    char byte = text.ptr[at];
    size_t len = digit(text, at);
    if ((len || byte == '+' || byte == '(') && free_before(text, at)) end = number(text, at);
    if (end) {
      js_edit_text(reply, at, end, REDACTED);
      at = end;
    } else if (len) {
      /* The inside of a number is none. */
      while ((len = digit(text, at))) at += len;
    } else {
      at++;
    }
  }
  if (!reply->edits.len) return;
  js_str pieces[] = { JS_STR("{\"redacted\":"), js_decimal(reply->edits.len), JS_STR("}") };
  js_set_extra(reply, js_join(pieces, 3));
}
