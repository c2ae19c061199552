//! Who is at risk when.

/// After `from`, up to and including `to`, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: i64,
    pub(super) to: i64,
}

impl Span {
    /// `None` where there is no time in it.
    pub(super) fn new(from: i64, to: i64) -> Option<Self> {
        (from < to).then_some(Self { from, to })
    }

    pub(super) fn has(self, moment: i64) -> bool {
        self.from < moment && moment <= self.to
    }

    /// What both have.
    pub(super) fn and(self, other: Self) -> Option<Self> {
        Self::new(self.from.max(other.from), self.to.min(other.to))
    }

    pub(super) fn plus(self, seconds: i64) -> Self {
        Self { from: self.from + seconds, to: self.to + seconds }
    }

    pub(super) fn seconds(self) -> i64 {
        self.to - self.from
    }
}

/// How many are at risk at any moment.
#[derive(Clone, Debug, Default)]
pub(super) struct RiskSet {
    /// When they come, ascending.
    entries: Vec<i64>,
    /// When they go, ascending.
    exits: Vec<i64>,
}

impl RiskSet {
    pub(super) fn new(spans: impl Iterator<Item = Span>) -> Self {
        let (mut entries, mut exits): (Vec<i64>, Vec<i64>) = spans.map(|span| (span.from, span.to)).unzip();
        entries.sort_unstable();
        exits.sort_unstable();
        Self { entries, exits }
    }

    /// How many spans have the moment.
    pub(super) fn at(&self, moment: i64) -> usize {
        let before = |moments: &[i64]| moments.partition_point(|one| *one < moment);
        before(&self.entries) - before(&self.exits)
    }

    /// When somebody comes or goes: each moment once, ascending.
    pub(super) fn changes(&self) -> Vec<i64> {
        let mut changes = [&self.entries[..], &self.exits].concat();
        changes.sort_unstable();
        changes.dedup();
        changes
    }

    /// Where at least so many (one or more) are at risk: apart, and in order.
    pub(super) fn spans(&self, least: usize) -> Vec<Span> {
        spans(&self.changes(), |moment| self.at(moment) >= least)
    }
}

/// Where something holds that is otherwise only after one of these moments, which ascend: apart, and in order.
pub(super) fn spans(changes: &[i64], holds: impl Fn(i64) -> bool) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let pieces = changes.windows(2).map(|ends| Span { from: ends[0], to: ends[1] });
    for piece in pieces.filter(|piece| holds(piece.to)) {
        match spans.last_mut() {
            Some(last) if last.to == piece.from => last.to = piece.to,
            _ => spans.push(piece),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nobody_is_at_risk_at_the_moment_of_coming_and_everybody_is_at_that_of_going() {
        let risk = RiskSet::new([Span { from: 0, to: 10 }, Span { from: 5, to: 10 }].into_iter());
        assert_eq!([0, 1, 5, 6, 10, 11].map(|moment| risk.at(moment)), [0, 1, 1, 2, 2, 0]);
        assert_eq!(risk.spans(2), [Span { from: 5, to: 10 }]);
    }

    proptest! {
        #[test]
        fn enough_are_at_risk_exactly_where_it_says_so(
            spans in prop::collection::vec((0..40_i64, 1..20_i64), 0..12), least in 1..4_usize,
        ) {
            let spans: Vec<Span> = spans.into_iter().map(|(from, long)| Span { from, to: from + long }).collect();
            let risk = RiskSet::new(spans.iter().copied());
            let enough = risk.spans(least);
            for moment in 0..70 {
                let there = spans.iter().filter(|span| span.has(moment)).count();
                prop_assert_eq!(risk.at(moment), there);
                prop_assert_eq!(enough.iter().any(|span| span.has(moment)), there >= least);
            }
            prop_assert!(enough.windows(2).all(|two| two[0].to < two[1].from));
        }
    }
}
