//! Compiles a component, from the cache if it can.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use jadwal_core::BuildError;
use tracing::info;
use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::{Config, Engine};

use crate::bindings::{Stage, StagePre};
use crate::cache;
use crate::instance::Inside;
use crate::options::ComponentOptions;

/// A larger file is refused: an interpreter with its library has less than a tenth of it.
const LARGEST_FILE: u64 = 256 << 20;

/// Reads and compiles the component of `options`; returns it with the BLAKE3 of its file.
///
/// # Errors
/// When the file can't be read, is another than the one that was pinned, is no component of the world
/// `jadwal:stage/stage`, or the cache is not safe.
pub(crate) fn compile(
    options: &ComponentOptions,
    base_dir: &Path,
) -> Result<(StagePre<Inside>, String), BuildError> {
    let path = base_dir.join(&options.path);
    let bytes = read(&path)?;
    let hash = check_hash(&bytes, options, &path)?;
    let engine = engine(options, base_dir)?;
    let doing = || format!("compile the component `{}`", path.display());
    let failed = |error: wasmtime::Error| BuildError::new(doing(), error);
    let component = Component::new(&engine, &bytes).map_err(failed)?;
    let linker = linker(&component).map_err(failed)?;
    let linked = linker.instantiate_pre(&component).and_then(StagePre::new);
    let linked = linked.map_err(|error| {
        let doing = format!(
            "use `{}` as a stage: it does not fit the world of `stage.wit`",
            path.display()
        );
        BuildError::new(doing, error)
    });
    Ok((linked?, hash))
}

fn read(path: &Path) -> Result<Vec<u8>, BuildError> {
    let doing = || format!("read the component `{}`", path.display());
    let failed = |error| BuildError::new(doing(), error);
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    let read = file.take(LARGEST_FILE + 1).read_to_end(&mut bytes);
    let read = read.map_err(failed)?;
    if read as u64 > LARGEST_FILE {
        return Err(BuildError::new(doing(), "it is longer than 256 MiB"));
    }
    Ok(bytes)
}

/// Returns the hash of the file.
fn check_hash(bytes: &[u8], options: &ComponentOptions, path: &Path) -> Result<String, BuildError> {
    let found = blake3::hash(bytes).to_hex();
    info!(path = %path.display(), blake3 = %found, "loading a component");
    if options.blake3.is_empty() || options.blake3.eq_ignore_ascii_case(&found) {
        return Ok(found.to_string());
    }
    let doing = format!("accept the component `{}`", path.display());
    let why = format!("`blake3` names another file; this one has {found}");
    Err(BuildError::new(doing, why))
}

fn engine(options: &ComponentOptions, base_dir: &Path) -> Result<Engine, BuildError> {
    let mut config = Config::new();
    config.wasm_component_model(true);
    config.epoch_interruption(true);
    // Of two forms of a number that is none, which differ between processors, always the same one.
    config.cranelift_nan_canonicalization(true);
    config.wasm_relaxed_simd(false);
    if !options.cache.as_os_str().is_empty() {
        config.cache(cache::open(&base_dir.join(&options.cache))?);
    }
    Engine::new(&config).map_err(|error| BuildError::new("set up WebAssembly", error))
}

/// What guests may call: the log. Whatever else a component imports (WASI, as the standard libraries of
/// many languages do) is there by name, and traps when it is called.
fn linker(component: &Component) -> wasmtime::Result<Linker<Inside>> {
    let mut linker = Linker::new(component.engine());
    Stage::add_to_linker::<_, HasSelf<_>>(&mut linker, |inside| inside)?;
    linker.define_unknown_imports_as_traps(component)?;
    Ok(linker)
}
