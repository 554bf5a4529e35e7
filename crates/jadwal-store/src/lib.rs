//! The durable state: ledger, fingerprints and sink positions in one transaction.
