//! Drives documents through the stages of a plan to one atomic commit.
