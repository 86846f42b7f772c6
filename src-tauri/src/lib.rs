//! The window of the witness app.
