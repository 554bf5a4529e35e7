//! Which frames are committed, so that tails are kept as long as a restart may need them.

use std::collections::VecDeque;
use std::fs;
use std::io;

use crate::error::OutputError;
use crate::names::OutputNames;

/// What was written and checkpointed but is not known to be committed.
///
/// A commit is heard of through the documents in it: commits are made in admission order, and one
/// that delivers a document holds a position that covers it.
#[derive(Debug, Default)]
pub(crate) struct Commits {
    /// The highest admission number with a line.
    newest: Option<u64>,
    /// For each frame that a checkpoint ended in, the highest admission number of the first such
    /// checkpoint. One entry a frame: at most a few, for a tail each.
    waiting: VecDeque<(u64, u64)>,
    /// No tail of an earlier frame is there.
    oldest_tail: u64,
}

impl Commits {
    /// Begins with `frame` open and no tail of an earlier one there.
    pub(crate) fn starting_at(frame: u64) -> Self {
        Self {
            oldest_tail: frame,
            ..Self::default()
        }
    }

    /// Notes that a line of the document `seq` was written.
    pub(crate) fn wrote(&mut self, seq: u64) {
        self.newest = self.newest.max(Some(seq));
    }

    /// Notes a checkpoint whose position ends in `frame`.
    pub(crate) fn reached(&mut self, frame: u64) {
        let noted = self.waiting.back().is_some_and(|(_, last)| *last == frame);
        if let Some(newest) = self.newest
            && !noted
        {
            self.waiting.push_back((newest, frame));
        }
    }

    /// Notes that the document `seq` is committed. Returns the frame that a committed position is
    /// known to end in, when that is news.
    pub(crate) fn settle(&mut self, seq: u64) -> Option<u64> {
        let mut committed = None;
        while let Some((covered, frame)) = self.waiting.front().copied()
            && covered <= seq
        {
            committed = Some(frame);
            self.waiting.pop_front();
        }
        committed
    }

    /// Removes the tails of frames before `frame`.
    pub(crate) fn forget_tails(
        &mut self,
        names: &OutputNames,
        frame: u64,
    ) -> Result<(), OutputError> {
        while self.oldest_tail < frame {
            let path = names.tail(self.oldest_tail);
            match fs::remove_file(&path) {
                // A frame that began and ended in one batch had no tail.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                result => result.map_err(OutputError::io("remove", &path))?,
            }
            self.oldest_tail += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_counts_as_committed_when_a_position_in_it_is() {
        let mut commits = Commits::default();
        for (seq, frame) in [(4, 0), (9, 0), (12, 2), (15, 2), (20, 3)] {
            commits.wrote(seq);
            commits.reached(frame);
        }
        assert_eq!(commits.settle(3), None);
        assert_eq!(commits.settle(9), Some(0));
        assert_eq!(commits.settle(11), None);
        assert_eq!(commits.settle(30), Some(3));
        assert_eq!(commits.settle(31), None);
    }
}
