//! Progress bars, for anything over two seconds.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar of `length` steps.
#[must_use]
pub fn bar(what: &'static str, length: u64) -> ProgressBar {
    let bar =
        ProgressBar::new(length).with_style(style("{msg:<34} {wide_bar} {pos}/{len} {elapsed:>4}"));
    bar.set_message(what);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// A bar of `length` milliseconds.
#[must_use]
pub fn clock(what: &'static str, length: Duration) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(length.as_millis()).unwrap_or(u64::MAX))
        .with_style(style("{msg:<34} {wide_bar} {elapsed:>4}"));
    bar.set_message(what);
    bar
}

/// A spinner for what has no length.
#[must_use]
pub fn spinner(what: &'static str) -> ProgressBar {
    let spinner = ProgressBar::new_spinner().with_style(style("{spinner} {msg} {elapsed}"));
    spinner.set_message(what);
    spinner.enable_steady_tick(Duration::from_millis(120));
    spinner
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
