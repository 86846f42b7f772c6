//! What a plain JPEG says before its only scan: sizes, steps and codes.

use super::bits::Bits;
use crate::jpeg::{next_marker, split_segment};

/// Place by row and column (row × 8 + column) of each wave in stored order.
pub(super) const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// Bits of a code that are looked up at once; longer ones are rare.
const QUICK_BITS: u32 = 10;

/// One component and what its blocks are read with.
pub(super) struct Component {
    /// Blocks across and down in each unit of the scan.
    pub(super) across: usize,
    pub(super) down: usize,
    /// Step of each wave, in stored order.
    pub(super) quantisation: [f32; 64],
    pub(super) dc: HuffmanTable,
    pub(super) ac: HuffmanTable,
}

/// A file ready to be decoded.
pub(super) struct Plan<'a> {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) mcus_across: usize,
    pub(super) mcus_down: usize,
    /// Units between restart markers; 0 when there are none.
    pub(super) restart_every: u32,
    pub(super) components: Vec<Component>,
    /// Everything behind the scan's header.
    pub(super) data: &'a [u8],
}

/// What the segments before the scan have defined so far.
#[derive(Default)]
struct Defined<'a> {
    quantisation: [Option<[f32; 64]>; 4],
    dc: [Option<HuffmanTable>; 4],
    ac: [Option<HuffmanTable>; 4],
    restart_every: u32,
    frame: Option<&'a [u8]>,
}

impl<'a> Plan<'a> {
    /// Reads up to the first scan; `None` for what is not of the plain kind.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(&[0xFF, 0xD8])?;
        let mut defined = Defined::default();
        loop {
            let (marker, after) = next_marker(rest)?;
            rest = after;
            if matches!(marker, 0x01 | 0xD0..=0xD8) {
                continue;
            }
            let (segment, after) = split_segment(rest).ok()?;
            rest = after;
            match marker {
                0xDB => defined.read_steps(segment)?,
                0xC4 => defined.read_codes(segment)?,
                0xC0 | 0xC1 => defined.frame = Some(segment),
                0xDD => {
                    let (every, _) = segment.split_first_chunk::<2>()?;
                    defined.restart_every = u32::from(u16::from_be_bytes(*every));
                }
                // Adobe's mark: 1 is the usual kind of colour.
                0xEE if segment.starts_with(b"Adobe") && segment.get(11) != Some(&1) => {
                    return None;
                }
                0xDA => return defined.plan(segment, rest),
                0xC2..=0xCF => return None,
                _ => {}
            }
        }
    }
}

impl<'a> Defined<'a> {
    fn read_steps(&mut self, mut segment: &[u8]) -> Option<()> {
        while let Some((head, rest)) = segment.split_first() {
            let (steps, after) = match head >> 4 {
                0 => {
                    let (steps, after) = rest.split_first_chunk::<64>()?;
                    (steps.map(f32::from), after)
                }
                1 => {
                    let (steps, after) = rest.split_first_chunk::<128>()?;
                    let mut wide = [0.0; 64];
                    let (pairs, _) = steps.as_chunks::<2>();
                    for (step, pair) in wide.iter_mut().zip(pairs) {
                        *step = f32::from(u16::from_be_bytes(*pair));
                    }
                    (wide, after)
                }
                _ => return None,
            };
            *self.quantisation.get_mut(usize::from(head & 0x0F))? = Some(steps);
            segment = after;
        }
        Some(())
    }

    fn read_codes(&mut self, mut segment: &[u8]) -> Option<()> {
        while let Some((head, rest)) = segment.split_first() {
            let (lengths, rest) = rest.split_first_chunk::<16>()?;
            let count: usize = lengths.iter().map(|count| usize::from(*count)).sum();
            let (symbols, after) = rest.split_at_checked(count)?;
            let table = HuffmanTable::new(lengths, symbols)?;
            let tables = match head >> 4 {
                0 => &mut self.dc,
                1 => &mut self.ac,
                _ => return None,
            };
            *tables.get_mut(usize::from(head & 0x0F))? = Some(table);
            segment = after;
        }
        Some(())
    }

    fn plan(&self, scan: &[u8], data: &'a [u8]) -> Option<Plan<'a>> {
        let ([_, h1, h0, w1, w0, count], parts) = self.frame?.split_first_chunk::<6>()?;
        let height = u32::from(u16::from_be_bytes([*h1, *h0]));
        let width = u32::from(u16::from_be_bytes([*w1, *w0]));
        let (parts, _) = parts.as_chunks::<3>();
        let (choices, tail) = scan.get(1..)?.as_chunks::<2>();
        let is_plain = matches!(count, 1 | 3)
            && scan.first() == Some(count)
            && parts.len() == usize::from(*count)
            && choices.len() == parts.len() + 1
            && tail.len() == 1;
        if !is_plain || parts.iter().map(|[id, ..]| *id).eq(*b"RGB") {
            return None;
        }
        let mut components = Vec::new();
        for ([id, factors, steps], [chosen, codes]) in parts.iter().zip(choices) {
            let (across, down) = match count {
                1 => (1, 1),
                _ => (usize::from(factors >> 4), usize::from(factors & 0x0F)),
            };
            if id != chosen || !matches!((across, down), (1..=2, 1..=2)) {
                return None;
            }
            components.push(Component {
                across,
                down,
                quantisation: (*self.quantisation.get(usize::from(*steps))?)?,
                dc: self.dc.get(usize::from(codes >> 4))?.clone()?,
                ac: self.ac.get(usize::from(codes & 0x0F))?.clone()?,
            });
        }
        // Brightness as it comes, both colours alike and coarser or the same.
        let (first, others) = components.split_first()?;
        if others
            .iter()
            .any(|other| (other.across, other.down) != (1, 1))
        {
            return None;
        }
        let units =
            |side: u32, blocks: usize| Some(usize::try_from(side).ok()?.div_ceil(8 * blocks));
        Some(Plan {
            width,
            height,
            mcus_across: units(width, first.across)?,
            mcus_down: units(height, first.down)?,
            restart_every: self.restart_every,
            components,
            data,
        })
    }
}

/// A table of Huffman codes.
#[derive(Clone)]
pub(super) struct HuffmanTable {
    /// By the next bits: length of the code and its symbol; length 0 when the
    /// code is longer.
    short: Vec<(u8, u8)>,
    /// By the next bits: length of code and value together, zeros before the
    /// value, and the value; length 0 when they are longer together.
    quick: Vec<(u8, u8, i16)>,
    /// For each length: the first code that is longer, filled to 16 bits, and
    /// what to add to a code for its symbol's place.
    longer: [(u32, i32); 16],
    symbols: Vec<u8>,
}

impl HuffmanTable {
    fn new(lengths: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let mut short = vec![(0, 0); 1 << QUICK_BITS];
        let mut longer = [(0, 0); 16];
        let (mut code, mut place) = (0_u32, 0_usize);
        for ((length, count), bound) in (1_u32..).zip(lengths).zip(&mut longer) {
            let add = i32::try_from(place).ok()? - i32::try_from(code).ok()?;
            for _ in 0..*count {
                let symbol = *symbols.get(place)?;
                if let Some(free) = QUICK_BITS.checked_sub(length) {
                    let first = usize::try_from(code << free).ok()?;
                    for entry in short.get_mut(first..first + (1 << free))? {
                        *entry = (u8::try_from(length).ok()?, symbol);
                    }
                }
                code += 1;
                place += 1;
            }
            if code > 1 << length {
                return None;
            }
            *bound = (code << (16 - length), add);
            code <<= 1;
        }
        let quick = (0_u32..)
            .zip(&short)
            .map(|(bits, entry)| quick(bits, *entry));
        Some(Self {
            quick: quick.collect(),
            short,
            longer,
            symbols: symbols.to_vec(),
        })
    }

    /// The next symbol; `None` when no code is like this.
    #[inline]
    pub(super) fn symbol(&self, bits: &mut Bits<'_>) -> Option<u8> {
        let (length, symbol) = *self.short.get(bits.peek(QUICK_BITS))?;
        if length > 0 {
            bits.skip(u32::from(length));
            return Some(symbol);
        }
        let code = u32::try_from(bits.peek(16)).ok()?;
        let (length, (_, add)) = (1_u32..)
            .zip(&self.longer)
            .find(|(_, (bound, _))| code < *bound)?;
        bits.skip(length);
        let place = i32::try_from(code >> (16 - length)).ok()? + add;
        self.symbols.get(usize::try_from(place).ok()?).copied()
    }

    /// Zeros and the value behind them, when both are short.
    #[inline]
    pub(super) fn quick(&self, bits: &mut Bits<'_>) -> Option<(usize, i16)> {
        let (length, run, value) = *self.quick.get(bits.peek(QUICK_BITS))?;
        if length == 0 {
            return None;
        }
        bits.skip(u32::from(length));
        Some((usize::from(run), value))
    }
}

/// What the next [`QUICK_BITS`] say when they hold a code and its value.
fn quick(bits: u32, (length, symbol): (u8, u8)) -> (u8, u8, i16) {
    let (run, size) = (symbol >> 4, symbol & 0x0F);
    let used = u32::from(length) + u32::from(size);
    if length == 0 || size == 0 || used > QUICK_BITS {
        return (0, 0, 0);
    }
    let value = bits >> (QUICK_BITS - used) & ((1 << size) - 1);
    let value = i16::try_from(value).unwrap_or_default();
    let value = if value < 1 << (size - 1) {
        value - (1 << size) + 1
    } else {
        value
    };
    (u8::try_from(used).unwrap_or_default(), run, value)
}
