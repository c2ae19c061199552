//! The loops that drive everything, each with a step that takes `now`.
