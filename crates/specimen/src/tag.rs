//! The AprilTags (family 36h10) printed on the wall forms of 2024.
//!
//! Only the tags of the forms that this crate draws are here: 101–103
//! (president) and 201–220 (national house). Code words and the order of
//! their bits are those of the family's published table (APRIL Robotics
//! Laboratory, University of Michigan).

/// Cells along a tag's side, its black border included.
pub(crate) const SIDE_CELLS: u8 = 8;

/// Bits of a code word.
const BITS: usize = 36;

const PRESIDENT_FIRST: u32 = 101;
const PRESIDENT: [u64; 3] = [0x1_e576_f881, 0x2_a290_cda7, 0x3_b1ae_80b1];

const HOUSE_FIRST: u32 = 201;
const HOUSE: [u64; 20] = [
    0xb_5d3c_69a3,
    0xf_5691_2854,
    0x1_f860_96b4,
    0x1_ee86_5210,
    0x2_4bf5_c67c,
    0x3_7a5d_0bee,
    0x3_c2fc_d384,
    0x5_324b_c851,
    0x5_886a_7099,
    0xb_72fa_2c2c,
    0xf_c92e_b5b5,
    0x4_22e4_a0c6,
    0x5_9b17_b310,
    0x8_e7d2_e941,
    0x9_43f5_0c2d,
    0x9_3db3_8889,
    0xd_3c56_115c,
    0xe_c309_7940,
    0xf_0c8e_4c64,
    0x1_5a1a_2b44,
];

/// Column of each bit, the most significant first: the family winds round the
/// tag in four arms.
const BIT_COLUMNS: &[u8; BITS] = b"123452343666665554654325434111112223";

/// Row of each bit.
const BIT_ROWS: &[u8; BITS] = b"111112223123452343666665554654325434";

/// Columns and rows of the white cells of tag `number`; `None` when it is not
/// one of the tags known here.
pub(crate) fn white_cells(number: u32) -> Option<Vec<(u8, u8)>> {
    let within = |first: u32, codes: &[u64]| {
        let index = usize::try_from(number.checked_sub(first)?).ok()?;
        codes.get(index).copied()
    };
    let code = within(PRESIDENT_FIRST, &PRESIDENT).or_else(|| within(HOUSE_FIRST, &HOUSE))?;
    let cells = BIT_COLUMNS.iter().zip(BIT_ROWS).enumerate();
    let white = cells
        .filter(|(index, _)| code >> (BITS - 1 - index) & 1 == 1)
        .map(|(_, (column, row))| (column - b'0', row - b'0'));
    Some(white.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tag_102_is_the_one_on_the_official_form() {
        let cells = white_cells(102).unwrap();
        let rows: Vec<String> = (0..SIDE_CELLS)
            .map(|row| {
                (0..SIDE_CELLS)
                    .map(|column| {
                        if cells.contains(&(column, row)) {
                            '#'
                        } else {
                            '.'
                        }
                    })
                    .collect()
            })
            .collect();
        // Copied cell by cell from the official blank form's second page.
        assert_eq!(rows, OFFICIAL_102);
        assert_eq!(white_cells(104), None);
    }

    const OFFICIAL_102: [&str; 8] = [
        "........", "...#.#..", "...#..#.", ".##..#..", "..##..#.", ".#.##...", ".#.##...",
        "........",
    ];
}
