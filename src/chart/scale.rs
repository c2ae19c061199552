//! From values to places on the page.

/// Places on the page for the values of one axis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    from: f64,
    to: f64,
    start: f64,
    end: f64,
}

impl Scale {
    /// `from` lies at `start` and `to` at `end`; both differ.
    pub(super) const fn new(values: (f64, f64), places: (f64, f64)) -> Self {
        Self { from: values.0, to: values.1, start: places.0, end: places.1 }
    }

    /// Values beyond the axis lie at its ends.
    pub(super) fn place(self, value: f64) -> f64 {
        let part = ((value - self.from) / (self.to - self.from)).clamp(0.0, 1.0);
        self.start + part * (self.end - self.start)
    }
}

/// Round values that reach from `low` to `high`, at most `most` of them plus one at the lower end.
pub(super) fn ticks(low: f64, high: f64, steps: &[f64], most: f64) -> Vec<f64> {
    let fits = |step: &&f64| (high / **step).ceil() - (low / **step).floor() <= most;
    let step = steps.iter().find(fits).or(steps.last()).copied().unwrap_or(1.0);
    let (first, mut last) = ((low / step).floor() as i64, (high / step).ceil() as i64);
    if first == last {
        last += 1;
    }
    (first..=last).map(|index| index as f64 * step).collect()
}

/// The round number that a count reaches at most: 1, 2 or 5 with noughts.
pub(super) fn round_up(count: f64) -> f64 {
    let power = 10_f64.powf(count.max(1.0).log10().floor());
    [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0]
        .into_iter()
        .map(|digit| digit * power)
        .find(|round| *round >= count)
        .unwrap_or(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_reach_around_the_values() {
        let steps = [0.1, 0.2, 0.5, 1.0];
        assert_eq!(ticks(-0.31, 0.42, &steps, 4.0), [-0.5, 0.0, 0.5]);
        assert_eq!(ticks(-1.0, 1.0, &steps, 4.0), [-1.0, -0.5, 0.0, 0.5, 1.0]);
        assert_eq!(ticks(0.0, 0.0, &steps, 4.0), [0.0, 0.1]);
        assert_eq!([0.0, 1.0, 7.0, 84.0, 121.0].map(round_up), [1.0, 1.0, 8.0, 100.0, 200.0]);
    }

    #[test]
    fn what_lies_beyond_the_axis_is_drawn_at_its_end() {
        let scale = Scale::new((-1.0, 1.0), (100.0, 0.0));
        assert_eq!([-2.0, -1.0, 0.0, 1.0].map(|value| scale.place(value)), [100.0, 100.0, 50.0, 0.0]);
    }
}
