//! The endpoint: takes in revisions and photos, signs for them, and serves the counting room.
