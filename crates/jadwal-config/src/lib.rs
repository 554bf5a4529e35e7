//! Reads pipeline.toml into a checked plan, with errors that point at the place.
