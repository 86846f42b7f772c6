// What the app makes out on a photo, and asks about it, in Indonesian. These
// sentences come with their cards, so that nobody loads them whose photos are
// clear and whose figures agree.
import type { PhotoProblem } from "@generated/PhotoProblem";
import type { Advice } from "../strings";

export const lookId = {
  problems: {
    too_dark: {
      says: "Foto ini gelap.",
      todo: "Nyalakan lampu atau lampu kilat, lalu foto ulang.",
    },
    too_bright: {
      says: "Foto ini terlalu terang; tintanya tidak tampak.",
      todo: "Matikan lampu kilat atau jauhi lampu, lalu foto ulang.",
    },
    glare: {
      says: "Ada pantulan cahaya di atas angka.",
      todo: "Geser sedikit ke samping atau matikan lampu kilat, lalu foto ulang.",
    },
    blurred: {
      says: "Foto ini buram.",
      todo: "Pegang ponsel dengan dua tangan, ketuk layar agar fokus, lalu foto ulang.",
    },
    too_small: {
      says: "Foto ini kecil; angkanya mungkin tidak terbaca.",
      todo: "Dekatkan ponsel sampai halaman memenuhi layar.",
    },
    cut_off: {
      says: "Sebagian halaman tidak masuk foto.",
      todo: "Mundur sedikit sampai keempat sudut halaman terlihat, lalu foto ulang.",
    },
    turned: {
      says: "Halaman di foto ini terbalik atau rebah.",
      todo: "Putar ponsel sampai tulisannya tegak, lalu foto ulang.",
    },
    partial: {
      says: "Berkas foto terpotong; bagian bawahnya hilang.",
      todo: "Foto ulang selagi formulir masih di depan Anda.",
    },
  } as Record<PhotoProblem, Advice>,
  forms: {
    "c-hasil-ppwp-2024": "Presiden",
    "c-hasil-dpr-2024": "DPR",
    "c-hasil-dpd-2024": "DPD",
    "c-hasil-dprd-prov-2024": "DPRD provinsi",
    "c-hasil-dprd-kab-2024": "DPRD kabupaten/kota",
  } as Record<string, string>,
  otherForm: "pemilihan lain",

  markedAlt: (title: string) => `Foto dengan tanda di tempat yang bermasalah: ${title}`,
  useAsIs: "Pakai saja",
  used: "Dipakai apa adanya.",

  wrongForm: (form: string) => `Foto ini menunjukkan formulir ${form}, bukan formulir ini.`,
  wrongFormTodo: "Foto formulir yang benar; yang ini boleh dihapus.",
  wrongPage: (seen: string, meant: string) =>
    `Foto ini menunjukkan halaman ${seen}, bukan halaman ${meant}.`,
  wrongPageFree: "Pindahkan ke tempatnya, lalu foto halaman yang benar.",
  wrongPageTaken: (seen: string) => `Halaman ${seen} sudah punya foto. Foto halaman yang benar.`,
  moveTo: (page: string) => `Pindahkan ke halaman ${page}`,
  twice: (page: string) => `Halaman ${page} difoto dua kali.`,
  twiceTodo: "Hapus yang kurang jelas, atau biarkan bila masing-masing memuat sebagian.",

  bubbles: (read: string, keyed: string) =>
    `Pada foto, bulatan menunjukkan ${read}, Anda mengisi ${keyed}. Lihat lagi?`,
  cropAlt: "Bagian foto dengan angka dan bulatannya",
  change: "Ubah angka",
  isRight: "Sudah benar",

  straighten: "Luruskan",
  straightNote: "Tampilan bantu. Foto aslinya tetap menjadi bukti.",
};
