//! Tags documents and segments with language and script.
