//! Everything a witness's device does, without a window: enrol, photograph,
//! record, seal, deliver.

pub mod view;
