//! How often the rules are right on replies that somebody has labelled.

use super::RuleName;

/// How a rule did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Score {
    /// Which one.
    pub rule: RuleName,
    /// Replies on which it spoke as labelled.
    pub right: usize,
    /// Replies on which it spoke against the label.
    pub wrong: usize,
    /// Replies on which it should have spoken.
    pub missed: usize,
}

impl Score {
    /// Of the replies on which it spoke, the share on which it should; 1 where it never spoke.
    pub fn precision(&self) -> f64 {
        share(self.right, self.right + self.wrong)
    }

    /// Of the replies on which it should speak, the share on which it did; 1 where there are none.
    pub fn recall(&self) -> f64 {
        share(self.right, self.right + self.missed)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of replies")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// A score for each rule, from pairs of labels and of the rules that spoke.
pub fn measure<'a>(replies: impl IntoIterator<Item = (&'a [RuleName], &'a [RuleName])>) -> Vec<Score> {
    let mut scores = RuleName::ALL.map(|rule| Score { rule, right: 0, wrong: 0, missed: 0 });
    for (labels, spoke) in replies {
        for score in &mut scores {
            match (labels.contains(&score.rule), spoke.contains(&score.rule)) {
                (true, true) => score.right += 1,
                (false, true) => score.wrong += 1,
                (true, false) => score.missed += 1,
                (false, false) => {}
            }
        }
    }
    scores.to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precision_and_recall_are_counted_by_rule() {
        use RuleName::{NoGreeting, TooLong};
        let replies: [(&[RuleName], &[RuleName]); 3] =
            [(&[NoGreeting], &[NoGreeting, TooLong]), (&[NoGreeting], &[]), (&[], &[])];
        let scores = measure(replies);
        let of = |rule| *scores.iter().find(|score| score.rule == rule).unwrap();
        assert_eq!((of(NoGreeting).precision(), of(NoGreeting).recall()), (1.0, 0.5));
        assert_eq!((of(TooLong).precision(), of(TooLong).recall()), (0.0, 1.0));
    }
}
