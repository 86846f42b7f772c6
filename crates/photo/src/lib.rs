//! Camera bytes in; a judged, upright, small reading copy and hashes out.
//!
//! A witness photographs a result form with whatever phone there is. This
//! crate turns the camera's file into a **reading copy**: upright whatever
//! the EXIF says, long side at most 2,000 px, progressive JPEG of at most
//! 300 kB without any metadata, so that it travels over a bad link and can be
//! read in the counting room. The camera's own file is the evidence: it is
//! only looked at here, hashed, and never changed.
//!
//! What is promised:
//! * Any bytes whatever give a copy or a closed [`PhotoError`], never a panic,
//!   and never more memory than [`limits`] says: a file's claims are checked
//!   before anything is allocated for them.
//! * A photo that is dark, blurred, tiny or cut short is still taken, with a
//!   [`Warning`]: the form may be gone tomorrow and a bad photo of it is worth
//!   more than none.
//! * The same bytes give the same copy, byte for byte, on the same machine.
//!
//! What is absent: no threads (call it off the window's thread), no files, no
//! clock, no colour management (a wide-gamut photo comes out slightly paler;
//! the figures do not), and no reading of handwriting: [`page`] reads what is
//! printed to be read, the tag and the bubbles.

mod decode;
mod encode;
mod error;
mod exif;
mod jpeg;
mod judge;
mod likeness;
pub mod limits;
pub mod page;
mod pixels;
mod png;
mod qr;
mod reduce;
mod scaled;
mod sniff;

pub use error::{OtherFormat, PhotoError};
pub use exif::TakenAt;
pub use jpeg::{JpegFacts, inspect};
pub use judge::{Judgement, Warning};
pub use likeness::{Likeness, SAME_PHOTO_MAX_BITS};
pub use qr::read_qr;
pub use reduce::{FileFacts, OriginalFacts, ReadingCopy, reduce, thumbnail};
