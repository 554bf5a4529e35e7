//! Drops documents whose bytes or folded text were delivered before.
