//! Keeps the tokenizer from looking for errors in the markup, which nobody asks about.

use html5gum::{Emitter, ForwardingEmitter};

/// An emitter that hears of no errors.
pub(super) struct Quiet<E>(pub(super) E);

impl<E: Emitter> ForwardingEmitter for Quiet<E> {
    type Token = E::Token;

    fn inner(&mut self) -> &mut impl Emitter<Token = E::Token> {
        &mut self.0
    }

    fn should_emit_errors(&mut self) -> bool {
        false
    }
}
