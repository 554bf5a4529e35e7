/* The part of jadwal_stage.h that makes a WebAssembly component of a stage; don't include it yourself.
 *
 * No libc and no bindings generator: the types have the layout that the component model gives the records
 * of `wit/stage.wit`.
 */
#ifndef JADWAL_COMPONENT_H
#define JADWAL_COMPONENT_H

_Static_assert(sizeof(js_declaration) == 52 && sizeof(js_document) == 136 && sizeof(js_reply) == 44 &&
               sizeof(js_edit) == 24 && sizeof(js_new_entity) == 40 && sizeof(js_entity) == 48 &&
               sizeof(js_segment) == 40 && sizeof(js_block) == 24, "the layout of the component model");

__attribute__((import_module("jadwal:stage/host@0.1.0"), import_name("log")))
extern void js_host_log(int level, const char *ptr, size_t len);

JS_API void js_log(int level, js_str line) { js_host_log(level, line.ptr, line.len); }

extern unsigned char __heap_base;

/* What is free begins at `js_heap`; what is taken back after a document, at `js_kept`. */
static uintptr_t js_heap, js_kept;

static void *js_grab(size_t size) {
  if (js_heap == 0) js_heap = ((uintptr_t)&__heap_base + 7) & ~(uintptr_t)7;
  uintptr_t at = js_heap;
  uintptr_t page = 65536, end = at + ((size + 7) & ~(size_t)7);
  uintptr_t have = __builtin_wasm_memory_size(0) * page;
  if (end < at) __builtin_trap();
  if (end > have && __builtin_wasm_memory_grow(0, (end - have + page - 1) / page) == (size_t)-1) __builtin_trap();
  js_heap = end;
  return (void *)at;
}

/* The host writes what it asked for room for, so that is not cleared. */
__attribute__((export_name("cabi_realloc")))
void *js_cabi_realloc(void *old, size_t old_size, size_t align, size_t size) {
  (void)align;
  void *fresh = js_grab(size);
  js_copy(fresh, old, old_size < size ? old_size : size);
  return fresh;
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
  js_kept = js_heap;
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
  js_heap = js_kept;
}

#endif
