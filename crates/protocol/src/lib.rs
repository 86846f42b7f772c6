//! What crosses the wire between a witness's device, the endpoint, and the
//! counting room.
//!
//! Bodies, signed envelopes, codes and limits, with no idea of how they are
//! carried or stored. `docs/protocol.md` is the text of this contract;
//! `protocol-vectors.json` holds worked examples that the tests reproduce.
//! The TypeScript types of the screens are generated from the types here.
//!
//! Bodies that come in as requests refuse unknown keys; bodies that come in as
//! answers ignore them, so that an older phone can talk to a newer endpoint.

pub mod audit;
pub mod bundle;
pub mod console;
pub mod coverage;
pub mod crockford;
pub mod desk;
pub mod dossier;
pub mod encoding;
pub mod enrol;
pub mod envelope;
pub mod inbox;
pub mod irregularity;
pub mod keys;
pub mod limits;
pub mod official;
pub mod pack;
pub mod paper;
pub mod photo;
pub mod problem;
pub mod qr;
pub mod queue;
pub mod reading;
pub mod receipt;
pub mod revision;
pub mod slot_id;
pub mod sms;
pub mod timestamp;
pub mod totals;
pub mod wall;
pub mod workbook;

pub use enrol::EnrolCode;
pub use envelope::Envelope;
pub use keys::{PublicKey, SecretKey};
pub use problem::{Problem, ProblemCode};
pub use reading::BubbleReading;
pub use receipt::{Receipt, ReceiptKind};
pub use revision::Revision;
pub use slot_id::SlotId;
pub use timestamp::Timestamp;
