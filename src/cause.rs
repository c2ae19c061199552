//! Why something went wrong, for the log.

use std::error::Error;
use std::iter::{once, successors};

/// An error with its causes, on one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let causes = successors(error.source(), |&cause| cause.source());
    once(error).chain(causes).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_wrong_comes_before_why() {
        #[derive(Debug, thiserror::Error)]
        #[error("the page cannot be shown")]
        struct Unshown(#[source] std::fmt::Error);
        let error = Unshown(std::fmt::Error);
        assert_eq!(chain(&error), format!("the page cannot be shown: {}", std::fmt::Error));
    }
}
