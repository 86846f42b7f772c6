//! Words and moments as they stand on paper.

use chrono::FixedOffset;
use domain::{Channel, Mark, RulingKind, SlotState};
use protocol::Timestamp;
use protocol::desk::DeskSource;
use protocol::irregularity::IrregularityRulingKind;
use protocol::queue::{ReadingOutcome, Way};
use protocol::revision::{PhotoKind, PhotoSource};

/// Seconds of an hour.
const HOUR_SECONDS: i32 = 3_600;

/// Text that people wrote, as HTML.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for symbol in text.chars() {
        match symbol {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// A moment in the election's time zone. Indonesia has three, without summer
/// time; anything else is told in UTC.
pub(super) fn moment(at: Timestamp, timezone: &str) -> String {
    let (hours, name) = match timezone {
        "Asia/Jakarta" | "Asia/Pontianak" => (7, "WIB"),
        "Asia/Makassar" => (8, "WITA"),
        "Asia/Jayapura" => (9, "WIT"),
        _ => (0, "UTC"),
    };
    let Some(offset) = FixedOffset::east_opt(HOUR_SECONDS.saturating_mul(hours)) else {
        return at.to_string();
    };
    let local = at.date_time().with_timezone(&offset);
    format!("{} {name}", local.format("%d-%m-%Y %H:%M:%S"))
}

/// A heading in both languages.
pub(super) fn heading(indonesian: &str, english: &str) -> String {
    format!("<h2>{indonesian} <small lang=\"en\">{english}</small></h2>\n")
}

/// A hash in blocks of four.
pub(super) fn hash(hash: &str) -> String {
    let blocks: Vec<&str> = super::blocks(hash).collect();
    format!("<span class=\"mono\">{}</span>", escaped(&blocks.join(" ")))
}

/// Where a slot stands.
pub(super) fn state(state: SlotState) -> (&'static str, &'static str) {
    match state {
        SlotState::Empty => ("Belum ada kiriman", "nothing has arrived"),
        SlotState::Single => ("Satu saksi", "one witness"),
        SlotState::Agreed => ("Cocok antarsaksi", "witnesses agree"),
        SlotState::Conflict => ("Berbeda, belum diputuskan", "in conflict, undecided"),
        SlotState::Verified => ("Terverifikasi", "verified"),
        SlotState::Stale => (
            "Terverifikasi, kemudian datang angka lain",
            "verified; other figures came later",
        ),
    }
}

/// What a slot is marked with.
pub(super) fn mark(mark: Mark) -> &'static str {
    match mark {
        Mark::Fork => "nomor kiriman ganda / two revisions of one number",
        Mark::PhotosDiffer => "foto berlainan / photos differ",
        Mark::EverConflicted => "pernah berbeda / was in conflict",
        Mark::Returned => "dikembalikan kepada saksi / returned to the witness",
        Mark::SamePhoto => "foto dipakai juga untuk formulir lain / photo used for another form",
        Mark::BubblesDiffer => "bulatan di foto berbeda / bubbles on the photo differ",
    }
}

/// A ruling.
pub(super) fn ruling(kind: RulingKind) -> &'static str {
    match kind {
        RulingKind::Verify => "Verifikasi <small>verify</small>",
        RulingKind::Return => "Kembalikan <small>return</small>",
        RulingKind::Quarantine => "Kesampingkan perangkat <small>set a device aside</small>",
        RulingKind::Reopen => "Buka kembali <small>reopen</small>",
    }
}

/// How a reading was made.
pub(super) fn way(way: Way) -> &'static str {
    match way {
        Way::Look => "melihat angka saksi / seeing the figures",
        Way::Blind => "tanpa melihat angka saksi / blind",
        Way::Resolve => "menyelesaikan perbedaan / resolving",
    }
}

/// What came of a reading.
pub(super) fn outcome(outcome: ReadingOutcome) -> &'static str {
    match outcome {
        ReadingOutcome::Verified => "cocok, menjadi putusan / agreed, became a ruling",
        ReadingOutcome::Agrees => "cocok dengan putusan / agrees with the ruling",
        ReadingOutcome::Differs => "berbeda / differs",
    }
}

/// What a desk of the counting room keyed from.
pub(super) fn desk_source(source: DeskSource) -> &'static str {
    match source {
        DeskSource::Paper => "dari kertas / from the paper",
        DeskSource::Phone => "lewat telepon / over the telephone",
        DeskSource::Workbook => "dari buku kerja / from a workbook",
    }
}

/// A ruling on an irregularity.
pub(super) fn irregularity_ruling(kind: IrregularityRulingKind) -> &'static str {
    match kind {
        IrregularityRulingKind::Explained => "dijelaskan <small>explained</small>",
        IrregularityRulingKind::FollowUp => "ditindaklanjuti <small>follow up</small>",
        IrregularityRulingKind::Settled => "selesai <small>settled</small>",
    }
}

/// By which way a revision came.
pub(super) fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::App => "aplikasi, bertanda tangan / app, signed",
        Channel::Sms => "SMS",
    }
}

/// What a photo shows.
pub(super) fn photo(kind: PhotoKind) -> &'static str {
    match kind {
        PhotoKind::Form => "Formulir <small>form</small>",
        PhotoKind::Objection => "Keberatan <small>objection</small>",
        PhotoKind::Other => "Lain-lain <small>other</small>",
    }
}

/// Where a photo came from.
pub(super) fn source(source: PhotoSource) -> &'static str {
    match source {
        PhotoSource::Camera => "kamera aplikasi / the app's camera",
        PhotoSource::Gallery => "dipilih dari galeri / picked from files",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_in_the_elections_own_time() {
        let at: Timestamp = "2024-11-27T07:31:04.120Z".parse().unwrap();
        assert_eq!(moment(at, "Asia/Makassar"), "27-11-2024 15:31:04 WITA");
        assert_eq!(moment(at, "Europe/Berlin"), "27-11-2024 07:31:04 UTC");
    }

    #[test]
    fn what_people_wrote_is_never_markup() {
        assert_eq!(
            escaped("<img src=x onerror='a(\"b\")'>&"),
            "&lt;img src=x onerror=&#39;a(&quot;b&quot;)&#39;&gt;&amp;"
        );
    }
}
