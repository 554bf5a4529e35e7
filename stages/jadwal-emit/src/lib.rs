//! Appends records to durable JSON Lines segments.
