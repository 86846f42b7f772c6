//! `saksi-photo`: what the crate does with one photo, from a shell.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use photo::page::{PlaceLayout, read_page};
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
        sharpness, paper_luma

  saksi-photo read IN.jpg [--layout FORM]
      Reads the page. With --layout (such as c-hasil-ppwp-2024) a page of
      another form is told apart. Prints JSON:
        page          {form, page} that the tag names; null without a tag
        is_this_form  whether that is FORM; null without --layout or page
        tag           {number, wrong_bits, quarter_turns, corners_px}; or null
        judgement     {problems, paper, print, px_per_mm, blown, marked_px};
                      problems of too_dark, too_bright, glare, blurred,
                      too_small, cut_off, turned
        marks_px      the four corner marks, clockwise from the top left; null
                      where one was not found
        figures       for each figure with bubbles {id, number, digits, boxes,
                      place_px}: number is null when a digit is unsure; digits
                      are 0 to 9 or \"unsure: blank | faint | several | unclear\";
                      boxes are blank, cross, dash, written or unclear
        likeness      512 hexadecimal digits, for telling one photo sent twice
        ms            decoding and reading
  saksi-photo forms
      Prints the forms whose bubbles can be read.

Exits with 0, or with 1 and a line on stderr when the file cannot be read.
";

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["reduce", input, output] => reduce(Path::new(input), Path::new(output)),
        ["read", input] => read(Path::new(input), None),
        ["read", input, "--layout", form] | ["read", "--layout", form, input] => {
            read(Path::new(input), Some(form))
        }
        ["forms"] => PlaceLayout::known().try_for_each(print),
        ["--help" | "-h" | "help"] => print(HELP.trim_end()),
        _ => Err(format!("what is to be done?\n\n{HELP}").into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell when stderr is closed too.
            let _ = writeln!(std::io::stderr(), "saksi-photo: {error}");
            ExitCode::FAILURE
        }
    }
}

fn print(line: &str) -> Outcome {
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}

fn bytes_of(file: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(file).map_err(|error| format!("{}: {error}", PathBuf::from(file).display()))
}

fn reduce(input: &Path, output: &Path) -> Outcome {
    let original = bytes_of(input)?;
    let started = Instant::now();
    let copy = photo::reduce(&original)?;
    let ms = started.elapsed().as_secs_f64() * 1_000.0;
    std::fs::write(output, &copy.jpeg)?;
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
        return Err(
            format!("the places on form {form} are not known; see saksi-photo forms").into(),
        );
    }
    let bytes = bytes_of(input)?;
    let started = Instant::now();
    let reading = read_page(&bytes)?;
    let ms = started.elapsed().as_secs_f64() * 1_000.0;
    let likeness = photo::Likeness::of(&bytes)?;
    let place = |x: f64, y: f64| json!([rounded(x, 10.0), rounded(y, 10.0)]);
    let tag = reading.tag.map(|tag| {
        json!({
            "number": tag.number,
            "wrong_bits": tag.wrong_bits,
            "quarter_turns": tag.quarter_turns(),
            "corners_px": tag.corners.map(|corner| place(corner.x, corner.y)),
        })
    });
    let figures: Vec<Value> = reading.figures.iter().map(figure).collect();
    let facts = json!({
        "page": reading.page,
        "is_this_form": form.and_then(|form| Some(reading.page?.form == form)),
        "tag": tag,
        "judgement": reading.judgement,
        "marks_px": reading.marks.map(|mark| mark.map(|mark| place(mark.x, mark.y))),
        "figures": figures,
        "likeness": likeness.to_hex(),
        "ms": rounded(ms, 10.0),
    });
    print(&format!("{facts:#}"))
}

fn figure(figure: &photo::page::FigureReading) -> Value {
    let digits: Vec<Value> = figure
        .digits
        .iter()
        .map(|digit| match digit {
            photo::page::Digit::Read(digit) => json!(digit),
            photo::page::Digit::Unsure(doubt) => {
                let doubt = json!(doubt);
                json!(format!("unsure: {}", doubt.as_str().unwrap_or_default()))
            }
        })
        .collect();
    json!({
        "id": figure.id,
        "number": figure.number,
        "digits": digits,
        "boxes": figure.boxes,
        "place_px": figure.place_px.map(|value| rounded(value, 10.0)),
    })
}

fn rounded(value: f64, parts: f64) -> f64 {
    (value * parts).round() / parts
}
