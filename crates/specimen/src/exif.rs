//! The EXIF that a phone writes into a photo: made-up maker and model, time,
//! place and orientation. It is there so that whoever strips metadata has
//! some to strip.

/// Types of EXIF values.
const ASCII: u16 = 2;
const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;

/// Bytes of one directory entry.
const ENTRY_BYTES: usize = 12;

/// Bytes of the TIFF header.
const HEADER_BYTES: usize = 8;

/// One tag with its value, bytes in little-endian order.
struct Entry {
    tag: u16,
    kind: u16,
    count: u32,
    value: Vec<u8>,
}

impl Entry {
    fn text(tag: u16, text: &str) -> Self {
        let mut value = text.as_bytes().to_vec();
        value.push(0);
        Self {
            tag,
            kind: ASCII,
            count: length(value.len()),
            value,
        }
    }

    fn short(tag: u16, value: u16) -> Self {
        Self {
            tag,
            kind: SHORT,
            count: 1,
            value: value.to_le_bytes().to_vec(),
        }
    }

    fn long(tag: u16, value: u32) -> Self {
        Self {
            tag,
            kind: LONG,
            count: 1,
            value: value.to_le_bytes().to_vec(),
        }
    }

    /// Numbers as fractions.
    fn rationals(tag: u16, fractions: &[(u32, u32)]) -> Self {
        let value = fractions
            .iter()
            .flat_map(|(above, below)| [above.to_le_bytes(), below.to_le_bytes()].concat());
        Self {
            tag,
            kind: RATIONAL,
            count: length(fractions.len()),
            value: value.collect(),
        }
    }
}

/// The TIFF structure of a made-up phone's photo, taken on `date`
/// (`YYYY-MM-DD`) in the afternoon, to be turned as `orientation` says.
pub(crate) fn of_a_phone(date: &str, orientation: u16) -> Vec<u8> {
    let taken = format!("{} 15:42:07", date.replace('-', ":"));
    let main = |photo_at: u32, place_at: u32| {
        vec![
            Entry::text(0x010F, "Contoh"),
            Entry::text(0x0110, "Ponsel Contoh 5"),
            Entry::short(0x0112, orientation),
            Entry::text(0x0131, "Kamera 1.0"),
            Entry::text(0x0132, &taken),
            Entry::long(0x8769, photo_at),
            Entry::long(0x8825, place_at),
        ]
    };
    let photo = vec![
        Entry::rationals(0x829A, &[(1, 50)]),
        Entry::rationals(0x829D, &[(18, 10)]),
        Entry::short(0x8827, 200),
        Entry::text(0x9003, &taken),
        Entry::text(0x9011, "+08:00"),
        Entry::rationals(0x920A, &[(473, 100)]),
    ];
    // A crossing of degrees in the province, nobody's house.
    let place = vec![
        Entry::text(0x0001, "S"),
        Entry::rationals(0x0002, &[(0, 1), (30, 1), (0, 1)]),
        Entry::text(0x0003, "E"),
        Entry::rationals(0x0004, &[(117, 1), (0, 1), (0, 1)]),
    ];
    let photo_at = HEADER_BYTES + directory_bytes(&main(0, 0));
    let place_at = photo_at + directory_bytes(&photo);
    let mut tiff = b"II*\0".to_vec();
    tiff.extend(length(HEADER_BYTES).to_le_bytes());
    let main = main(length(photo_at), length(place_at));
    for (directory, start) in [(main, HEADER_BYTES), (photo, photo_at), (place, place_at)] {
        tiff.extend(directory_at(&directory, start));
    }
    tiff
}

/// A directory and the values that do not fit into its entries.
fn directory_at(entries: &[Entry], start: usize) -> Vec<u8> {
    let mut values_at = start + fixed_bytes(entries);
    let mut fixed = u16::try_from(entries.len())
        .unwrap_or(u16::MAX)
        .to_le_bytes()
        .to_vec();
    let mut values = Vec::new();
    for entry in entries {
        fixed.extend(entry.tag.to_le_bytes());
        fixed.extend(entry.kind.to_le_bytes());
        fixed.extend(entry.count.to_le_bytes());
        if entry.value.len() <= 4 {
            let mut inline = entry.value.clone();
            inline.resize(4, 0);
            fixed.extend(inline);
        } else {
            fixed.extend(length(values_at).to_le_bytes());
            values.extend(&entry.value);
            values.resize(values.len().next_multiple_of(2), 0);
            values_at = start + fixed_bytes(entries) + values.len();
        }
    }
    // No further directory of this kind.
    fixed.extend([0; 4]);
    fixed.extend(values);
    fixed
}

fn fixed_bytes(entries: &[Entry]) -> usize {
    2 + entries.len() * ENTRY_BYTES + 4
}

fn directory_bytes(entries: &[Entry]) -> usize {
    directory_at(entries, 0).len()
}

fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
