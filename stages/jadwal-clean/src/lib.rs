//! Decodes a document, finds its main text and removes web leftovers.
