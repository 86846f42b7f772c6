// What the screens about ways around a dead network say, in Indonesian. They
// come with those screens, so that nobody loads them who has signal.

import type { ImportProblem } from "@generated/ImportProblem";
import type { Advice } from "../strings";

export const waysId = {
  aroundTitle: "Cara lain mengirim",
  aroundLead:
    "Angka tetap tersimpan di ponsel ini sampai server memberi tanda terima. Boleh memakai beberapa cara sekaligus: server menghitungnya satu kali saja.",
  aroundReceived: "Angka formulir ini sudah diterima server.",
  aroundReceivedMore: "Cara di bawah hanya perlu bila diminta koordinator.",
  whichRevision: (seq: string) => `Simpanan ke-${seq}`,

  qrTitle: "Kode QR",
  qrLead:
    "Teman yang memakai Saksi memotret kode ini, lalu ponselnya membawa angka Anda ke server. Foto formulir tidak ikut.",
  qrAlt: "Kode QR yang berisi angka formulir ini",
  qrTooLong: "Formulir ini terlalu panjang untuk satu kode QR. Pakai berkas .saksi.",
  qrLarger: "Perbesar sepenuh layar",

  fileTitle: "Berkas .saksi",
  fileLead:
    "Angka dan foto formulir ini dalam satu berkas. Kirim ke teman atau koordinator lewat WhatsApp, Bluetooth, atau kartu memori.",
  fileOriginals: "Sertakan foto asli (berkas jauh lebih besar)",
  fileShare: "Bagikan berkas",
  fileSave: "Simpan berkas",
  fileWorking: "Menyiapkan berkas…",
  fileSaved: (path: string) => `Tersimpan: ${path}`,
  fileShared: "Pilih aplikasi untuk mengirim berkasnya.",
  fileHolds: (forms: string, photos: string, size: string) =>
    `Isinya ${forms} simpanan dan ${photos} foto (${size}).`,

  smsTitle: "SMS",
  smsLead:
    "Angka pokok dikirim sebagai SMS biasa dan dibalas oleh server. Foto menyusul bila ada sambungan.",
  smsParts: (parts: string) => `Dihitung sebagai ${parts} SMS.`,
  smsNone: "Pemilihan ini tidak menerima SMS.",
  smsWrite: (number: string) => `Tulis SMS ke ${number}`,
  smsNumber: "Nomor tujuan",
  smsBody: "Isi SMS",

  carriedTitle: "Bawa kiriman teman",
  carriedLead:
    "Ponsel ini dapat membawa kiriman saksi lain ke server. Disimpan terpisah dari kiriman Anda sendiri, dan dikirim sendiri begitu ada sambungan.",
  pickFile: "Pilih berkas .saksi",
  takeQr: "Foto kode QR",
  pickQr: "Pilih gambar kode QR",
  pasteTitle: "Punya teks kode QR?",
  pasteLabel: "Tempel teksnya di sini",
  pasteSubmit: "Bawa",
  reading: (percent: string) => `Membaca… ${percent}`,
  checking: "Memeriksa isinya…",
  importedTitle: "Hasilnya",
  importedNew: (forms: string, photos: string) =>
    `Baru dibawa ponsel ini: ${forms} simpanan, ${photos} foto.`,
  importedKnown: (forms: string, photos: string) =>
    `Sudah ada di sini: ${forms} simpanan, ${photos} foto.`,
  importedOwn: (forms: string) => `Milik ponsel ini sendiri: ${forms} simpanan.`,
  leftOut: (items: string) =>
    `Tidak muat di berkas ini: ${items}. Simpan lagi sesudah sebagian terkirim.`,
  importedProblems: "Bermasalah",
  importedNothing: "Tidak ada kiriman di dalamnya.",
  problems: {
    not_ours: {
      says: "Ini bukan berkas atau kode dari Saksi.",
      todo: "Minta teman Anda membagikannya lagi dari aplikasi Saksi.",
    },
    no_code: {
      says: "Tidak ada kode QR Saksi yang terbaca di gambar ini.",
      todo: "Dekatkan kamera sampai kode memenuhi gambar, tanpa pantulan cahaya, lalu foto lagi.",
    },
    damaged: {
      says: "Berkas atau kodenya rusak atau terpotong.",
      todo: "Minta dikirim ulang.",
    },
    too_large: {
      says: "Berkasnya terlalu besar (lebih dari 64 MB).",
      todo: "Minta teman Anda menyimpannya lagi tanpa foto asli.",
    },
    form_invalid: {
      says: "Ada formulir tanpa tanda tangan yang sah.",
      todo: "Yang lain tetap dibawa. Beri tahu teman Anda.",
    },
    photo_invalid: { says: "Ada foto yang rusak.", todo: "Yang lain tetap dibawa." },
    photo_unnamed: {
      says: "Ada foto tanpa formulirnya.",
      todo: "Bawa dahulu formulirnya, lalu ulangi.",
    },
    no_room: {
      says: "Ponsel ini sudah membawa sebanyak yang bisa.",
      todo: "Cari sinyal agar kiriman itu terkirim, lalu ulangi.",
    },
    not_enrolled: {
      says: "Ponsel ini belum terdaftar.",
      todo: "Daftarkan dahulu, lalu ulangi.",
    },
  } as Record<ImportProblem, Advice>,
  carriedEmpty: "Ponsel ini belum membawa kiriman siapa pun.",
  carriedList: "Yang dibawa ponsel ini",
  carriedCount: (forms: string, photos: string) =>
    `Diterima server: ${forms} simpanan, ${photos} foto.`,
  carriedAt: (number: string, contest: string) => `TPS ${number} · ${contest}`,
  carriedFrom: (tps: string, seq: string) => `Kode TPS ${tps}, simpanan ke-${seq}.`,
  carriedTaken: (at: string) => `Dititipkan ${at}.`,
  carriedWaits: "Belum diterima server",
  carriedReceived: "Angka sudah diterima server",
  carriedRefused: "Ditolak server; tetap tersimpan di ponsel ini",
  carriedRefusedWhy: {
    device_unknown: "Server tidak mengenal ponsel pembuatnya.",
    device_revoked: "Ponsel pembuatnya sudah dicabut oleh koordinator.",
    not_assigned: "TPS atau pemilihan itu bukan tugas ponsel pembuatnya.",
    window_closed: "Waktu pengiriman sudah ditutup.",
  } as Record<string, string>,
  carriedRefusedTodo: "Beri tahu teman Anda agar menghubungi koordinator.",
  carriedPhotosRefused: (photos: string) => `Foto yang ditolak server: ${photos}`,
  passOn: "Teruskan semuanya",
  passOnLead:
    "Bila Anda pun tidak mendapat sinyal: serahkan semuanya kepada orang yang mendapatnya.",
};
