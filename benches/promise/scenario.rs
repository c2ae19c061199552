//! What happens to a brand.

/// What happens in a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scenario {
    Quiet,
    SmallDrop,
    MediumDrop,
    LargeDrop,
    Rise,
    Drift,
    /// A large drop in one segment only.
    SegmentDrop,
    AuthorBurst,
    Syndication,
    VolumeSpike,
    NewForum,
    Outage,
    Holiday,
}

impl Scenario {
    pub(crate) const ALL: [Self; 13] = [
        Self::Quiet,
        Self::SmallDrop,
        Self::MediumDrop,
        Self::LargeDrop,
        Self::Rise,
        Self::Drift,
        Self::SegmentDrop,
        Self::AuthorBurst,
        Self::Syndication,
        Self::VolumeSpike,
        Self::NewForum,
        Self::Outage,
        Self::Holiday,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Quiet => "nothing",
            Self::SmallDrop => "small drop",
            Self::MediumDrop => "medium drop",
            Self::LargeDrop => "large drop",
            Self::Rise => "medium rise",
            Self::Drift => "drift over 21 days",
            Self::SegmentDrop => "large drop, one segment",
            Self::AuthorBurst => "one author",
            Self::Syndication => "one text",
            Self::VolumeSpike => "five times as much",
            Self::NewForum => "new negative forum",
            Self::Outage => "outage",
            Self::Holiday => "holiday",
        }
    }

    /// How far the mood tilts for good.
    pub(crate) const fn tilt(self) -> f64 {
        match self {
            Self::SmallDrop => -0.20,
            Self::MediumDrop | Self::Drift => -0.45,
            Self::LargeDrop | Self::SegmentDrop => -1.0,
            Self::Rise => 0.45,
            _ => 0.0,
        }
    }

    /// Whether the mood shifts, and which way.
    pub(crate) const fn direction(self) -> f64 {
        let tilt = self.tilt();
        if tilt < 0.0 {
            -1.0
        } else if tilt > 0.0 {
            1.0
        } else {
            0.0
        }
    }
}
