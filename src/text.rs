//! Remote markup ends here: HTML to plain text, canonical addresses, fingerprints of texts. Pure.

mod address;
mod character;
mod element;
mod entity;
mod fingerprint;
mod fold;
mod layout;
mod markup;
mod plain;

pub use address::canonical_url;
pub use entity::unescape;
pub use fingerprint::{Fingerprint, NEAR_BITS, WORDS_AT_LEAST, bands, fingerprint, near, neighbours};
pub use fold::{fold, fold_umlauts};
pub use plain::{LENGTH_LIMIT, plain};
