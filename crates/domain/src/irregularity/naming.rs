//! Fields and stations in the words of a sentence, Indonesian and English.

use super::sheet::option_number;

/// A field in both languages.
pub(super) fn field(id: &str) -> (String, String) {
    if let Some(number) = option_number(id) {
        return (
            format!("suara pilihan {number}"),
            format!("votes of option {number}"),
        );
    }
    let (own, english) = match id {
        "valid" => ("suara sah", "valid votes"),
        "invalid" => ("suara tidak sah", "invalid votes"),
        "total" => (
            "jumlah suara sah dan tidak sah",
            "total of valid and invalid votes",
        ),
        "came_total_total" => ("jumlah pengguna hak pilih", "voters who came"),
        "dpt_total" => ("jumlah DPT", "voters on the roll (DPT)"),
        "dpt_male" => ("DPT laki-laki", "men on the roll (DPT)"),
        "dpt_female" => ("DPT perempuan", "women on the roll (DPT)"),
        "ballots_received" => ("surat suara diterima", "ballots received"),
        "ballots_used" => ("surat suara digunakan", "ballots used"),
        "ballots_returned" => ("surat suara dikembalikan", "ballots returned"),
        "ballots_unused" => ("surat suara tidak digunakan", "unused ballots"),
        other => (other, other),
    };
    (own.to_owned(), english.to_owned())
}

/// Several fields in both languages, as one list.
pub(super) fn fields(ids: &[String]) -> (String, String) {
    let named: Vec<(String, String)> = ids.iter().map(|id| field(id)).collect();
    let list =
        |pick: fn(&(String, String)) -> &str| named.iter().map(pick).collect::<Vec<_>>().join(", ");
    (list(|both| &both.0), list(|both| &both.1))
}

/// A TPS number as forms write it.
pub(super) fn tps(number: u32) -> String {
    format!("TPS {number:03}")
}

/// Several TPS numbers.
pub(super) fn stations(numbers: &[u32]) -> String {
    numbers
        .iter()
        .map(|number| tps(*number))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The worth of a digit in both languages.
pub(super) fn place(worth: u32) -> (&'static str, &'static str) {
    match worth {
        1 => ("satuan", "units"),
        10 => ("puluhan", "tens"),
        100 => ("ratusan", "hundreds"),
        _ => ("ribuan", "thousands"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_named_as_people_say_it() {
        assert_eq!(field("votes.2").0, "suara pilihan 2");
        assert_eq!(field("valid").1, "valid votes");
        assert_eq!(field("disability_male").0, "disability_male");
        assert_eq!(stations(&[1, 12]), "TPS 001, TPS 012");
        assert_eq!(place(100).0, "ratusan");
    }
}
