// The workbooks' and exports' sentences in English.
import type { workbooksId } from "./words.id";

export const workbooksEn: typeof workbooksId = {
  nav: "Files",
  title: "Workbooks and export",
  region: "Region",

  fill: "1. Download to fill in",
  fillLead:
    "One sheet per contest, one row per TPS. What you entered before is filled in; witnesses' figures are not.",
  download: "Download the workbook",
  bring: "2. Upload what was filled in",
  bringLead:
    "Good rows become entries of your desk, each of them once, also when the same file is uploaded again. Nothing is taken of a row with something wrong.",
  pick: "Choose a file…",
  pickMore: "Choose another file…",
  sending: (share) => `Sending, ${share}%`,
  taking: "Checking and saving…",
  taken: "taken",
  skipped: "unchanged",
  refused: "refused",
  allGood: "Nothing is wrong.",
  mark: "Download with the wrong cells marked",
  cell: "Cell",
  value: "Holds",
  why: "What is wrong",
  more: (n) => `and ${n} more; all are marked in the file.`,
  faults: {
    sheet_unknown: "Not a sheet of the workbook that was downloaded. Do not rename sheets.",
    headings_missing: "The headings are gone. Copy the figures into a new download.",
    sheet_too_large: "This sheet is too large.",
    tps_missing: "The row has figures and no TPS code.",
    tps_unknown: "No TPS has this code.",
    tps_elsewhere: "This TPS is outside your region.",
    contest_elsewhere: "This contest is not held at this TPS.",
    tps_twice: "This TPS stands in an earlier row.",
    not_a_number: "Not a number.",
    has_blanks: "There are blanks between or around the digits.",
    decimal: "There is a point or comma; write a whole number.",
    negative: "Below zero.",
    too_large: "Longer than the boxes on the form.",
    closed: "The time of taking in is over.",
    not_taken: "Not taken. Upload it once more.",
  },
  notOurs: "This file is no XLSX workbook that was downloaded here.",
  tooLarge: "This file is too large.",

  export: "Export all figures",
  exportLead:
    "All figures with states and findings as of one moment; each row says the time and the place in the log.",
  contest: "Contest",
  level: "One row per",
  levels: {
    tps: "TPS",
    village: "Village",
    district: "District",
    regency: "Regency or city",
  },
  format: "Format",
  kinds: { xlsx: "Excel (XLSX)", csv: "Text (CSV)" },
  make: "Make and download",
  making: (seconds) => `Putting it together… ${seconds} s`,
  receiving: (done, all) => `Downloading ${done} of ${all} MB`,
  made: (name) => `${name} saved.`,

  scope: "Workbooks and export",
};
