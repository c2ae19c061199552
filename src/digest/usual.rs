//! Whether a day or a week is out of the ordinary, or the ordinary to and fro. Pure.
//!
//! This is no detector and keeps no promise: it only says which differences between two periods are worth a word. A
//! finding says what happened; this says how the rest was.

use serde::{Deserialize, Serialize};

/// Fewer earlier periods tell nothing of what is usual.
const FEWEST_EARLIER: usize = 2;

/// A count is noteworthy from so many standard deviations of chance on, …
const VOLUME_DEVIATIONS: f64 = 2.5;

/// … from so many of what two, three or four earlier periods have varied (the quantiles of Student's distribution that
/// leave 2.5 % on either side; few periods are no sure measure), …
const STUDENT: [f64; 3] = [12.71, 4.30, 3.18];

/// … and only if it is so many times the usual one, or that part of it: a large brand's every day is "significant".
const VOLUME_RATIO: f64 = 1.3;

/// The same for the net mood: chance exceeds it in one of a hundred periods.
const MOOD_DEVIATIONS: f64 = 2.576;

/// With fewer mentions nothing is said of the mood: in the period, and in the days before it.
const FEWEST_NOW: u64 = 5;
const FEWEST_BEFORE: u64 = 20;

/// How much was said, against what is usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Not enough is known of what is usual.
    Unknown,
    /// About as much.
    Usual,
    /// Noticeably more.
    More,
    /// Noticeably less.
    Less,
}

/// How the mood was, against the 28 days before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Movement {
    /// Too few mentions to tell.
    Unknown,
    /// Within what it strays from day to day.
    Usual,
    /// Better than that.
    Better,
    /// Worse than that.
    Worse,
}

/// The mean of earlier periods; `None` if there are fewer than two.
pub(super) fn mean(earlier: &[u64]) -> Option<f64> {
    (earlier.len() >= FEWEST_EARLIER).then(|| earlier.iter().sum::<u64>() as f64 / earlier.len() as f64)
}

/// Mentions vary more than dice do, so what earlier periods have varied counts, too.
pub(super) fn level(count: u64, earlier: &[u64]) -> Level {
    let Some(mean) = mean(earlier) else { return Level::Unknown };
    let periods = earlier.len() as f64;
    let spread = earlier.iter().map(|&count| (count as f64 - mean).powi(2)).sum::<f64>() / (periods - 1.0);
    let student = STUDENT[(earlier.len() - FEWEST_EARLIER).min(STUDENT.len() - 1)];
    let deviations = (VOLUME_DEVIATIONS * mean.max(1.0).sqrt()).max(student * spread.sqrt());
    let (count, reach) = (count as f64, deviations * (1.0 + 1.0 / periods).sqrt());
    if count > mean + reach && count > mean * VOLUME_RATIO {
        Level::More
    } else if count < mean - reach && count < mean / VOLUME_RATIO {
        Level::Less
    } else {
        Level::Usual
    }
}

/// Moods are negative, neutral, positive; `before` has one entry a day.
///
/// A normal test of the difference, its variance widened by how much more the mood strays from day to day than chance
/// alone would have it, as for overdispersed counts (McCullagh and Nelder, *Generalized Linear Models*, 1989, 4.5).
pub(super) fn movement(now: [u64; 3], before: &[[u64; 3]]) -> Movement {
    let all = before.iter().fold([0; 3], |sum, day| [sum[0] + day[0], sum[1] + day[1], sum[2] + day[2]]);
    if now.iter().sum::<u64>() < FEWEST_NOW || all.iter().sum::<u64>() < FEWEST_BEFORE {
        return Movement::Unknown;
    }
    let ((net_now, variance_now), (net_before, variance_before)) = (net(now), net(all));
    let chance = variance_now / mentions(now) + variance_before / mentions(all);
    let deviation = (chance * straying(before, variance_before)).sqrt();
    match (net_now - net_before) / deviation {
        z if z > MOOD_DEVIATIONS => Movement::Better,
        z if z < -MOOD_DEVIATIONS => Movement::Worse,
        _ => Movement::Usual,
    }
}

/// How many times as much the mood differs from one day to the next as chance alone would have it; at least 1.
///
/// Differences of neighbours (von Neumann and others, *The mean square successive difference*, 1941), so that a mood
/// that was another one for some weeks is not taken for a fickle one, of which nothing would be noteworthy any more.
fn straying(days: &[[u64; 3]], variance: f64) -> f64 {
    let told = |day: &[u64; 3]| day.iter().sum::<u64>() as f64;
    let heard: Vec<(f64, f64)> = days
        .iter()
        .filter(|day| told(day) > 0.0)
        .map(|day| (told(day), (day[2] as f64 - day[0] as f64) / told(day)))
        .collect();
    let squares = heard.windows(2).map(|pair| {
        let [(count, net), (next_count, next_net)] = [pair[0], pair[1]];
        (next_net - net).powi(2) / (variance * (1.0 / count + 1.0 / next_count))
    });
    let pairs = heard.len().saturating_sub(1).max(1) as f64;
    (squares.sum::<f64>() / pairs).max(1.0)
}

/// Mean and variance of the sign of one mention, with one of each mood added.
fn net(moods: [u64; 3]) -> (f64, f64) {
    let [negative, _, positive] = moods.map(|count| count as f64 + 1.0);
    let all = mentions(moods);
    let net = (positive - negative) / all;
    (net, (positive + negative) / all - net * net)
}

/// With those that are added.
fn mentions(moods: [u64; 3]) -> f64 {
    moods.iter().sum::<u64>() as f64 + 3.0
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{Rng as _, SeedableRng as _};
    use rand_distr::{Distribution as _, Gamma, Poisson};

    use super::*;

    #[test]
    fn a_few_more_than_usual_are_noise_and_many_more_are_not() {
        let earlier = [40, 44, 47, 45];
        assert_eq!(level(50, &earlier), Level::Usual);
        assert_eq!(level(90, &earlier), Level::More);
        assert_eq!(level(10, &earlier), Level::Less);
        assert_eq!(level(400, &[44]), Level::Unknown, "one day is no usual one");
    }

    #[test]
    fn of_a_large_brand_a_small_difference_is_certain_and_not_worth_a_word() {
        assert_eq!(level(11_500, &[10_000, 10_010, 9_990, 10_000]), Level::Usual);
    }

    #[test]
    fn where_nothing_is_ever_said_one_voice_is_no_news() {
        assert_eq!(level(1, &[0, 0, 0, 0]), Level::Usual);
        assert_eq!(level(0, &[0, 0, 0, 0]), Level::Usual);
    }

    #[test]
    fn a_mood_that_turns_is_told_and_three_voices_are_not() {
        let before = [[3, 2, 5]; 28];
        assert_eq!(movement([30, 5, 5], &before), Movement::Worse);
        assert_eq!(movement([1, 2, 37], &before), Movement::Better);
        assert_eq!(movement([12, 8, 20], &before), Movement::Usual);
        assert_eq!(movement([3, 0, 0], &before), Movement::Unknown);
        assert_eq!(movement([30, 5, 5], &before[..1]), Movement::Unknown, "nothing to compare with");
    }

    #[test]
    fn a_mood_that_always_strays_has_to_stray_further() {
        let steady = [[10, 0, 10]; 28];
        let fickle: Vec<[u64; 3]> = (0..28).map(|day| if day % 2 == 0 { [17, 0, 3] } else { [3, 0, 17] }).collect();
        assert_eq!(movement([32, 0, 8], &steady), Movement::Worse);
        assert_eq!(movement([32, 0, 8], &fickle), Movement::Usual);
    }

    #[test]
    fn a_mood_that_was_another_one_for_two_weeks_is_not_a_fickle_one() {
        let before: Vec<[u64; 3]> = (0..28).map(|day| if day < 14 { [4, 4, 12] } else { [14, 3, 3] }).collect();
        assert_eq!(movement([28, 28, 84], &before), Movement::Better, "it is back to what it was");
    }

    /// Days that stray by a third from one another in number, and in mood by chance.
    #[test]
    fn where_nothing_happens_few_days_are_called_noteworthy() {
        let mut dice = StdRng::seed_from_u64(7);
        for mean in [3.0, 30.0, 300.0] {
            let busy = Gamma::new(9.0, mean / 9.0).unwrap();
            let (mut volumes, mut moods) = (0, 0);
            for _ in 0..2000 {
                let count =
                    |dice: &mut StdRng| Poisson::new(f64::max(busy.sample(dice), 0.01)).unwrap().sample(dice) as u64;
                let earlier: Vec<u64> = (0..4).map(|_| count(&mut dice)).collect();
                let day = |dice: &mut StdRng| {
                    let mut moods = [0; 3];
                    (0..count(dice)).for_each(|_| moods[dice.random_range(0..3)] += 1);
                    moods
                };
                let before: Vec<[u64; 3]> = (0..28).map(|_| day(&mut dice)).collect();
                let today = day(&mut dice);
                volumes += i32::from(!matches!(level(today.iter().sum(), &earlier), Level::Usual));
                moods += i32::from(!matches!(movement(today, &before), Movement::Usual | Movement::Unknown));
            }
            assert!(volumes <= 160, "{mean} a day: {volumes} of 2000 days have a noteworthy number");
            assert!(moods <= 40, "{mean} a day: {moods} of 2000 days have a noteworthy mood");
        }
    }
}
