// The workbooks' and exports' sentences in Indonesian, the language they are written in first.
import type { WorkbookFault } from "@generated/WorkbookFault";
import type { By, Kind } from "./calls";

const faults: Record<WorkbookFault, string> = {
  sheet_unknown: "Lembar ini bukan dari buku kerja yang diunduh. Jangan mengganti nama lembar.",
  headings_missing: "Judul kolom hilang. Salin angkanya ke unduhan baru.",
  sheet_too_large: "Lembar ini terlalu besar.",
  tps_missing: "Kode TPS kosong, padahal baris ini berisi angka.",
  tps_unknown: "Tidak ada TPS dengan kode ini.",
  tps_elsewhere: "TPS ini di luar wilayah Anda.",
  contest_elsewhere: "Pemilihan ini tidak diadakan di TPS ini.",
  tps_twice: "TPS ini sudah ada di baris sebelumnya.",
  not_a_number: "Bukan angka.",
  has_blanks: "Ada spasi di antara atau di sekitar angka.",
  decimal: "Ada titik atau koma; tulis bilangan bulat.",
  negative: "Di bawah nol.",
  too_large: "Lebih panjang daripada kotak di formulir.",
  closed: "Waktu penerimaan sudah ditutup.",
  not_taken: "Belum diterima. Unggah sekali lagi.",
};
const levels: Record<By, string> = {
  tps: "TPS",
  village: "Desa/kelurahan",
  district: "Kecamatan",
  regency: "Kabupaten/kota",
};
const kinds: Record<Kind, string> = { xlsx: "Excel (XLSX)", csv: "Teks (CSV)" };

export const workbooksId = {
  nav: "Berkas",
  title: "Buku kerja dan ekspor",
  region: "Wilayah",

  fill: "1. Unduh untuk diisi",
  fillLead:
    "Satu lembar per kontes, satu baris per TPS. Angka yang pernah Anda masukkan sudah terisi; angka saksi tidak ikut.",
  download: "Unduh buku kerja",
  bring: "2. Unggah yang sudah diisi",
  bringLead:
    "Baris yang benar menjadi entri meja Anda, masing-masing sekali, juga bila berkas yang sama diunggah lagi. Baris yang salah tidak diambil sama sekali.",
  pick: "Pilih berkas…",
  pickMore: "Pilih berkas lain…",
  sending: (share: string) => `Mengirim, ${share} %`,
  taking: "Memeriksa dan menyimpan…",
  preparing: "Menyiapkan berkas…",
  taken: "diambil",
  skipped: "tanpa perubahan",
  refused: "ditolak",
  allGood: "Tidak ada yang salah.",
  mark: "Unduh dengan sel yang salah ditandai",
  cell: "Sel",
  value: "Isi",
  why: "Yang salah",
  more: (n: string) => `dan ${n} lagi; semuanya ditandai di berkas.`,
  faults,
  notOurs: "Berkas ini bukan buku kerja XLSX yang diunduh dari sini.",
  tooLarge: "Berkas ini terlalu besar.",

  export: "Ekspor semua angka",
  exportLead:
    "Semua angka dengan status dan temuan pada satu saat; setiap baris menyebut waktu dan posisi log.",
  contest: "Kontes",
  level: "Satu baris per",
  levels,
  format: "Bentuk",
  kinds,
  make: "Buat dan unduh",
  making: (seconds: string) => `Menyusun… ${seconds} dtk`,
  receiving: (done: string, all: string) => `Mengunduh ${done} dari ${all} MB`,
  made: (name: string) => `${name} tersimpan.`,

  scope: "Buku kerja dan ekspor",
  keyLevel: "Ekspor: satu baris per apa",
  keyFormat: "Ekspor: bentuk berkas berikutnya",
};
