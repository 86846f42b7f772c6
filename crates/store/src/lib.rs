//! The phone's SQLite: numbered migrations and a module per table.
