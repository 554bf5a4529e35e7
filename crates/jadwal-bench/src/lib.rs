//! End-to-end benchmarks with a floor measured in the same run.
