//! The types of `wit/stage.wit` in Rust, made from it.

wasmtime::component::bindgen!({
    path: "wit",
    world: "stage",
    ownership: Borrowing { duplicate_if_necessary: true },
});
