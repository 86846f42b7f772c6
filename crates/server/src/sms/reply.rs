//! What is sent back: one message of 160 symbols, in Indonesian, in the
//! alphabet that every phone shows.

use domain::{Counts, FormLayout};
use protocol::ProblemCode;
use protocol::revision::RevisionStatus;

use super::message::NotAMessage;
use super::sender::Sender;

/// Symbols of one message in the GSM alphabet.
const REPLY_MAX_SYMBOLS: usize = 160;
/// Symbols of a figure's name.
const NAME_MAX_SYMBOLS: usize = 26;

/// What is said to a message that could not be read, or that nobody here
/// sent. It does not tell which: that would help who guesses.
pub(super) fn not_read() -> String {
    bounded(
        "Saksi: pesan tidak dikenali. Kirim lagi dari tombol SMS di aplikasi Saksi, \
         jangan ubah isinya."
            .to_owned(),
    )
}

/// What is said to a message whose figures fit no form.
pub(super) fn not_fitting(sender: &Sender, no: NotAMessage) -> String {
    let what = match no {
        NotAMessage::Nothing => "tidak ada angka di pesan ini",
        NotAMessage::Shape(_)
        | NotAMessage::NoForm
        | NotAMessage::OtherFigures { .. }
        | NotAMessage::Number => {
            "banyaknya angka tidak sesuai formulir. Buka aplikasi saat ada sinyal agar data \
             TPS diperbarui"
        }
    };
    bounded(format!("{}: {what}.", head(sender)))
}

/// What is said to a message that was judged.
pub(super) fn judged(
    sender: &Sender,
    seq: u64,
    figures: &str,
    status: RevisionStatus,
    problem: Option<ProblemCode>,
) -> String {
    let head = head(sender);
    let text = match (status, problem) {
        (RevisionStatus::Stored, _) => {
            format!("{head} kiriman {seq} diterima: {figures}. Bila salah, perbaiki di aplikasi.")
        }
        (RevisionStatus::Known, _) => {
            format!("{head} kiriman {seq} sudah diterima sebelumnya: {figures}.")
        }
        (RevisionStatus::Refused, Some(ProblemCode::WindowClosed)) => format!(
            "{head}: di luar waktu penerimaan. Pesan disimpan; hubungi koordinator agar diizinkan."
        ),
        (RevisionStatus::Refused, Some(ProblemCode::NotAssigned)) => format!(
            "{head}: Anda tidak bertugas di sini. Pesan disimpan; hubungi koordinator agar diizinkan."
        ),
        (RevisionStatus::Refused, Some(ProblemCode::DeviceRevoked)) => {
            format!("{head}: ponsel ini sudah dicabut. Pesan disimpan; hubungi koordinator.")
        }
        (RevisionStatus::Refused, Some(ProblemCode::PayloadInvalid)) => {
            format!("{head}: ada angka yang terlalu besar untuk kotaknya ({figures}).")
        }
        (RevisionStatus::Refused, _) => {
            format!("{head}: tidak dapat disimpan sekarang. Hubungi koordinator.")
        }
    };
    bounded(text)
}

/// The figures as they were understood, such as `1=101 2=88 jumlah suara tidak
/// sah=6`; what is not filled in is left out.
pub(super) fn figures(form: &FormLayout, ids: &[String], counts: &Counts) -> String {
    let one = |id: &String| Some(format!("{}={}", name(form, id), counts.get(id)?));
    let all: Vec<String> = ids.iter().filter_map(one).collect();
    all.join(" ")
}

fn name(form: &FormLayout, id: &str) -> String {
    if let Some(number) = id.strip_prefix("votes.") {
        return number.to_owned();
    }
    let label = form.fields.iter().find(|field| field.id == id);
    let label = label.map_or(id, |field| field.label.as_str());
    // Without the paper's own numbering ("B. Jumlah …").
    let plain = label
        .split_once(". ")
        .map_or(label, |(number, rest)| match number.len() {
            1 => rest,
            _ => label,
        });
    let short: String = plain.chars().take(NAME_MAX_SYMBOLS).collect();
    short.trim_end().to_lowercase()
}

fn head(sender: &Sender) -> String {
    format!("Saksi: TPS {} {}", sender.number, sender.slot.contest)
}

/// At most one message long, in symbols that are in every GSM alphabet and
/// take one place there.
fn bounded(text: String) -> String {
    let plain = |symbol: char| match symbol {
        'A'..='Z' | 'a'..='z' | '0'..='9' => symbol,
        ' ' | '.' | ',' | ':' | ';' | '=' | '(' | ')' | '-' | '+' | '/' | '?' | '!' => symbol,
        _ => '?',
    };
    let text: String = text.chars().map(plain).collect();
    if text.chars().count() <= REPLY_MAX_SYMBOLS {
        return text;
    }
    let kept = REPLY_MAX_SYMBOLS.saturating_sub(2);
    let cut: String = text.chars().take(kept).collect();
    format!("{cut}..")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender() -> Sender {
        Sender {
            slot: "kaltim-2024/6472011001001/gub".parse().unwrap(),
            number: "001".to_owned(),
            device: "dev-1".to_owned(),
        }
    }

    #[test]
    fn every_reply_is_one_message_of_plain_symbols() {
        let many = "1=101 ".repeat(60);
        let statuses = [
            RevisionStatus::Stored,
            RevisionStatus::Known,
            RevisionStatus::Refused,
        ];
        let mut replies = vec![not_read(), not_fitting(&sender(), NotAMessage::Number)];
        for status in statuses {
            for code in ProblemCode::ALL {
                replies.push(judged(&sender(), 3, &many, status, Some(code.0)));
            }
        }
        for reply in replies {
            assert!(reply.chars().count() <= REPLY_MAX_SYMBOLS, "{reply}");
            assert!(!reply.contains('?'), "{reply}");
            assert!(reply.starts_with("Saksi: "), "{reply}");
        }
        assert_eq!(bounded("Paslon “1” {x}".to_owned()), "Paslon ?1? ?x?");
    }

    #[test]
    fn sentences_without_figures_are_whole() {
        for code in ProblemCode::ALL {
            let reply = judged(&sender(), 3, "1=2", RevisionStatus::Refused, Some(code.0));
            assert!(!reply.ends_with(".."), "{reply}");
        }
        assert!(!not_fitting(&sender(), NotAMessage::Number).ends_with(".."));
        assert!(!not_read().ends_with(".."));
    }
}
