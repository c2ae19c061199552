//! Reads a body and stops at the limit, however small the bytes on the wire look.

use bytesize::ByteSize;
use reqwest::Response;
use url::Url;

use super::FetchError;
use super::error::{Cause, authority, masked};
use super::headers;

/// How much of a body is wanted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Limit {
    /// A longer body is an error.
    Refuse(ByteSize),
    /// Of a longer body the beginning is taken.
    Cut(ByteSize),
}

/// Reads the body of an answer, decompressed.
pub(super) async fn read(url: &Url, mut response: Response, limit: Limit) -> Result<Vec<u8>, FetchError> {
    if let Some(coding) = headers::foreign_compression(response.headers()) {
        let cause = Cause::new(format!("it is compressed as `{coding}`, which was not asked for"));
        return Err(FetchError::Broken { host: authority(url), cause });
    }
    if let Limit::Refuse(limit) = limit
        && response.content_length().is_some_and(|length| length > limit.as_u64())
    {
        return Err(FetchError::TooLarge { url: masked(url), limit });
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| FetchError::from_reading(url, &error))? {
        let (Limit::Refuse(longest) | Limit::Cut(longest)) = limit;
        let room = usize::try_from(longest.as_u64()).unwrap_or(usize::MAX).saturating_sub(body.len());
        if chunk.len() <= room {
            body.extend_from_slice(&chunk);
        } else if matches!(limit, Limit::Refuse(_)) {
            return Err(FetchError::TooLarge { url: masked(url), limit: longest });
        } else {
            body.extend_from_slice(&chunk[..room]);
            break;
        }
    }
    Ok(body)
}
