//! Photos made by code: a page with lines and strokes, what a bad hand does to
//! it, and the files that cameras and attackers would write.
#![expect(
    dead_code,
    unreachable_pub,
    reason = "each test file is its own crate and uses a part of this"
)]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "test code outside of test functions; a failure here is a failed test"
)]

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

/// An 8-bit RGB picture.
#[derive(Clone)]
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pub rgb: Vec<u8>,
}

/// A small generator of numbers, so that every run draws the same page.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(2).wrapping_add(1))
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

impl Picture {
    pub fn filled(width: usize, height: usize, colour: [u8; 3]) -> Self {
        Self {
            width,
            height,
            rgb: colour.repeat(width * height),
        }
    }

    /// A page as a phone sees it: greyish paper, table lines, strokes of ink.
    pub fn page(width: usize, height: usize) -> Self {
        let mut page = Self::filled(width, height, [205, 203, 198]);
        let unit = (width.max(height) / 400).max(1);
        let mut dice = Dice::new(7);
        for y in (0..height).step_by(unit * 16) {
            page.rectangle(0, y, width, unit / 2 + 1, [60, 60, 62]);
        }
        for x in (0..width).step_by(unit * 40) {
            page.rectangle(x, 0, unit / 2 + 1, height, [60, 60, 62]);
        }
        for _ in 0..2_500 {
            let (x, y) = (dice.below(width), dice.below(height));
            if dice.below(2) == 0 {
                page.rectangle(x, y, unit / 2 + 1, unit * 4, [40, 50, 120]);
            } else {
                page.rectangle(x, y, unit * 3, unit / 2 + 1, [30, 30, 34]);
            }
        }
        page
    }

    pub fn rectangle(&mut self, x: usize, y: usize, width: usize, height: usize, colour: [u8; 3]) {
        for row in y..(y + height).min(self.height) {
            for column in x..(x + width).min(self.width) {
                let at = (row * self.width + column) * 3;
                self.rgb[at..at + 3].copy_from_slice(&colour);
            }
        }
    }

    /// Grain of a sensor: every channel off by up to `strength` either way.
    pub fn grainy(mut self, strength: usize) -> Self {
        let mut dice = Dice::new(11);
        for byte in &mut self.rgb {
            let shifted = usize::from(*byte) + dice.below(2 * strength + 1);
            *byte = u8::try_from(shifted.saturating_sub(strength).min(255)).unwrap();
        }
        self
    }

    /// Out of focus: three box blurs, which come close to a Gaussian.
    pub fn blurred(mut self, radius: usize) -> Self {
        for _ in 0..3 {
            self = self.blurred_across(radius).turned();
            self = self.blurred_across(radius).turned();
        }
        self
    }

    fn blurred_across(&self, radius: usize) -> Self {
        let mut out = self.clone();
        for y in 0..self.height {
            for channel in 0..3 {
                let at = |x: usize| usize::from(self.rgb[(y * self.width + x) * 3 + channel]);
                let last = self.width - 1;
                let mut sum: usize = (0..=2 * radius).map(|i| at(i.saturating_sub(radius))).sum();
                for x in 0..self.width {
                    out.rgb[(y * self.width + x) * 3 + channel] =
                        u8::try_from(sum / (2 * radius + 1)).unwrap();
                    sum += at((x + radius + 1).min(last));
                    sum -= at(x.saturating_sub(radius));
                }
            }
        }
        out
    }

    fn turned(&self) -> Self {
        Self::drawn(self.height, self.width, |x, y| self.at(y, x))
    }

    /// Light reduced to `percent`.
    pub fn dimmed(mut self, percent: usize) -> Self {
        for byte in &mut self.rgb {
            *byte = u8::try_from(usize::from(*byte) * percent / 100).unwrap();
        }
        self
    }

    pub fn at(&self, x: usize, y: usize) -> [u8; 3] {
        let at = (y * self.width + x) * 3;
        self.rgb[at..at + 3].try_into().unwrap()
    }

    pub fn drawn(width: usize, height: usize, colour: impl Fn(usize, usize) -> [u8; 3]) -> Self {
        let rgb = (0..height)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .flat_map(|(x, y)| colour(x, y))
            .collect();
        Self { width, height, rgb }
    }

    pub fn noise(width: usize, height: usize) -> Self {
        let mut dice = Dice::new(23);
        let rgb = (0..width * height * 3)
            .map(|_| u8::try_from(dice.below(256)).unwrap())
            .collect();
        Self { width, height, rgb }
    }

    /// A baseline JPEG as cameras write them.
    pub fn jpeg(&self) -> Vec<u8> {
        self.camera_file(false, None)
    }

    pub fn progressive_jpeg(&self) -> Vec<u8> {
        self.camera_file(true, None)
    }

    /// A camera's file, with EXIF if given.
    pub fn camera_file(&self, progressive: bool, exif: Option<&[u8]>) -> Vec<u8> {
        let mut jpeg = Vec::new();
        let mut encoder = Encoder::new(&mut jpeg, 90);
        encoder.set_progressive(progressive);
        encoder.set_sampling_factor(SamplingFactor::F_2_2);
        if let Some(tiff) = exif {
            encoder
                .add_app_segment(1, [b"Exif\0\0", tiff].concat())
                .unwrap();
        }
        self.encode_with(encoder, &self.rgb, ColorType::Rgb);
        jpeg
    }

    /// As print shops write it: cyan, magenta, yellow, black, inverted.
    pub fn cmyk_jpeg(&self) -> Vec<u8> {
        let cmyk: Vec<u8> = self
            .rgb
            .chunks_exact(3)
            .flat_map(|p| [p[0], p[1], p[2], 255].map(|ink| 255 - ink))
            .collect();
        let mut jpeg = Vec::new();
        self.encode_with(Encoder::new(&mut jpeg, 90), &cmyk, ColorType::Cmyk);
        jpeg
    }

    fn encode_with(&self, encoder: Encoder<&mut Vec<u8>>, samples: &[u8], kind: ColorType) {
        let width = u16::try_from(self.width).unwrap();
        let height = u16::try_from(self.height).unwrap();
        encoder.encode(samples, width, height, kind).unwrap();
    }

    /// A PNG of 8 bits per channel.
    pub fn png(&self) -> Vec<u8> {
        let picture = image::RgbImage::from_raw(
            u32::try_from(self.width).unwrap(),
            u32::try_from(self.height).unwrap(),
            self.rgb.clone(),
        );
        png_of(&image::DynamicImage::ImageRgb8(picture.unwrap()))
    }
}

/// Any picture as a PNG of its own depth.
pub fn png_of(picture: &image::DynamicImage) -> Vec<u8> {
    let mut png = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}

/// EXIF as a phone writes it: orientation, and time with its distance from UTC.
pub fn exif(orientation: u16, taken: Option<(&str, &str)>) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    let entry = |tiff: &mut Vec<u8>, tag: u16, kind: u16, count: u32, value: u32| {
        tiff.extend(tag.to_le_bytes());
        tiff.extend(kind.to_le_bytes());
        tiff.extend(count.to_le_bytes());
        tiff.extend(value.to_le_bytes());
    };
    tiff.extend(2_u16.to_le_bytes());
    entry(&mut tiff, 0x0112, 3, 1, u32::from(orientation));
    entry(&mut tiff, 0x8769, 4, 1, 38);
    tiff.extend(0_u32.to_le_bytes());
    let (time, offset) = taken.unwrap_or(("    :  :     :  :  ", "      "));
    tiff.extend(2_u16.to_le_bytes());
    entry(&mut tiff, 0x9003, 2, 20, 68);
    entry(&mut tiff, 0x9011, 2, 7, 88);
    tiff.extend(0_u32.to_le_bytes());
    tiff.extend([time.as_bytes(), b"\0", offset.as_bytes(), b"\0"].concat());
    tiff
}

/// The markers of a JPEG in their order, with where each stands.
pub fn markers(jpeg: &[u8]) -> Vec<(u8, usize)> {
    let mut found = Vec::new();
    let mut at = 2;
    while at + 1 < jpeg.len() {
        let marker = jpeg[at + 1];
        if jpeg[at] != 0xFF || matches!(marker, 0x00 | 0xD0..=0xD7 | 0xFF) {
            at += 1;
            continue;
        }
        found.push((marker, at));
        if marker == 0xD9 {
            break;
        }
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
    found
}

/// Where a marker stands first.
pub fn place_of(jpeg: &[u8], wanted: u8) -> usize {
    let found = markers(jpeg);
    found
        .iter()
        .find(|(marker, _)| *marker == wanted)
        .unwrap()
        .1
}

/// The same file claiming other dimensions.
pub fn claiming(mut jpeg: Vec<u8>, width: u16, height: u16) -> Vec<u8> {
    let sof = markers(&jpeg)
        .into_iter()
        .find(|(marker, _)| matches!(marker, 0xC0..=0xC2))
        .unwrap()
        .1;
    jpeg[sof + 5..sof + 7].copy_from_slice(&height.to_be_bytes());
    jpeg[sof + 7..sof + 9].copy_from_slice(&width.to_be_bytes());
    jpeg
}

/// One chunk of a PNG with its checksum.
pub fn png_chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut crc = u32::MAX;
    for byte in kind.iter().chain(content) {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
        }
    }
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&length[..], kind, content, &(!crc).to_be_bytes()].concat()
}
