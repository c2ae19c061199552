//! Remote markup ends here: HTML to plain text, canonical addresses, fingerprints of texts. Pure.

mod address;
mod character;
mod element;
mod entity;
mod fingerprint;
mod fold;
mod layout;
mod markup;
mod opening;
mod plain;

pub use address::canonical_url;
pub use entity::unescape;
pub use fingerprint::{BANDS, BANDS_ALIKE, Fingerprint, WORDS_AT_LEAST, fingerprint, near};
pub use fold::{fold, fold_umlauts};
pub use opening::{Body, opening};
pub use plain::{LENGTH_LIMIT, plain};
