//! Draws filled result forms as a phone would photograph them: for the demo, tests and benchmarks.
