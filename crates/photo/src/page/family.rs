//! The tags printed on the wall forms of 2024, and the page each one names.
//!
//! Code words and the order of their bits are those of the published table of
//! the family 36h10 (APRIL Robotics Laboratory, University of Michigan); only
//! the numbers that stand on forms are here. Any two of the family differ in
//! at least ten bits, so a code with a few wrong bits is still one of them
//! and no other.

/// Runs of code words by the number of the first.
const RUNS: [(u32, &[u64]); 8] = [
    (101, &[0x1_e576_f881, 0x2_a290_cda7, 0x3_b1ae_80b1]),
    (
        201,
        &[
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
        ],
    ),
    (
        301,
        &[
            0xc_43ac_bba9,
            0x0_3c4f_2ed0,
            0x5_a6df_5a79,
            0xa_cf8a_733e,
            0xe_0540_8ed3,
            0x6_0787_293b,
            0x8_9e95_533f,
            0xd_cb67_3abc,
            0xe_0ea1_0fda,
            0xe_fa4f_932e,
            0x4_5e98_8b2b,
            0x5_d2c1_1c5e,
            0xb_84be_5c13,
        ],
    ),
    (
        401,
        &[
            0xf_ebd8_25c0,
            0x8_98d7_2da2,
            0xc_2d8c_5ade,
            0x6_0b79_7eea,
            0x7_2817_31bd,
            0xb_48a4_940a,
            0xd_7e28_a20d,
            0x0_6d0a_ac8e,
            0x2_f418_d6e8,
            0x4_5ce7_d55f,
            0xb_b341_5aa6,
            0xf_592d_643d,
            0x0_c556_e7e9,
            0xd_ede5_6c4e,
            0x0_75f6_3628,
            0x7_78f6_9c5b,
            0xb_0add_7ab7,
            0xd_86f0_b737,
            0x6_d309_2589,
            0x7_7661_8a1b,
            0xe_cec9_9b8c,
            0x3_8a56_d5b3,
            0xe_0cb4_64d1,
            0x0_b938_5f3a,
            0xb_a42a_64f5,
        ],
    ),
    (
        501,
        &[
            0xc_e935_2b2b,
            0x8_2838_db6f,
            0xd_3bf0_4d59,
            0xc_9df5_aec3,
            0xa_4e8a_afee,
            0x6_b1db_1459,
            0x6_ba32_17d0,
            0xe_5c73_549c,
            0x3_7c26_79df,
            0x7_32d6_9874,
            0x7_3ce9_8c9e,
            0x4_cc0f_5c5e,
            0x0_8f1b_8c73,
            0xe_f1b2_2865,
            0x0_6f5e_b759,
            0x1_476b_ea11,
            0x7_8ba4_8850,
            0x7_4ac4_68d5,
            0x8_ed2a_2869,
            0xa_0d4f_4fcd,
            0x2_401b_cfac,
            0xa_f485_2356,
            0xe_4948_7115,
            0x6_78eb_e495,
            0x3_afec_50b5,
        ],
    ),
    (399, &[0xd_f93c_d25b]),
    (499, &[0x6_3e99_b95a]),
    (599, &[0x6_88ee_f9ab]),
];

/// Bits of a code word.
pub(super) const BITS: usize = 36;

/// Column and row of each bit among the tag's eight by eight cells, the most
/// significant first: the family winds round the tag in four arms.
const COLUMNS: &[u8; BITS] = b"123452343666665554654325434111112223";
const ROWS: &[u8; BITS] = b"111112223123452343666665554654325434";

/// Wrong bits up to which a code is still taken for one of the family.
const WRONG_BITS_MAX: u32 = 3;

/// Forms by the hundreds of their tags' numbers, from 1.
const FORMS: [&str; 5] = [
    "c-hasil-ppwp-2024",
    "c-hasil-dpr-2024",
    "c-hasil-dpd-2024",
    "c-hasil-dprd-prov-2024",
    "c-hasil-dprd-kab-2024",
];

/// The last page with the totals has this number in the forms whose number of
/// pages differs from place to place.
const LAST: u32 = 99;

/// Columns and rows of the bits, the most significant first.
pub(super) fn bit_cells() -> impl Iterator<Item = (u8, u8)> {
    COLUMNS
        .iter()
        .zip(ROWS)
        .map(|(column, row)| (column - b'0', row - b'0'))
}

/// The number whose code word is nearest to these bits, and how many of them
/// are wrong; `None` when none is near.
pub(super) fn nearest(bits: u64) -> Option<(u32, u32)> {
    let all = RUNS
        .iter()
        .flat_map(|(first, words)| (*first..).zip(*words));
    let (wrong, number) = all
        .map(|(number, word)| ((word ^ bits).count_ones(), number))
        .min()?;
    (wrong <= WRONG_BITS_MAX).then_some((number, wrong))
}

/// A page of a form, as its tag names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct FormPage {
    /// Id of the form, such as `c-hasil-ppwp-2024`.
    pub form: &'static str,
    /// Number of the page from 1; 99 is the last one with the totals, in forms
    /// whose number of pages differs from place to place.
    pub page: u32,
}

impl FormPage {
    /// The page that tag `number` stands on.
    #[must_use]
    pub fn of_tag(number: u32) -> Option<Self> {
        let hundred = usize::try_from(number / 100).ok()?.checked_sub(1)?;
        let form = FORMS.get(hundred)?;
        let page = number % 100;
        let known = RUNS.iter().any(|(first, words)| {
            let place = number
                .checked_sub(*first)
                .and_then(|place| usize::try_from(place).ok());
            place.is_some_and(|place| place < words.len())
        });
        known.then_some(Self { form, page })
    }

    /// Whether this is the last page with the totals of a form that does not
    /// say how many pages it has.
    #[must_use]
    pub fn is_last(self) -> bool {
        self.page == LAST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_names_its_form_and_page() {
        let page = |tag| FormPage::of_tag(tag).map(|page| (page.form, page.page));
        assert_eq!(page(102), Some(("c-hasil-ppwp-2024", 2)));
        assert_eq!(page(220), Some(("c-hasil-dpr-2024", 20)));
        assert_eq!(page(599), Some(("c-hasil-dprd-kab-2024", 99)));
        assert_eq!(page(104), None);
        assert_eq!(page(99), None);
        assert_eq!(page(601), None);
    }

    #[test]
    fn wrong_bits_up_to_three_are_put_right_and_more_are_not() {
        let code = 0x2_a290_cda7;
        assert_eq!(nearest(code), Some((102, 0)));
        assert_eq!(nearest(code ^ 0b1001_0000_0001), Some((102, 3)));
        assert_eq!(nearest(code ^ 0xF), None);
    }

    #[test]
    fn no_two_codes_are_alike_however_a_form_is_turned() {
        let words: Vec<u64> = RUNS
            .iter()
            .flat_map(|(_, words)| words.iter().copied())
            .collect();
        for (index, one) in words.iter().enumerate() {
            for other in words.iter().skip(index + 1) {
                assert!((one ^ other).count_ones() >= 10);
            }
        }
    }
}
