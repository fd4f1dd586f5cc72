//! What shipments do: the interpreter of private steps (`walk`), operations that others see (`meet`), visits of stations (`serve`), releases
//! (`demand`, `release`), deliveries, branches and batches (`waiting`), decisions at hubs (`replan`), bookings and charges.
//!
//! Does not own resources that are served event by event (`resource`) nor vehicles (`service`).

mod booking;
mod charge;
mod delivery;
mod demand;
mod meet;
mod release;
mod replan;
mod serve;
mod waiting;
pub(crate) mod walk;
