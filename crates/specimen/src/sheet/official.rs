//! Positions measured on the official blank C.Hasil-PPWP of 2024, in
//! millimetres from the top left corner of its 600 × 900 mm.

use crate::measure::{Area, Point, at};

/// The whole sheet.
pub(crate) const SHEET: Area = Area::spanning(0.0, 0.0, 600.0, 900.0);

/// Printing black, and the greys of the form.
pub(crate) const BLACK: [u8; 3] = [35, 25, 22];
pub(crate) const GRID_GREY: [u8; 3] = [201, 202, 202];
pub(crate) const FRAME_GREY: [u8; 3] = [220, 221, 221];
pub(crate) const LABEL_GREY: [u8; 3] = [159, 160, 160];

/// Breadths of printed lines.
pub(crate) const HEAVY_LINE: f32 = 0.88;
pub(crate) const BOX_LINE: f32 = 1.06;
pub(crate) const MEDIUM_LINE: f32 = 0.53;
pub(crate) const LIGHT_LINE: f32 = 0.35;

/// Edges of everything between the frame.
pub(crate) const LEFT: f32 = 73.0;
pub(crate) const RIGHT: f32 = 526.9;

/// Corner marks: two squares each, touching at a corner.
pub(crate) const CORNER_SIDE: f32 = 7.2;
pub(crate) const CORNER_SQUARES: [Point; 8] = [
    at(40.0, 57.8),
    at(47.2, 65.0),
    at(545.5, 57.8),
    at(552.7, 65.0),
    at(40.0, 867.5),
    at(47.2, 874.7),
    at(545.5, 867.5),
    at(552.7, 874.7),
];

/// The tag with its black border, eight cells wide.
pub(crate) const TAG: Area = Area::spanning(494.0, 107.3, 526.0, 139.3);

/// The box with the form's name.
pub(crate) const MODEL_BOX: Area = Area::spanning(482.9, 78.1, 526.9, 98.1);

/// Tops of the first page's three tables.
pub(crate) const TABLE_TOPS: [f32; 3] = [343.8, 543.9, 683.0];

/// From the foot of one table to the head of the next where none was measured.
pub(crate) const TABLE_GAP: f32 = 22.0;

/// Column edges of a table of men, women and total.
pub(crate) const COLUMNS: [f32; 4] = [302.0, 376.9, 451.9, 526.9];

/// Heights of a table's head, its row of column numbers and a part's heading.
pub(crate) const TABLE_HEAD: f32 = 15.0;
pub(crate) const TABLE_NUMBERS: f32 = 7.5;

/// Digit boxes of the tables.
pub(crate) const TABLE_BOX: f32 = 18.0;
pub(crate) const TABLE_BOX_PITCH: f32 = 23.0;
pub(crate) const TABLE_BOX_MARGIN: f32 = 5.5;

/// Top of what stands below the short head of pages 2 and 3.
pub(crate) const CONTENT_TOP: f32 = 157.9;

/// Height of the head above a page's tallies.
pub(crate) const TALLY_HEAD: f32 = 20.0;

/// Edges of the tally, of the sums of its rows, and of the figure beside it.
pub(crate) const TALLY_LEFT: f32 = 181.0;
pub(crate) const TALLY_RIGHT: f32 = 415.9;
pub(crate) const SUMS_RIGHT: f32 = 449.9;
pub(crate) const SUM_CELLS: (f32, f32) = (420.9, 444.9);

/// Cells of a tally: 5 rows of 12, for 5 votes each.
pub(crate) const TALLY_ROWS: u32 = 5;
pub(crate) const TALLY_COLUMNS: u32 = 12;
pub(crate) const TALLY_ROW: f32 = 16.0;

/// Below the tally: the figure in words; then a gap before the next pair.
pub(crate) const WORDS_HEIGHT: f32 = 62.0;
pub(crate) const BLOCK_GAP: f32 = 9.95;

/// Digit boxes of the votes, and the ten bubbles under each.
pub(crate) const VOTE_BOX: f32 = 20.0;
pub(crate) const VOTE_BOX_PITCH: f32 = 23.5;
pub(crate) const VOTE_BOX_RIGHT: f32 = 521.9;
pub(crate) const VOTE_BOX_DOWN: f32 = 6.6;
pub(crate) const BUBBLE_DOWN: f32 = 36.1;
pub(crate) const BUBBLE_PITCH: f32 = 10.5;
pub(crate) const BUBBLE_RADIUS: f32 = 4.0;

/// Height of the totals with the row of place and date below them, and of the
/// heading above when it does not stand at the top of the page.
pub(crate) const TOTALS_HEIGHT: f32 = 252.0;
pub(crate) const TOTALS_GAP: f32 = 26.0;

/// The signatures at the foot of pages 1 and 2, and below the totals on page 3.
pub(crate) const SIGNATURES: Signatures = Signatures {
    top: 743.8,
    names: 25.9,
    room: 32.0,
};
pub(crate) const SIGNATURES_AFTER_TOTALS: Signatures = Signatures {
    top: 412.3,
    names: 36.5,
    room: 45.0,
};

/// Where signatures stand: top edge, height of the witnesses' names, and of
/// the room to sign below them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signatures {
    pub(crate) top: f32,
    pub(crate) names: f32,
    pub(crate) room: f32,
}
