//! Whether a screen fits, and can be used by people who cannot see it well or
//! use no mouse (axe finds nothing serious).

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::stage::screen::Screen;

/// The smallest screen of a counting room, and a large one.
pub const SIZES: [(u32, u32); 2] = [(1366, 768), (1920, 1080)];
/// What tells whether a page can be used by everybody, as the screens' own
/// package file names it.
const AXE: &str = "../ui/node_modules/axe-core/axe.min.js";

/// What is wrong with these screens of a console, at both sizes.
///
/// # Errors
/// When one does not come up.
pub async fn faults(room: &Screen, home: &str, places: &[String]) -> Result<Vec<String>> {
    let axe = Path::new(env!("CARGO_MANIFEST_DIR")).join(AXE);
    let axe = std::fs::read_to_string(axe).context("axe-core is not installed in ui")?;
    let mut wrong = Vec::new();
    for (width, height) in SIZES {
        room.resize(width, height).await?;
        for place in places {
            room.open(&format!("{home}{place}")).await?;
            room.until("return !!document.querySelector('main') && !document.querySelector('[aria-busy=true]')")
                .await
                .with_context(|| place.clone())?;
            let name: String = place
                .chars()
                .filter(char::is_ascii_alphabetic)
                .take(20)
                .collect();
            room.picture(&format!("ruang-{name}-{width}")).await?;
            wrong.extend(faults_of(room, &axe, place, width).await?);
        }
    }
    Ok(wrong)
}

/// Where the bar of the console leads.
///
/// # Errors
/// When there is no bar.
pub async fn screens(room: &Screen) -> Result<Vec<String>> {
    let links = "return [...document.querySelectorAll('header nav a')].map(it => it.hash)";
    let links = room.client().execute(links, vec![]).await?;
    let links = links.as_array().context("no links")?;
    Ok(links
        .iter()
        .filter_map(|link| link.as_str().map(str::to_owned))
        .collect())
}

/// What is wrong with the screen that is shown.
async fn faults_of(room: &Screen, axe: &str, place: &str, width: u32) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let wide = "return document.documentElement.scrollWidth";
    let wide = room.client().execute(wide, vec![]).await?;
    if wide.as_u64().unwrap_or_default() > u64::from(width) {
        wrong.push(format!("{place} is {wide} px wide on a screen of {width}"));
    }
    let bar = "const bar = document.querySelector('header nav'); return bar.scrollWidth - bar.clientWidth";
    let bar = room.client().execute(bar, vec![]).await?;
    if bar.as_i64().unwrap_or_default() > 0 {
        wrong.push(format!("the bar lacks {bar} px on a screen of {width}"));
    }
    room.client().execute(axe, vec![]).await?;
    let asked = "const done = arguments[arguments.length - 1];
        axe.run(document, { resultTypes: ['violations'] }).then(
            (found) => done(found.violations.map(({ id, impact, nodes }) =>
                ({ id, impact, at: nodes.map((node) => node.target.join(' ') + ' ' + node.failureSummary) }))),
            (cause) => done(String(cause)))";
    let found = room.client().execute_async(asked, vec![]).await?;
    let found = found.as_array().with_context(|| found.to_string())?;
    for fault in found {
        let impact = fault.get("impact").and_then(Value::as_str);
        if matches!(impact, Some("serious" | "critical")) {
            wrong.push(format!("{place} at {width} px: {fault}"));
        }
    }
    Ok(wrong)
}
