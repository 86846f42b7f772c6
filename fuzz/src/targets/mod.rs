//! What strangers can hand to Saksi, and what must hold whatever they hand.
//!
//! Each target has `run`, which panics when a promise is broken, and `seeds`,
//! examples that are whole, for mutations to begin from. Absent: everything
//! that needs a database, a clock or a network; those are simulated.

pub mod batch;
pub mod bundle;
pub mod enrol_code;
pub mod envelope;
pub mod photo;
pub mod qr;
mod sealed;
pub mod sms;

/// One target.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name, also of its folder of kept inputs.
    pub name: &'static str,
    /// Panics when a promise is broken.
    pub run: fn(&[u8]),
    /// Inputs that are whole.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All targets.
pub const ALL: &[Target] = &[
    Target {
        name: "envelope",
        run: envelope::run,
        seeds: envelope::seeds,
    },
    Target {
        name: "batch",
        run: batch::run,
        seeds: batch::seeds,
    },
    Target {
        name: "sms",
        run: sms::run,
        seeds: sms::seeds,
    },
    Target {
        name: "qr",
        run: qr::run,
        seeds: qr::seeds,
    },
    Target {
        name: "bundle",
        run: bundle::run,
        seeds: bundle::seeds,
    },
    Target {
        name: "enrol_code",
        run: enrol_code::run,
        seeds: enrol_code::seeds,
    },
    Target {
        name: "photo",
        run: photo::run,
        seeds: photo::seeds,
    },
];
