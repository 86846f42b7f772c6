//! Fields and stations in the words of a sentence, Indonesian and English.

/// Fields that a sentence names; how many more there are is said behind them.
const NAMED_MOST: usize = 4;

/// A field in both languages. One that no form of ours has keeps its id.
pub(super) fn field(id: &str) -> (String, String) {
    if let Some(votes) = id.strip_prefix("votes.") {
        return votes_of(votes);
    }
    let one = match id {
        "valid" => ("suara sah", "valid votes"),
        "invalid" => ("suara tidak sah", "invalid votes"),
        "total" => (
            "jumlah suara sah dan tidak sah",
            "total of valid and invalid votes",
        ),
        "ballots_received" => ("surat suara diterima", "ballots received"),
        "ballots_used" => ("surat suara digunakan", "ballots used"),
        "ballots_returned" => ("surat suara dikembalikan", "ballots returned"),
        "ballots_unused" => ("surat suara tidak digunakan", "unused ballots"),
        _ => return of_row(id).unwrap_or_else(|| (id.to_owned(), id.to_owned())),
    };
    (one.0.to_owned(), one.1.to_owned())
}

/// What stands behind `votes.`: an option, a party's own votes, or a candidate.
fn votes_of(votes: &str) -> (String, String) {
    match votes.split_once('.') {
        None => (
            format!("suara pilihan {votes}"),
            format!("votes of option {votes}"),
        ),
        Some((party, "party")) => (
            format!("suara partai {party} saja"),
            format!("votes of party {party} alone"),
        ),
        Some((party, candidate)) => (
            format!("suara calon {candidate} partai {party}"),
            format!("votes of candidate {candidate} of party {party}"),
        ),
    }
}

/// A box of a row for men, women and both.
fn of_row(id: &str) -> Option<(String, String)> {
    let (row, column) = id.rsplit_once('_')?;
    let (own, english) = match row {
        "dpt" => ("DPT", "voters on the roll (DPT)"),
        "came_dpt" => ("pengguna hak pilih DPT", "voters who came, DPT"),
        "came_dptb" => ("pengguna hak pilih DPTb", "voters who came, DPTb"),
        "came_dpk" => ("pengguna hak pilih DPK", "voters who came, DPK"),
        "came_dpph" => ("pengguna hak pilih DPPh", "voters who came, DPPh"),
        "came_total" => ("pengguna hak pilih", "voters who came"),
        "disability" => ("pemilih disabilitas", "voters with a disability"),
        _ => return None,
    };
    match column {
        "male" => Some((format!("{own} laki-laki"), format!("{english}, men"))),
        "female" => Some((format!("{own} perempuan"), format!("{english}, women"))),
        "total" => Some((format!("jumlah {own}"), english.to_owned())),
        _ => None,
    }
}

/// Several fields in both languages, as one list.
pub(super) fn fields(ids: &[String]) -> (String, String) {
    let named: Vec<(String, String)> = ids.iter().take(NAMED_MOST).map(|id| field(id)).collect();
    let list =
        |pick: fn(&(String, String)) -> &str| named.iter().map(pick).collect::<Vec<_>>().join(", ");
    let (own, english) = (list(|both| &both.0), list(|both| &both.1));
    match ids.len().saturating_sub(NAMED_MOST) {
        0 => (own, english),
        more => (
            format!("{own}, dan {more} isian lain"),
            format!("{english}, and {more} more"),
        ),
    }
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
        assert_eq!(field("came_dpt_male").0, "pengguna hak pilih DPT laki-laki");
        assert_eq!(field("came_total_total").0, "jumlah pengguna hak pilih");
        assert_eq!(field("votes.3.party").0, "suara partai 3 saja");
        assert_eq!(field("votes.3.7").0, "suara calon 7 partai 3");
        assert_eq!(field("something_else").0, "something_else");
        assert_eq!(stations(&[1, 12]), "TPS 001, TPS 012");
        assert_eq!(place(100).0, "ratusan");
    }

    #[test]
    fn a_long_list_names_the_first_and_counts_the_rest() {
        let ids = |many: u32| -> Vec<String> { (1..=many).map(|n| format!("votes.{n}")).collect() };
        assert_eq!(fields(&ids(2)).0, "suara pilihan 1, suara pilihan 2");
        let (own, english) = fields(&ids(9));
        assert!(own.ends_with("suara pilihan 4, dan 5 isian lain"), "{own}");
        assert!(
            english.ends_with("votes of option 4, and 5 more"),
            "{english}"
        );
    }
}
