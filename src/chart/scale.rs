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

/// Round values from `low` to `high`, at most `most` of them where the steps allow it.
pub(super) fn ticks(low: f64, high: f64, steps: &[f64], most: f64) -> Vec<f64> {
    let ends = |step: f64| ((low / step).ceil(), (high / step).floor());
    let fits = |step: &&f64| {
        let (first, last) = ends(**step);
        last - first < most
    };
    let step = steps.iter().find(fits).or(steps.last()).copied().unwrap_or(1.0);
    let (first, last) = ends(step);
    (first as i64..=last as i64).map(|index| index as f64 * step).collect()
}

/// The largest round number up to a count: 1, 2, 3, 4, 5, 6 or 8 with noughts.
pub(super) fn round_down(count: f64) -> f64 {
    let power = 10_f64.powf(count.max(1.0).log10().floor());
    let round = [8.0, 6.0, 5.0, 4.0, 3.0, 2.0].into_iter().map(|digit| digit * power).find(|round| *round <= count);
    round.unwrap_or(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_lie_within() {
        let steps = [0.1, 0.25, 0.5, 1.0];
        assert_eq!(ticks(-0.31, 0.42, &steps, 4.0), [-0.25, 0.0, 0.25]);
        assert_eq!(ticks(-1.0, 1.0, &steps, 5.0), [-1.0, -0.5, 0.0, 0.5, 1.0]);
        assert_eq!(ticks(-0.05, 0.05, &steps, 4.0), [0.0]);
        assert_eq!([1.0, 7.0, 84.0, 121.0, 5000.0].map(round_down), [1.0, 6.0, 80.0, 100.0, 5000.0]);
    }

    #[test]
    fn what_lies_beyond_the_axis_is_drawn_at_its_end() {
        let scale = Scale::new((-1.0, 1.0), (100.0, 0.0));
        assert_eq!([-2.0, -1.0, 0.0, 1.0].map(|value| scale.place(value)), [100.0, 100.0, 50.0, 0.0]);
    }
}
