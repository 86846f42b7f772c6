// The sentences about dossiers, in the language that is set.
import { words } from "../sentences/index.svelte";

const id = {
  make: "Berkas bukti",
  title: "Membuat berkas bukti",
  lead: "Satu berkas zip untuk penasihat hukum: halaman siap cetak, dan bagian mesin dengan kiriman asli, tanda terima, foto, putusan, dan bukti log. Siapa pun dapat memeriksanya tanpa server:",
  about: "Tentang",
  here: "Formulir ini",
  basket: (n: string) => `${n} formulir terpilih`,
  filter: "Semua formulir di daftar dengan saringan ini",
  heading: "Judul di halaman pertama (boleh kosong)",
  originals: "Sertakan foto asli yang sudah ada di server",
  amount: (slots: string, photos: string, size: string) =>
    `${slots} formulir, ${photos} foto, kira-kira ${size}`,
  none: "Tidak ada formulir yang sudah diisi di sini.",
  tooMany: (max: string) => `Terlalu banyak: paling banyak ${max} formulir. Persempit pilihannya.`,
  tooLarge: (size: string) => `Terlalu besar: paling besar ${size}. Persempit pilihannya.`,
  counting: "Menghitung…",
  go: "Buat",
  progress: (size: string) => `Menerima ${size}…`,
  made: (name: string) => `${name} tersimpan. Pembuatannya tercatat di log.`,
  pick: "Pilih untuk berkas bukti",
  unpick: "Keluarkan dari berkas bukti",
  picked: (n: string) => `Terpilih untuk berkas bukti: ${n} formulir`,
  full: (max: string) => `Berkas bukti paling banyak ${max} formulir.`,
  empty: "Kosongkan pilihan",
};

const en: { [K in keyof typeof id]: (typeof id)[K] extends string ? string : (typeof id)[K] } = {
  make: "Dossier",
  title: "Making a dossier",
  lead: "One zip for lawyers: printable pages, and a machine part with the statements as they came, receipts, photos, rulings and the log's proof. Anybody can check it without the endpoint:",
  about: "About",
  here: "This form",
  basket: (n) => `${n} picked forms`,
  filter: "All forms of the list as it is filtered",
  heading: "Heading of the first page (may be empty)",
  originals: "Include the original photos that are on the endpoint",
  amount: (slots, photos, size) => `${slots} forms, ${photos} photos, about ${size}`,
  none: "There is no form here from which anything has arrived.",
  tooMany: (max) => `Too many: at most ${max} forms. Choose fewer.`,
  tooLarge: (size) => `Too large: at most ${size}. Choose fewer.`,
  counting: "Counting…",
  go: "Make it",
  progress: (size) => `Receiving ${size}…`,
  made: (name) => `${name} is saved. That it was made stands in the log.`,
  pick: "Pick for a dossier",
  unpick: "Take out of the dossier",
  picked: (n) => `Picked for a dossier: ${n} forms`,
  full: (max) => `A dossier has at most ${max} forms.`,
  empty: "Pick none",
};

const tables = { id, en };

/** Reading it in a component follows changes of the language. */
export const dossier = {
  get t(): typeof id {
    return tables[words.language];
  },
};
