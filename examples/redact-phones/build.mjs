// Makes redact_phones.wasm of redact_phones.c.
//
//     pip install ziglang            # clang and wasm-ld; any clang with wasm-ld does as well
//     npm install @bytecodealliance/jco-transpile
//     node build.mjs
//
// With `wasm-tools` the last two steps are `wasm-tools component embed` and `wasm-tools component new`.
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { componentEmbed, componentNew } from "@bytecodealliance/jco-transpile/wasm-tools";

const core = "redact_phones.core.wasm";
execFileSync("python3", [
  "-m", "ziglang", "cc", "--target=wasm32-freestanding", "-mbulk-memory", "-O2", "-nostdlib", "-Wall", "-Wextra",
  "-Wl,--no-entry", "-Wl,--strip-all", "-o", core, "redact_phones.c",
], { stdio: "inherit" });
const witSource = readFileSync("../../stages/jadwal-component/wit/stage.wit", "utf8");
const binary = readFileSync(core);
const embedded = await componentEmbed({ binary, witSource, world: "stage", stringEncoding: "utf8" });
writeFileSync("redact_phones.wasm", await componentNew(embedded, []));
rmSync(core);
