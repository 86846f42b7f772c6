//! `form-layout`: takes the places of marks, tag, boxes and bubbles from the
//! vector drawing of an official blank form, and writes them as layout data.
//!
//! `cargo xtask layout FORM BLANK.pdf` turns the PDF's pages into SVG with
//! poppler's `pdftocairo` and runs this on them; pages are given in their order.
//!
//! Which figure a row of boxes belongs to follows from the form's layout in
//! `sample`: fields of a page in reading order, or votes by option.

use std::io::Write;

use anyhow::{Context, Result, bail, ensure};

const MM_PER_POINT: f64 = 25.4 / 72.0;

/// A closed or open path's box in millimetres.
#[derive(Clone, Copy)]
struct Shape {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
    is_curved: bool,
    is_filled: bool,
    line: f64,
}

impl Shape {
    fn is_sized(&self, low: f64, high: f64) -> bool {
        (low..high).contains(&self.width) && (low..high).contains(&self.height)
    }

    fn middle(&self) -> (f64, f64) {
        (self.left + self.width / 2.0, self.top + self.height / 2.0)
    }
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let form = arguments
        .next()
        .context("usage: form-layout FORM PAGE.svg…")?;
    let layout = sample::layout(&form)?.with_context(|| format!("no form {form}"))?;
    let mut pages = Vec::new();
    for (file, page) in arguments.zip(&layout.pages) {
        let svg = std::fs::read_to_string(&file).with_context(|| file.clone())?;
        let shapes = shapes(&svg);
        let mut ids: Vec<String> = layout
            .fields
            .iter()
            .filter(|field| field.page == page.number)
            .map(|field| field.id.clone())
            .collect();
        let rows = figures(&shapes, usize::from(layout.votes.digits));
        let votes = rows.len().saturating_sub(ids.len());
        ids.extend((1..=votes).map(|option| format!("votes.{option}")));
        ensure!(
            ids.len() == rows.len(),
            "{file}: {} rows, {} ids",
            rows.len(),
            ids.len()
        );
        let tag = page.tag.context("a page without a tag")?;
        pages.push(page_json(page.number, tag, &ids, &rows));
        if pages.len() == layout.pages.len() {
            writeln!(std::io::stdout(), "{}", form_json(&form, &shapes, &pages)?)?;
        }
    }
    ensure!(
        pages.len() == layout.pages.len(),
        "a drawing for each page is needed"
    );
    Ok(())
}

/// A figure's boxes, and the bubbles of each.
type Figure = Vec<(Shape, Vec<Shape>)>;

/// Boxes in reading order, so many to a figure, with the bubbles below them.
fn figures(shapes: &[Shape], digits: usize) -> Vec<Figure> {
    let mut boxes: Vec<Shape> = shapes
        .iter()
        .copied()
        .filter(|shape| !shape.is_curved && shape.is_sized(17.0, 21.0) && shape.line > 0.9)
        .collect();
    boxes.sort_by(|a, b| {
        let row = |shape: &Shape| (shape.top / 4.0).round();
        row(a).total_cmp(&row(b)).then(a.left.total_cmp(&b.left))
    });
    let circles: Vec<Shape> = shapes
        .iter()
        .copied()
        .filter(|shape| shape.is_curved && !shape.is_filled && shape.is_sized(7.5, 8.5))
        .collect();
    let bubbles = |frame: &Shape| {
        let (x, _) = frame.middle();
        let below = |circle: &&Shape| {
            let (cx, cy) = circle.middle();
            (cx - x).abs() < 2.0 && cy > frame.top && cy < frame.top + 150.0
        };
        let mut column: Vec<Shape> = circles.iter().filter(below).copied().collect();
        column.sort_by(|a, b| a.top.total_cmp(&b.top));
        column.truncate(10);
        column
    };
    boxes
        .chunks(digits)
        .map(|row| row.iter().map(|frame| (*frame, bubbles(frame))).collect())
        .collect()
}

fn page_json(page: u32, tag: u32, ids: &[String], rows: &[Figure]) -> String {
    let figures: Vec<String> = ids
        .iter()
        .zip(rows)
        .map(|(id, row)| figure_json(id, row))
        .collect();
    format!(
        "    {{\"page\": {page}, \"tag\": {tag}, \"figures\": [\n{}\n    ]}}",
        figures.join(",\n")
    )
}

fn figure_json(id: &str, row: &Figure) -> String {
    let boxes: Vec<String> = row
        .iter()
        .map(|(frame, _)| numbers(&[frame.left, frame.top, frame.width, frame.height]))
        .collect();
    let mut json = format!(
        "      {{\"id\": \"{id}\", \"boxes\": [{}]",
        boxes.join(", ")
    );
    if let Some((_, column)) = row.first()
        && let Some(bubble) = column.first()
    {
        let columns: Vec<String> = row
            .iter()
            .map(|(_, column)| {
                let places: Vec<String> = column
                    .iter()
                    .map(|circle| numbers(&[circle.middle().0, circle.middle().1]))
                    .collect();
                format!("        [{}]", places.join(", "))
            })
            .collect();
        json += &format!(
            ", \"bubble_radius\": {:.2}, \"bubbles\": [\n{}\n      ]",
            bubble.width / 2.0,
            columns.join(",\n")
        );
    }
    json + "}"
}

fn form_json(form: &str, shapes: &[Shape], pages: &[String]) -> Result<String> {
    let squares: Vec<&Shape> = shapes
        .iter()
        .filter(|shape| shape.is_filled && !shape.is_curved && shape.is_sized(6.8, 7.6))
        .collect();
    ensure!(
        squares.len() == 8,
        "{} squares of corner marks",
        squares.len()
    );
    // Two squares touch where one's lower right is the other's upper left.
    let mut marks = Vec::new();
    for square in &squares {
        let (x, y) = (square.left + square.width, square.top + square.height);
        if squares
            .iter()
            .any(|other| (other.left - x).hypot(other.top - y) < 0.3)
        {
            marks.push((x, y));
        }
    }
    let corner = |right: bool, low: bool| {
        let mark = marks
            .iter()
            .find(|(x, y)| (*x > 300.0) == right && (*y > 450.0) == low);
        mark.map(|(x, y)| numbers(&[*x, *y]))
            .context("a corner without a mark")
    };
    let marks = [
        corner(false, false)?,
        corner(true, false)?,
        corner(true, true)?,
        corner(false, true)?,
    ];
    let Some(tag) = shapes
        .iter()
        .find(|shape| shape.is_filled && shape.is_sized(31.0, 33.0))
    else {
        bail!("no tag");
    };
    let side = squares.first().map_or(0.0, |square| square.width);
    Ok(format!(
        "{{\n  \"form\": \"{form}\",\n  \"sheet\": [600, 900],\n  \"marks\": [{}],\n  \"mark_side\": {side:.2},\n  \"tag\": {},\n  \"pages\": [\n{}\n  ]\n}}",
        marks.join(", "),
        numbers(&[tag.left, tag.top, tag.width]),
        pages.join(",\n")
    ))
}

fn numbers(values: &[f64]) -> String {
    let values: Vec<String> = values.iter().map(|value| format!("{value:.2}")).collect();
    format!("[{}]", values.join(", "))
}

/// Every path of the drawing, each of its parts on its own.
fn shapes(svg: &str) -> Vec<Shape> {
    let mut shapes = Vec::new();
    for line in svg.lines().filter(|line| line.starts_with("<path")) {
        let style = attribute(line, "style").unwrap_or_default();
        let way = attribute(line, "d").unwrap_or_default();
        let turn = attribute(line, "transform")
            .and_then(|turn| turn.strip_prefix("matrix("))
            .map(|turn| values(turn.trim_end_matches(')'), ','));
        let turn = match turn.as_deref() {
            Some([a, b, c, d, e, f]) => [*a, *b, *c, *d, *e, *f],
            _ => [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
        };
        let line_mm = style
            .split(';')
            .find_map(|part| part.strip_prefix("stroke-width:"))
            .and_then(|width| width.parse::<f64>().ok())
            .unwrap_or_default()
            * MM_PER_POINT;
        for part in way.split('M').filter(|part| !part.trim().is_empty()) {
            if let Some(shape) = shape(part, turn) {
                shapes.push(Shape {
                    is_filled: !style.contains("fill:none"),
                    line: line_mm,
                    ..shape
                });
            }
        }
    }
    shapes
}

fn attribute<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = line.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

fn values(text: &str, between: char) -> Vec<f64> {
    text.split(between)
        .filter_map(|number| number.trim().parse().ok())
        .collect()
}

/// The box of one part of a path; `None` for less than a line.
fn shape(part: &str, [a, b, c, d, e, f]: [f64; 6]) -> Option<Shape> {
    let numbers = values(part, ' ');
    let (pairs, _) = numbers.as_chunks::<2>();
    if pairs.len() < 3 {
        return None;
    }
    let places = pairs.iter().map(|[x, y]| {
        let (x, y) = (a * x + c * y + e, b * x + d * y + f);
        (x * MM_PER_POINT, y * MM_PER_POINT)
    });
    let (mut low, mut high) = ((f64::MAX, f64::MAX), (f64::MIN, f64::MIN));
    for (x, y) in places {
        low = (low.0.min(x), low.1.min(y));
        high = (high.0.max(x), high.1.max(y));
    }
    Some(Shape {
        left: low.0,
        top: low.1,
        width: high.0 - low.0,
        height: high.1 - low.1,
        is_curved: part.contains('C'),
        is_filled: false,
        line: 0.0,
    })
}
