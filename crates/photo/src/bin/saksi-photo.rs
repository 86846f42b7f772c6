//! `saksi-photo`: what the crate does with one photo, from a shell.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use photo::page::{Digit, FigureReading, PlaceLayout, Problem, read_page};
use serde_json::{Value, json};

const HELP: &str = "\
saksi-photo: what Saksi does with one photo of a result form

  saksi-photo reduce IN.jpg OUT.jpg
      Writes the reading copy: upright, at most 2,000 px and 300,000 bytes,
      progressive JPEG without metadata. Prints one line of JSON:
        ms            decoding to encoded copy, without reading or writing files
        bytes_in, bytes_out, width, height
        sha256_in, sha256_out
        warnings      of dark, blurred, tiny, partial
        sharpness     0 to 1; null when there is nothing to tell it by
        paper_luma    brightness of the paper, 0 to 255

  saksi-photo read IN.jpg [--layout FORM]
      Reads the page. With --layout (such as c-hasil-ppwp-2024) a page of
      another form is told apart. Prints JSON:
        form, page    the form's id and the page's number, as the tag names
                      them; null when no tag was found (regional forms have none)
        is_this_form  whether it is FORM; null without --layout or page
        tag           {number, wrong_bits, quarter_turns, corners_px}; or null
        judgement     {problems, paper, print, px_per_mm, blown, marked_px}:
                      problems are {code, id, en}, a code of too_dark,
                      too_bright, glare, blurred, too_small, cut_off, turned
                      and a sentence in Indonesian and English; paper is its
                      brightness, 0 to 255; print how clear the boxes' lines
                      are, 0 to 1; blown the share of boxes without detail
        marks_px      the four corner marks, clockwise from the top left; null
                      where one was not found
        options       for each figure with bubbles {id, number, digits, doubts,
                      boxes, place_px}: digits are 0 to 9 or \"unsure\"; doubts
                      say why, of blank, faint, several, unclear; number is
                      null unless every digit was read; boxes are blank, cross,
                      dash, written or unclear
        likeness      512 hexadecimal digits, for telling one photo sent twice
        ms            decoding and reading
      All places are pixels of the upright picture of at most 2,000 px.

  saksi-photo forms
      Prints the forms whose bubbles can be read.

Exit codes: 0 done, also when the photo shows no page; 1 the file cannot be
read, or is no picture; 2 the command is not understood. Errors are one line on
stderr.
";

/// Exits when a file cannot be read, and when the command is not understood.
const CANNOT_READ: u8 = 1;
const NOT_UNDERSTOOD: u8 = 2;

/// What went wrong: the exit code and a sentence.
type Outcome = Result<(), (u8, String)>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["--help" | "-h" | "help"] | ["reduce" | "read" | "forms", "--help" | "-h"] => {
            print(HELP.trim_end())
        }
        ["reduce", input, output] => reduce(Path::new(input), Path::new(output)),
        ["read", input] => read(Path::new(input), None),
        ["read", input, "--layout", form] | ["read", "--layout", form, input] => {
            read(Path::new(input), Some(form))
        }
        ["forms"] => PlaceLayout::known().try_for_each(print),
        _ => Err((
            NOT_UNDERSTOOD,
            "reduce IN.jpg OUT.jpg, read IN.jpg [--layout FORM], or forms; see --help".into(),
        )),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err((code, sentence)) => {
            // Nobody is left to tell when stderr is closed too.
            let _ = writeln!(std::io::stderr(), "saksi-photo: {sentence}");
            ExitCode::from(code)
        }
    }
}

fn print(line: &str) -> Outcome {
    writeln!(std::io::stdout(), "{line}").map_err(|error| (CANNOT_READ, error.to_string()))
}

/// An error about a file, which its sentence names.
fn about<E: std::fmt::Display>(file: &Path) -> impl Fn(E) -> (u8, String) {
    move |error| (CANNOT_READ, format!("{}: {error}", file.display()))
}

fn reduce(input: &Path, output: &Path) -> Outcome {
    let original = std::fs::read(input).map_err(about(input))?;
    let started = Instant::now();
    let copy = photo::reduce(&original).map_err(about(input))?;
    let ms = started.elapsed().as_secs_f64() * 1_000.0;
    std::fs::write(output, &copy.jpeg).map_err(about(output))?;
    let facts = json!({
        "ms": rounded(ms, 10.0),
        "bytes_in": original.len(),
        "bytes_out": copy.file.size_bytes,
        "width": copy.width,
        "height": copy.height,
        "sha256_in": copy.original.file.sha256,
        "sha256_out": copy.file.sha256,
        "warnings": copy.judgement.warnings,
        "sharpness": copy.judgement.sharpness.map(|value| rounded(f64::from(value), 1_000.0)),
        "paper_luma": copy.judgement.paper_luma,
    });
    print(&facts.to_string())
}

fn read(input: &Path, form: Option<&str>) -> Outcome {
    if let Some(form) = form
        && PlaceLayout::of_form(form).is_none()
    {
        let sentence = format!("the places on form {form} are not known; see saksi-photo forms");
        return Err((NOT_UNDERSTOOD, sentence));
    }
    let bytes = std::fs::read(input).map_err(about(input))?;
    let started = Instant::now();
    let reading = read_page(&bytes).map_err(about(input))?;
    let ms = started.elapsed().as_secs_f64() * 1_000.0;
    let likeness = photo::Likeness::of(&bytes).map_err(about(input))?;
    let place = |x: f64, y: f64| json!([rounded(x, 10.0), rounded(y, 10.0)]);
    let tag = reading.tag.map(|tag| {
        json!({
            "number": tag.number,
            "wrong_bits": tag.wrong_bits,
            "quarter_turns": tag.quarter_turns(),
            "corners_px": tag.corners.map(|corner| place(corner.x, corner.y)),
        })
    });
    let judged = &reading.judgement;
    let measure = |value: Option<f64>| value.map(|value| rounded(value, 100.0));
    let judgement = json!({
        "problems": judged.problems.iter().map(problem).collect::<Vec<Value>>(),
        "paper": measure(judged.paper),
        "print": measure(judged.print),
        "px_per_mm": measure(judged.px_per_mm),
        "blown": measure(judged.blown),
        "marked_px": judged.marked_px.iter().map(corners).collect::<Vec<Value>>(),
    });
    let facts = json!({
        "form": reading.page.map(|page| page.form),
        "page": reading.page.map(|page| page.page),
        "is_this_form": form.and_then(|form| Some(reading.page?.form == form)),
        "tag": tag,
        "judgement": judgement,
        "marks_px": reading.marks.map(|mark| mark.map(|mark| place(mark.x, mark.y))),
        "options": reading.figures.iter().map(option).collect::<Vec<Value>>(),
        "likeness": likeness.to_hex(),
        "ms": rounded(ms, 10.0),
    });
    print(&format!("{facts:#}"))
}

/// A problem's code, and what to do about it in Indonesian and English.
fn problem(problem: &Problem) -> Value {
    let [id, en] = match problem {
        Problem::TooDark => ["Foto terlalu gelap.", "The photo is too dark."],
        Problem::TooBright => ["Foto terlalu terang.", "The photo is too bright."],
        Problem::Glare => [
            "Ada pantulan cahaya pada angka.",
            "Light is mirrored on the figures.",
        ],
        Problem::Blurred => [
            "Angka kabur: tahan ponsel dan tunggu fokus.",
            "The figures are blurred: hold still and wait for focus.",
        ],
        Problem::TooSmall => [
            "Angka terlalu kecil: foto lebih dekat.",
            "The figures are too small: go nearer.",
        ],
        Problem::CutOff => [
            "Halaman terpotong: keempat sudut harus terlihat.",
            "The page is cut off: all four corners must be seen.",
        ],
        Problem::Turned => [
            "Halaman terbalik atau miring ke samping.",
            "The page lies upside down or on its side.",
        ],
    };
    json!({ "code": problem.code(), "id": id, "en": en })
}

fn option(figure: &FigureReading) -> Value {
    let digits = figure.digits.iter().map(|digit| match digit {
        Digit::Read(digit) => json!(digit),
        Digit::Unsure(_) => json!("unsure"),
    });
    let doubts = figure.digits.iter().map(|digit| match digit {
        Digit::Read(_) => Value::Null,
        Digit::Unsure(doubt) => json!(doubt),
    });
    json!({
        "id": figure.id,
        "number": figure.number,
        "digits": digits.collect::<Vec<Value>>(),
        "doubts": doubts.collect::<Vec<Value>>(),
        "boxes": figure.boxes,
        "place_px": corners(&figure.place_px),
    })
}

fn corners(place_px: &[f64; 4]) -> Value {
    json!(place_px.map(|value| rounded(value, 10.0)))
}

fn rounded(value: f64, parts: f64) -> f64 {
    (value * parts).round() / parts
}
