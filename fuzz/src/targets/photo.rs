//! A file that somebody says is a photo.

use jpeg_encoder::{ColorType, Encoder};
use photo::Likeness;
use photo::limits::{READING_COPY_LONG_SIDE_PX, READING_COPY_MAX_BYTES};
use photo::page::{PageReading, PlaceLayout, read_page};

/// Pixels per millimetre of the drawn page: small, and its tag is found.
const PX_PER_MM: f64 = 0.6;

/// Page 2 of the presidential form, which has bubbles.
const TAG: u32 = 102;

/// White cells of that tag, row by row, from its top left.
const TAG_CELLS: [u8; 8] = [
    0b0000_0000,
    0b0001_0100,
    0b0001_0010,
    0b0110_0100,
    0b0011_0010,
    0b0101_1000,
    0b0101_1000,
    0b0000_0000,
];

/// A black and white PNG of 24 × 24 pixels.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x18\x00\x00\x00\x18\
\x01\x00\x00\x00\x00\xc8\x0c\x00U\x00\x00\x00\x0fIDATx\xdac\xf8\xc0\xbf\x8a\x81\x86\x18\
\x00\x7f\xd9'\xd9R\xff9\x12\x00\x00\x00\x00IEND\xaeB`\x82";

/// An EXIF block that says: turn it right to see it.
const EXIF: &[u8] = b"\xff\xe1\x00\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\
\x06\0\0\0\0\0\0\0";

/// A copy is within its limits and can be inspected; whatever gives a copy can
/// be read, and what is read hangs together.
pub fn run(data: &[u8]) {
    let _ = photo::inspect(data);
    let _ = photo::thumbnail(data, 32);
    let reading = read_page(data);
    if let Ok(copy) = photo::reduce(data) {
        assert!(copy.jpeg.len() <= READING_COPY_MAX_BYTES as usize);
        assert!(copy.width.max(copy.height) <= READING_COPY_LONG_SIDE_PX);
        assert!(photo::inspect(&copy.jpeg).is_ok());
        assert!(reading.is_ok(), "a photo with a copy cannot be read");
        let look = Likeness::of(data).expect("a photo with a copy has a look");
        assert_eq!(Likeness::from_hex(&look.to_hex()).as_ref(), Some(&look));
    }
    if let Ok(reading) = reading {
        hangs_together(&reading);
    }
}

fn hangs_together(reading: &PageReading) {
    assert!(reading.page.is_none() || reading.tag.is_some());
    assert!(reading.view.is_none() || reading.page.is_some());
    assert!(reading.sheet.is_none() || reading.page.is_some());
    for figure in &reading.figures {
        let digits = figure.digits.iter().map(|digit| digit.value());
        let number = digits.into_iter().try_fold(0, |number, digit| {
            let digit = digit?;
            assert!(digit <= 9);
            Some(number * 10 + u32::from(digit))
        });
        assert_eq!(figure.number, number);
        assert!(figure.place_px.iter().all(|place| place.is_finite()));
    }
}

/// A drawn page, the same in other clothes, and files that mean harm.
pub fn seeds() -> Vec<Vec<u8>> {
    let page = drawn_page();
    let jpeg = page.jpeg(false);
    let claiming = |side: [u8; 2]| {
        let mut jpeg = jpeg.clone();
        let frame = jpeg.windows(2).position(|mark| mark == [0xFF, 0xC0]);
        if let Some(size) = frame.and_then(|at| jpeg.get_mut(at + 5..at + 9)) {
            size.copy_from_slice(&[side, side].concat());
        }
        jpeg
    };
    let (start, rest) = jpeg.split_at(2);
    let mut padded = jpeg.clone();
    padded[jpeg.len() / 2..].fill(0);
    vec![
        page.jpeg(true),
        jpeg[..jpeg.len() / 2].to_vec(),
        padded,
        claiming([0x4E, 0x20]),
        claiming([0x1F, 0x40]),
        [start, EXIF, rest].concat(),
        PNG.to_vec(),
        PNG[..50].to_vec(),
        b"\0\0\0\x24ftypheic\0\0\0\0mif1heic".to_vec(),
        jpeg,
    ]
}

/// A grey picture.
struct Picture {
    width: usize,
    height: usize,
    grey: Vec<u8>,
}

impl Picture {
    /// Paints a rectangle that is given in millimetres.
    fn paint(&mut self, [left, top, width, height]: [f64; 4], level: u8) {
        let px = |mm: f64| (mm * PX_PER_MM).round().max(0.0) as usize;
        for row in px(top)..px(top + height).min(self.height) {
            for column in px(left)..px(left + width).min(self.width) {
                self.grey[row * self.width + column] = level;
            }
        }
    }

    fn jpeg(&self, progressive: bool) -> Vec<u8> {
        let mut jpeg = Vec::new();
        let mut encoder = Encoder::new(&mut jpeg, 60);
        encoder.set_progressive(progressive);
        let sides = [self.width, self.height].map(|side| u16::try_from(side).unwrap_or(u16::MAX));
        encoder
            .encode(&self.grey, sides[0], sides[1], ColorType::Luma)
            .expect("a small picture is encoded");
        jpeg
    }
}

/// Marks, tag, boxes, and one bubble filled in each column.
fn drawn_page() -> Picture {
    let layout = PlaceLayout::of_form("c-hasil-ppwp-2024").expect("its places are known");
    let [width, height] = layout.sheet.map(|side| (side * PX_PER_MM) as usize);
    let mut page = Picture {
        width,
        height,
        grey: vec![225; width * height],
    };
    let side = layout.mark_side;
    for [x, y] in layout.marks {
        page.paint([x - side, y - side, side, side], 20);
        page.paint([x, y, side, side], 20);
    }
    let [left, top, side] = layout.tag;
    let cell = side / 8.0;
    for (row, cells) in (0_u8..).zip(TAG_CELLS) {
        for column in 0..8_u8 {
            let place = |number: u8| f64::from(number) * cell;
            let level = if cells >> (7 - column) & 1 == 1 {
                225
            } else {
                20
            };
            page.paint([left + place(column), top + place(row), cell, cell], level);
        }
    }
    let places = layout.page_of_tag(TAG).expect("the page is known");
    for figure in &places.figures {
        for [left, top, width, height] in &figure.boxes {
            page.paint([left - 0.6, top - 0.6, width + 1.2, height + 1.2], 20);
            page.paint([left + 0.6, top + 0.6, width - 1.2, height - 1.2], 225);
        }
        let radius = figure.bubble_radius;
        for (column, middles) in figure.bubbles.iter().enumerate() {
            for (digit, [x, y]) in middles.iter().enumerate() {
                let level = if digit == column + 3 { 40 } else { 190 };
                page.paint([x - radius, y - radius, 2.0 * radius, 2.0 * radius], level);
            }
        }
    }
    page
}
