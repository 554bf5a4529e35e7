//! Scripted sources, stages and stores for tests, and the stage contract.
