//! Checks a child from outside.
