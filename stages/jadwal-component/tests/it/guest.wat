;; A guest that does what the first byte of the text tells it to. Records lie in memory as the canonical
;; ABI of the component model wants them; `reply` is 44 bytes: verdict 0..16, edits 16..24,
;; entities 24..32, extra 32..44.
(module
  (import "jadwal:stage/host@0.1.0" "log" (func $log (param i32 i32 i32)))
  (memory (export "memory") 2)
  (global $heap (mut i32) (i32.const 65536))
  (global $served (mut i32) (i32.const 0))

  (data (i32.const 16) "wat")
  (data (i32.const 32) "1.0")
  (data (i32.const 48) "\00\03")            ;; gives: text, entities
  (data (i32.const 64) "\ff\fe\fd")         ;; not UTF-8
  (data (i32.const 80) "said so")
  (data (i32.const 96) "{\"n\":1}")
  (data (i32.const 112) "settings refused")
  (data (i32.const 160) "not json")

  ;; Bytes are given out one after the other and taken back after each document.
  (func $alloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
    (global.set $heap (i32.add (local.get $at) (local.get 3)))
    (block $enough
      (loop $more
        (br_if $enough (i32.le_u (global.get $heap) (i32.mul (memory.size) (i32.const 65536))))
        (if (i32.eq (memory.grow (i32.const 16)) (i32.const -1)) (then unreachable))
        (br $more)))
    (local.get $at))

  (func $zeroed (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (call $alloc (i32.const 0) (i32.const 0) (i32.const 8) (local.get $size)))
    (memory.fill (local.get $at) (i32.const 0) (local.get $size))
    (local.get $at))

  (func $string (param $at i32) (param $start i32) (param $len i32)
    (i32.store (local.get $at) (local.get $start))
    (i32.store offset=4 (local.get $at) (local.get $len)))

  (func (export "declare") (result i32)
    (local $d i32)
    (local.set $d (call $zeroed (i32.const 52)))
    (call $string (local.get $d) (i32.const 16) (i32.const 3))
    (call $string (i32.add (local.get $d) (i32.const 8)) (i32.const 32) (i32.const 3))
    (call $string (i32.add (local.get $d) (i32.const 28)) (i32.const 48) (i32.const 2))
    (local.get $d))

  ;; Settings longer than `{}` are refused.
  (func (export "configure") (param $start i32) (param $len i32) (result i32)
    (local $r i32)
    (local.set $r (call $zeroed (i32.const 12)))
    (if (i32.gt_u (local.get $len) (i32.const 2))
      (then
        (i32.store8 (local.get $r) (i32.const 1))
        (call $string (i32.add (local.get $r) (i32.const 4)) (i32.const 112) (i32.const 16))))
    (local.get $r))

  (func $recurse (param i32) (result i32)
    (i32.add (call $recurse (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))

  (func $list (param $reply i32) (param $offset i32) (param $size i32) (param $count i32) (result i32)
    (local $at i32)
    (local.set $at (call $zeroed (i32.mul (local.get $size) (local.get $count))))
    (call $string (i32.add (local.get $reply) (local.get $offset)) (local.get $at) (local.get $count))
    (local.get $at))

  (func (export "process") (param $doc i32) (result i32)
    (local $r i32) (local $what i32) (local $at i32) (local $n i32)
    (local.set $what (i32.load8_u (i32.load offset=16 (local.get $doc))))
    (local.set $r (call $zeroed (i32.const 44)))
    (global.set $served (i32.add (global.get $served) (i32.const 1)))
    (block $done
      ;; L: loop for ever
      (if (i32.eq (local.get $what) (i32.const 76)) (then (loop $ever (br $ever))))
      ;; M: ask for memory until there is none, and go on without
      (if (i32.eq (local.get $what) (i32.const 77)) (then
        (loop $grow (br_if $grow (i32.ne (memory.grow (i32.const 160)) (i32.const -1))))
        (br $done)))
      ;; 7: trap on the seventh document of this instance
      (if (i32.eq (local.get $what) (i32.const 55)) (then
        (if (i32.ge_u (global.get $served) (i32.const 7)) (then unreachable))
        (br $done)))
      ;; T: trap
      (if (i32.eq (local.get $what) (i32.const 84)) (then unreachable))
      ;; R: recurse without end
      (if (i32.eq (local.get $what) (i32.const 82)) (then (drop (call $recurse (i32.const 0)))))
      ;; O: an edit past the end of the text
      (if (i32.eq (local.get $what) (i32.const 79)) (then
        (local.set $at (call $list (local.get $r) (i32.const 16) (i32.const 24) (i32.const 1)))
        (i64.store (local.get $at) (i64.const 3))
        (i64.store offset=8 (local.get $at) (i64.const 99999))
        (br $done)))
      ;; B: an edit inside a character
      (if (i32.eq (local.get $what) (i32.const 66)) (then
        (local.set $at (call $list (local.get $r) (i32.const 16) (i32.const 24) (i32.const 1)))
        (i64.store (local.get $at) (i64.const 3))
        (i64.store offset=8 (local.get $at) (i64.const 4))
        (br $done)))
      ;; P: a list that points past the end of memory
      (if (i32.eq (local.get $what) (i32.const 80)) (then
        (call $string (i32.add (local.get $r) (i32.const 24)) (i32.const 0x7ffffff8) (i32.const 1000))
        (br $done)))
      ;; U: a reason that is not UTF-8
      (if (i32.eq (local.get $what) (i32.const 85)) (then
        (i32.store8 (local.get $r) (i32.const 1))
        (call $string (i32.add (local.get $r) (i32.const 4)) (i32.const 64) (i32.const 3))
        (br $done)))
      ;; V: a verdict that there is not
      (if (i32.eq (local.get $what) (i32.const 86)) (then
        (i32.store8 (local.get $r) (i32.const 9))
        (br $done)))
      ;; A: ten thousand edits, all with the same megabyte
      (if (i32.eq (local.get $what) (i32.const 65)) (then
        (drop (call $alloc (i32.const 0) (i32.const 0) (i32.const 8) (i32.const 1048576)))
        (local.set $at (call $list (local.get $r) (i32.const 16) (i32.const 24) (i32.const 10000)))
        (loop $each
          (call $string (i32.add (local.get $at) (i32.const 16)) (i32.const 65536) (i32.const 1048576))
          (local.set $at (i32.add (local.get $at) (i32.const 24)))
          (local.set $n (i32.add (local.get $n) (i32.const 1)))
          (br_if $each (i32.lt_u (local.get $n) (i32.const 10000))))
        (br $done)))
      ;; D: drop; F: fail
      (if (i32.eq (local.get $what) (i32.const 68)) (then
        (i32.store8 (local.get $r) (i32.const 1))
        (call $string (i32.add (local.get $r) (i32.const 4)) (i32.const 80) (i32.const 7))
        (br $done)))
      (if (i32.eq (local.get $what) (i32.const 70)) (then
        (i32.store8 (local.get $r) (i32.const 2))
        (call $string (i32.add (local.get $r) (i32.const 8)) (i32.const 80) (i32.const 7))
        (br $done)))
      ;; J: `extra` that is not JSON
      (if (i32.eq (local.get $what) (i32.const 74)) (then
        (i32.store8 offset=32 (local.get $r) (i32.const 1))
        (call $string (i32.add (local.get $r) (i32.const 36)) (i32.const 160) (i32.const 8))
        (br $done)))
      ;; G: log without end
      (if (i32.eq (local.get $what) (i32.const 71)) (then
        (loop $ever
          (call $log (i32.const 1) (i32.const 80) (i32.const 7))
          (br $ever))))
      ;; E: put "said so" in the place of the first byte, name the next two bytes a phone, set `extra`
      (if (i32.eq (local.get $what) (i32.const 69)) (then
        (local.set $at (call $list (local.get $r) (i32.const 16) (i32.const 24) (i32.const 1)))
        (i64.store offset=8 (local.get $at) (i64.const 1))
        (call $string (i32.add (local.get $at) (i32.const 16)) (i32.const 80) (i32.const 7))
        (local.set $at (call $list (local.get $r) (i32.const 24) (i32.const 40) (i32.const 1)))
        (i64.store (local.get $at) (i64.const 1))
        (i64.store offset=8 (local.get $at) (i64.const 3))
        (i32.store8 offset=16 (local.get $at) (i32.const 12))
        (f32.store offset=36 (local.get $at) (f32.const 0.5))
        (i32.store8 offset=32 (local.get $r) (i32.const 1))
        (call $string (i32.add (local.get $r) (i32.const 36)) (i32.const 96) (i32.const 7)))))
    (local.get $r))

  (func (export "cabi_post_process") (param i32)
    (global.set $heap (i32.const 65536))))
