//! Writing a workbook: the stations of a region with room for their figures, or
//! one that came back with what is wrong in it marked.

use domain::figure;
use protocol::workbook::WorkbookFault;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationRule, Format, FormatAlign, FormatBorder, Note,
    ProtectionOptions, Workbook, Worksheet, XlsxError,
};

use super::book::{FACTS_SHEET, LEAD, REMARK, SheetPlan};
use super::faults::sentence;
use super::stations::Station;

/// Row of the headings; the one before it is hidden.
const HEADING_ROW: u32 = 1;
/// Width of the columns before the figures, in characters.
const LEAD_WIDTHS: [f64; 6] = [15.0, 17.0, 18.0, 6.0, 18.0, 9.0];
/// Columns that stay in sight: down to the station's number.
const FROZEN_COLUMNS: u16 = 4;
/// Width of a figure's column, in characters.
const FIGURE_WIDTH: f64 = 12.0;
/// Width of the remarks' column, in characters.
const REMARK_WIDTH: f64 = 60.0;
/// Height of the headings, in points.
const HEADING_HEIGHT: f64 = 78.0;
/// Most cells that get a note; the remark of the row says it too.
const NOTES_MAX: usize = 2_000;

/// What is written into a figure's cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Written {
    /// Nothing.
    Blank,
    /// A number.
    Number(f64),
    /// What stands there and is no number.
    Text(String),
}

/// One row.
#[derive(Debug, Clone)]
pub(super) struct RowOut<'a> {
    /// The code as it is written.
    pub code: String,
    /// The station, if there is one of that code.
    pub station: Option<&'a Station>,
    /// A cell for each figure of the sheet's plan.
    pub cells: Vec<Written>,
    /// What is wrong: by the place of the figure, or `None` for the code.
    pub faults: Vec<(Option<usize>, WorkbookFault)>,
}

/// One sheet.
pub(super) struct SheetOut<'a> {
    /// What it is for.
    pub plan: &'a SheetPlan,
    /// Its rows.
    pub rows: Vec<RowOut<'a>>,
}

struct Styles {
    heading: Format,
    key: Format,
    lead: Format,
    figure: Format,
    wrong: Format,
    remark: Format,
}

impl Styles {
    fn new() -> Self {
        let line = |format: Format| {
            format
                .set_border(FormatBorder::Thin)
                .set_border_color(Color::RGB(0xC8_CDD4))
        };
        Self {
            heading: line(Format::new())
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Top)
                .set_background_color(Color::RGB(0xE6_ECF3)),
            key: Format::new().set_font_size(8),
            lead: line(Format::new()).set_background_color(Color::RGB(0xF5_F6F8)),
            figure: line(Format::new()).set_num_format("0").set_unlocked(),
            wrong: line(Format::new())
                .set_unlocked()
                .set_background_color(Color::RGB(0xFF_C9C4))
                .set_font_color(Color::RGB(0x8A_0F08)),
            remark: Format::new().set_font_color(Color::RGB(0x8A_0F08)),
        }
    }
}

/// The workbook of these sheets as bytes, with `facts` on its hidden sheet.
///
/// # Errors
/// When it cannot be written.
pub(super) fn write(
    facts: &[(String, String)],
    sheets: &[SheetOut<'_>],
) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let styles = Styles::new();
    let mut notes_left = NOTES_MAX;
    for sheet in sheets {
        let page = workbook.add_worksheet();
        write_sheet(page, sheet, &styles, &mut notes_left)?;
    }
    let page = workbook.add_worksheet();
    page.set_name(FACTS_SHEET)?;
    let all = facts.iter().cloned();
    let all = all.chain(sheets.iter().map(|sheet| sheet.plan.fact()));
    for (row, (name, value)) in (0..).zip(all) {
        page.write_string(row, 0, name)?;
        page.write_string(row, 1, value)?;
    }
    page.set_very_hidden(true);
    page.protect();
    workbook.save_to_buffer()
}

fn write_sheet(
    page: &mut Worksheet,
    sheet: &SheetOut<'_>,
    styles: &Styles,
    notes_left: &mut usize,
) -> Result<(), XlsxError> {
    let plan = sheet.plan;
    page.set_name(&plan.name)?;
    let has_remarks = sheet.rows.iter().any(|row| !row.faults.is_empty());
    let figures = plan
        .columns
        .iter()
        .map(|column| (column.id.as_str(), column.heading.as_str()));
    let remark = has_remarks.then_some(REMARK);
    for (column, (key, heading)) in (0..).zip(LEAD.into_iter().chain(figures).chain(remark)) {
        page.write_string_with_format(0, column, key, &styles.key)?;
        page.write_string_with_format(HEADING_ROW, column, heading, &styles.heading)?;
        let width = LEAD_WIDTHS.get(usize::from(column)).copied();
        page.set_column_width(column, width.unwrap_or(FIGURE_WIDTH))?;
    }
    page.set_row_hidden(0)?;
    page.set_row_height(HEADING_ROW, HEADING_HEIGHT)?;
    let first = HEADING_ROW.saturating_add(1);
    let last = first.saturating_add(u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX));
    for (column, figure) in (lead_width()..).zip(&plan.columns) {
        page.add_data_validation(first, column, last, column, &whole_number(figure.digits)?)?;
    }
    if has_remarks {
        page.set_column_width(remark_at(plan), REMARK_WIDTH)?;
    }
    for (at, row) in (first..).zip(&sheet.rows) {
        write_row(page, at, row, plan, styles, notes_left)?;
    }
    page.set_freeze_panes(first, FROZEN_COLUMNS)?;
    let options = ProtectionOptions {
        format_columns: true,
        format_rows: true,
        sort: true,
        use_autofilter: true,
        ..ProtectionOptions::default()
    };
    page.protect_with_options(&options);
    Ok(())
}

fn lead_width() -> u16 {
    u16::try_from(LEAD.len()).unwrap_or(u16::MAX)
}

fn remark_at(plan: &SheetPlan) -> u16 {
    let figures = u16::try_from(plan.columns.len()).unwrap_or(u16::MAX);
    lead_width().saturating_add(figures)
}

fn write_row(
    page: &mut Worksheet,
    at: u32,
    row: &RowOut<'_>,
    plan: &SheetPlan,
    styles: &Styles,
    notes_left: &mut usize,
) -> Result<(), XlsxError> {
    let fault_of = |place: Option<usize>| {
        let mut faults = row.faults.iter();
        faults.find(|(at, _)| *at == place).map(|(_, fault)| *fault)
    };
    let mut note = |page: &mut Worksheet, column: u16, fault| -> Result<(), XlsxError> {
        if *notes_left > 0 {
            *notes_left = notes_left.saturating_sub(1);
            let note = Note::new(sentence(fault)).add_author_prefix(false);
            page.insert_note(at, column, &note)?;
        }
        Ok(())
    };
    let code_fault = fault_of(None);
    let style = code_fault.map_or(&styles.lead, |_| &styles.wrong);
    page.write_string_with_format(at, 0, &row.code, style)?;
    if let Some(fault) = code_fault {
        note(page, 0, fault)?;
    }
    let place = |at: usize| {
        let place = row.station.and_then(|station| station.place.get(at));
        place.map_or("", String::as_str)
    };
    let number = row.station.map_or("", |station| station.number.as_str());
    for (column, text) in (1..).zip([place(1), place(2), number, place(0)]) {
        page.write_string_with_format(at, column, text, &styles.lead)?;
    }
    let last_lead = lead_width().saturating_sub(1);
    match row.station.and_then(|station| station.roll) {
        Some(roll) => page.write_number_with_format(at, last_lead, whole(roll), &styles.lead)?,
        None => page.write_blank(at, last_lead, &styles.lead)?,
    };
    for ((column, cell), place) in (lead_width()..).zip(&row.cells).zip(0..) {
        let fault = fault_of(Some(place));
        let style = fault.map_or(&styles.figure, |_| &styles.wrong);
        match cell {
            Written::Blank => page.write_blank(at, column, style)?,
            Written::Number(value) => page.write_number_with_format(at, column, *value, style)?,
            Written::Text(text) => page.write_string_with_format(at, column, text, style)?,
        };
        if let Some(fault) = fault {
            note(page, column, fault)?;
        }
    }
    if !row.faults.is_empty() {
        let text = remark(row, plan);
        page.write_string_with_format(at, remark_at(plan), text, &styles.remark)?;
    }
    Ok(())
}

/// Everything that is wrong with a row, in one cell.
fn remark(row: &RowOut<'_>, plan: &SheetPlan) -> String {
    let each = row.faults.iter().map(|(place, fault)| {
        let column = place.and_then(|place| plan.columns.get(place));
        match column {
            Some(column) => format!("{}: {}", column.heading, sentence(*fault)),
            None => sentence(*fault).to_owned(),
        }
    });
    each.collect::<Vec<_>>().join(" ")
}

fn whole_number(digits: u8) -> Result<DataValidation, XlsxError> {
    let most = i32::try_from(figure::largest(digits)).unwrap_or(i32::MAX);
    DataValidation::new()
        .allow_whole_number(DataValidationRule::Between(0, most))
        .set_error_title("Bukan angka formulir")?
        .set_error_message(format!("Tulis bilangan bulat dari 0 sampai {most}."))
}

/// A count of voters as a spreadsheet keeps numbers; they are far below where
/// that would lose anything.
fn whole(value: i64) -> f64 {
    i32::try_from(value).map_or(f64::NAN, f64::from)
}
