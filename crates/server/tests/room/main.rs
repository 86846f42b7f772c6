//! Stories of the counting room: over HTTP, on a real database, with phones
//! that sign what they send.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a story that cannot go on has failed"
)]

mod audit;
mod bubbles;
mod bundles;
mod coverage;
mod description;
mod desk;
mod dossiers;
mod exports;
mod irregularities;
mod lists;
mod live;
mod messages;
mod official;
mod operations;
mod originals;
mod paper;
mod photos;
mod progress;
mod queue;
mod queue_readings;
mod queue_room;
mod refused;
mod restored;
mod rulings;
mod same_photos;
mod seats;
mod sign_in;
mod totals;
mod wall;
mod workbooks;
mod world;
mod zips;
