//! What is wrong with a cell, as a sentence that stands in the workbook.

use protocol::workbook::WorkbookFault;

/// The sentence, in Indonesian: it is read where the workbook was filled in.
pub(super) fn sentence(fault: WorkbookFault) -> &'static str {
    match fault {
        WorkbookFault::SheetUnknown => {
            "Lembar ini bukan dari buku kerja yang diunduh. Jangan mengganti nama lembar."
        }
        WorkbookFault::HeadingsMissing => "Judul kolom hilang. Salin angkanya ke unduhan baru.",
        WorkbookFault::SheetTooLarge => "Lembar ini terlalu besar.",
        WorkbookFault::TpsMissing => "Kode TPS kosong, padahal baris ini berisi angka.",
        WorkbookFault::TpsUnknown => "Tidak ada TPS dengan kode ini.",
        WorkbookFault::TpsElsewhere => "TPS ini di luar wilayah Anda.",
        WorkbookFault::ContestElsewhere => "Pemilihan ini tidak diadakan di TPS ini.",
        WorkbookFault::TpsTwice => "TPS ini sudah ada di baris sebelumnya.",
        WorkbookFault::NotANumber => "Bukan angka. Tulis bilangan bulat saja.",
        WorkbookFault::HasBlanks => "Ada spasi di antara atau di sekitar angka.",
        WorkbookFault::Decimal => "Jangan pakai titik atau koma; tulis bilangan bulat.",
        WorkbookFault::Negative => "Angka tidak boleh di bawah nol.",
        WorkbookFault::TooLarge => "Angka lebih panjang daripada kotak di formulir.",
        WorkbookFault::Closed => "Waktu penerimaan sudah ditutup.",
        WorkbookFault::NotTaken => "Belum diterima. Unggah sekali lagi.",
    }
}
