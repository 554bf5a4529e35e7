//! Finds dates, amounts, addresses and places, with normal forms and links.
