// What the log's entries say, in Indonesian.
import type { EventSentences } from "./events";
import { brief, deviceName, slotName, slotNames, stationName } from "./names";

const others = (n: number) => `dan ${n} lainnya`;
const RULINGS = {
  verify: "memverifikasi",
  return: "mengembalikan",
  quarantine: "mengesampingkan sebuah perangkat di",
  reopen: "membuka kembali",
} as const;
const STATES = {
  empty: "belum ada",
  single: "satu saksi",
  agreed: "cocok",
  conflict: "berbeda",
  verified: "terverifikasi",
  stale: "periksa lagi",
} as const;
const OUTCOMES = {
  verified: "cocok, terverifikasi",
  agrees: "cocok dengan putusan",
  differs: "berbeda",
} as const;
const IRREGULAR = {
  explained: "dijelaskan",
  follow_up: "ditindaklanjuti",
  settled: "diselesaikan",
} as const;
const ROLES = {
  admin: "admin",
  coordinator: "koordinator",
  operator: "petugas",
  viewer: "pengamat",
} as const;
const TABLES = {
  figures: "Semua angka",
  irregularities: "Kejanggalan",
  workbook: "Buku kerja",
} as const;

export const eventsId: EventSentences = {
  revision: {
    name: "Kiriman diterima",
    say: ({ slot, device, state }, names) =>
      `Kiriman ${deviceName(device, names)} untuk ${slotName(slot, names)} diterima: ${STATES[state]}`,
  },
  photo: {
    name: "Foto diterima",
    say: ({ device, slots, sha256 }, names) =>
      `Foto ${brief(sha256)} dari ${deviceName(device, names)} lengkap: ${slotNames(slots, names, others)}`,
  },
  photo_known: {
    name: "Foto sudah ada",
    say: ({ device, sha256 }, names) =>
      `${deviceName(device, names)} mendapat tanda terima untuk foto ${brief(sha256)} yang sudah ada`,
  },
  same_photo: {
    name: "Foto sama",
    say: ({ slots }, names) => `Foto bersama diperiksa lagi: ${slotNames(slots, names, others)}`,
  },
  original_asked: {
    name: "Foto asli diminta",
    say: ({ slot, sha256 }, names) =>
      `Meminta foto asli ${brief(sha256)} dari ${slotName(slot, names)}`,
  },
  decision: {
    name: "Putusan",
    say: ({ slot, ruling, number, state }, names) =>
      `Putusan ke-${number}: ${RULINGS[ruling]} ${slotName(slot, names)}; kini ${STATES[state]}`,
  },
  admitted: {
    name: "Kiriman diloloskan",
    say: ({ rev_id, reason }) => `Meloloskan kiriman tertahan ${brief(rev_id)}: “${reason}”`,
  },
  code_made: {
    name: "Kode dibuat",
    say: ({ witness, tps }, names) =>
      `Kode pendaftaran dibuat untuk ${names[witness] ?? witness} di ${stationName(tps, names)}`,
  },
  enrolled: {
    name: "Perangkat terdaftar",
    say: ({ device, witness }, names) =>
      `Perangkat ${device} terdaftar untuk ${names[witness] ?? witness}`,
  },
  posted: {
    name: "Saksi dipindah",
    say: ({ witness, from, to }, names) =>
      `${names[witness] ?? witness} dipindah dari ${stationName(from, names)} ke ${stationName(to, names)}`,
  },
  revoked: {
    name: "Perangkat dicabut",
    say: ({ device }, names) => `Perangkat ${device} (${deviceName(device, names)}) dicabut`,
  },
  catalogue: {
    name: "Data pemilu",
    say: ({ election }) => `Data pemilu ${election} ditambah`,
  },
  user: {
    name: "Pengguna",
    say: ({ name, role }) => `Pengguna ${name} dibuat atau diubah: ${ROLES[role]}`,
  },
  user_disabled: {
    name: "Pengguna ditutup",
    say: ({ name }) => `Pengguna ${name} tidak dapat masuk lagi`,
  },
  signed_in: { name: "Masuk", say: ({ name }) => `${name} masuk` },
  signed_out: { name: "Keluar", say: ({ name }) => `${name} keluar` },
  brought: {
    name: "Berkas .saksi diimpor",
    say: ({ revisions, photos }) =>
      `Berkas .saksi diimpor: ${revisions} kiriman dan ${photos} foto di dalamnya`,
  },
  backed_up: {
    name: "Cadangan dibuat",
    say: ({ log_index }) => `Cadangan lengkap dibuat sampai catatan ${log_index}`,
  },
  log_exported: {
    name: "Log diekspor",
    say: ({ log_index, entries }) =>
      `Log diekspor sampai catatan ${log_index}, ${entries} di antaranya dengan isi`,
  },
  table_exported: {
    name: "Tabel diekspor",
    say: ({ table, contest, region, rows, sha256 }, names) =>
      `${TABLES[table]}${contest === undefined ? "" : ` ${contest}`} diekspor untuk ${region === undefined ? "semua wilayah" : (names[region] ?? region)}: ${rows} baris, sidik ${brief(sha256)}`,
  },
  dossier: {
    name: "Berkas bukti dibuat",
    say: ({ slots, machine }, names) =>
      `Berkas bukti ${brief(machine)} dibuat: ${slotNames(slots, names, others)}`,
  },
  wall_link_made: {
    name: "Tautan layar dibuat",
    say: ({ name, region }, names) =>
      `Tautan layar dinding “${name}” dibuat untuk ${names[region] ?? region}`,
  },
  wall_link_revoked: {
    name: "Tautan layar dicabut",
    say: ({ id }) => `Tautan layar dinding nomor ${id} dicabut`,
  },
  reading: {
    name: "Bacaan",
    say: ({ slot, number, outcome }, names) =>
      `Bacaan ke-${number} dari foto ${slotName(slot, names)}: ${OUTCOMES[outcome]}`,
  },
  queue_settings: {
    name: "Cara verifikasi",
    say: ({ mode, check_percent }) =>
      `Cara verifikasi diatur: ${mode === "blind" ? "baca ulang tanpa melihat angka" : "lihat dan cocokkan"}, uji buta ${check_percent} %`,
  },
  desk_opened: {
    name: "Meja entri dibuka",
    say: ({ user, election }) => `Meja entri ${user} dibuka untuk ${election}`,
  },
  workbook: {
    name: "Buku kerja diunggah",
    say: ({ sha256, taken, skipped, refused }) =>
      `Buku kerja ${brief(sha256)} diunggah: ${taken} baris masuk, ${skipped} tidak berubah, ${refused} ditolak`,
  },
  irregularities: {
    name: "Kejanggalan berubah",
    say: ({ slots }, names) => `Kejanggalan diperiksa lagi: ${slotNames(slots, names, others)}`,
  },
  irregularity_ruling: {
    name: "Putusan kejanggalan",
    say: ({ slot, key, ruling }, names) =>
      `Kejanggalan ${key} di ${slotName(slot, names)} ${IRREGULAR[ruling]}`,
  },
  irregularity_settings: {
    name: "Setelan kejanggalan",
    say: ({ election }) => `Setelan pemeriksaan kejanggalan ${election} diubah`,
  },
  official_import: {
    name: "Angka resmi diimpor",
    say: ({ contest, places, sha256 }) =>
      `Angka resmi ${contest} diimpor dari berkas ${brief(sha256)}: ${places} tempat`,
  },
  paper: {
    name: "Langkah kertas",
    say: ({ slot, number }, names) =>
      `Kertas ${slotName(slot, names)}: langkah ke-${number} dicatat`,
  },
  paper_list: {
    name: "Daftar serah terima",
    say: ({ code, papers }) => `Daftar serah terima ${code} dibuat: ${papers} kertas`,
  },
  witness_added: {
    name: "Saksi ditambah",
    say: ({ witness, tps }, names) =>
      `Saksi ${names[witness] ?? witness} ditambah di ${stationName(tps, names)}`,
  },
  phone_noted: {
    name: "Nomor telepon",
    say: ({ witness }, names) => `Nomor telepon ${names[witness] ?? witness} diisi atau dihapus`,
  },
  called: {
    name: "Panggilan",
    say: ({ number, tps }, names) =>
      `Panggilan nomor ${number} tentang ${stationName(tps, names)} dicatat`,
  },
  message: {
    name: "Pesan",
    say: ({ number, witnesses }) => `Pesan nomor ${number} dikirim kepada ${witnesses} saksi`,
  },
  restored: {
    name: "Dipulihkan",
    say: ({ log_index }) => `Data dipulihkan dari cadangan sampai catatan ${log_index}`,
  },
};
