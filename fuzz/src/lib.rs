//! The fuzz targets as functions, so that the stories of the main workspace can
//! replay the kept corpus without libFuzzer.

pub mod targets;
