//! How long somebody has to wait before they may try again to log in.
//!
//! Failures are counted by the name that was tried and by the address that tried, each for an hour. The first four cost
//! nothing; from the fifth on, each doubles the wait, from five seconds to a quarter of an hour. Nobody is ever locked
//! out for good: who waits for an hour begins anew.

use std::net::IpAddr;

use sha2::{Digest as _, Sha256};

use crate::mention::Timestamp;

/// Failures count for so long.
pub const WINDOW_SECONDS: i64 = 3600;

/// So many failures in the window cost nothing.
const FREE: u32 = 4;
const SHORTEST_SECONDS: i64 = 5;
const LONGEST_SECONDS: i64 = 15 * 60;

/// The first moment at which another try is heard, given how often it failed within the window, and when last.
pub fn allowed_at(failures: u32, last: Timestamp) -> Timestamp {
    let Some(doublings) = failures.checked_sub(FREE + 1) else { return last };
    let wait = SHORTEST_SECONDS.saturating_mul(1 << doublings.min(30)).min(LONGEST_SECONDS);
    last.plus_seconds(wait)
}

/// What a failure is counted for: the name, and the address where it is known. The name is kept as a hash, because
/// people type passwords into the wrong field; of IPv6 counts what a single customer is given, /64.
pub fn subjects(name: &str, address: Option<IpAddr>) -> Vec<String> {
    let hash = Sha256::digest(name.trim().to_lowercase());
    let name = hash.iter().fold("name ".to_owned(), |text, byte| text + &format!("{byte:02x}"));
    let address = address.map(|address| format!("address {}", network(address.to_canonical())));
    std::iter::once(name).chain(address).collect()
}

fn network(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LAST: Timestamp = Timestamp::from_seconds(1_750_000_000);

    #[test]
    fn from_the_fifth_failure_on_each_doubles_the_wait() {
        let waits: Vec<i64> = (0..16).map(|failures| allowed_at(failures, LAST).seconds() - LAST.seconds()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900]);
    }

    proptest! {
        #[test]
        fn nobody_waits_for_more_than_a_quarter_of_an_hour(failures: u32) {
            let wait = allowed_at(failures, LAST).seconds() - LAST.seconds();
            prop_assert!((0..=900).contains(&wait));
            prop_assert!(allowed_at(failures.saturating_add(1), LAST) >= allowed_at(failures, LAST));
        }
    }

    #[test]
    fn a_name_counts_however_it_is_written_and_an_address_for_its_network() {
        let address = |text: &str| Some(text.parse().unwrap());
        assert_eq!(subjects(" Erika ", None), subjects("erika", None));
        assert!(!subjects("erika", None)[0].contains("erika"));
        assert_eq!(subjects("", address("::ffff:192.0.2.7"))[1], "address 192.0.2.7");
        assert_eq!(subjects("", address("2001:db8:1:2:3::4"))[1], "address 2001:db8:1:2::/64");
    }
}
