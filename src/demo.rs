//! An invented brand in an invented world, to see the service work without the internet.

pub use simulation::{Demo, DemoError, open};
pub use summary::Summary;

mod simulation;
mod summary;
