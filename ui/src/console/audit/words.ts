// The audit's sentences, in the language that is set.
import { words } from "../sentences/index.svelte";
import { eventsEn } from "./events.en";
import { eventsId } from "./events.id";

const id = {
  nav: "Jejak",
  title: "Jejak: siapa berbuat apa, kapan",
  scope: "Di jejak",
  who: "Oleh",
  anybody: "Siapa pun",
  what: "Apa",
  anything: "Apa pun",
  where: "Wilayah atau TPS",
  whereHint: "Kode wilayah atau TPS: 6472, atau 13 angka",
  device: "Perangkat",
  from: "Dari",
  to: "Sampai",
  clear: "Hapus saringan",
  columnIndex: "No.",
  columnAt: "Waktu",
  columnWho: "Oleh",
  columnWhat: "Yang terjadi",
  columnHash: "Sidik",
  machine: "server",
  none: "Tidak ada catatan yang cocok.",
  more: "Catatan lebih lama",
  count: (n: string, isMore: boolean) => `${n} catatan${isMore ? " terbaru" : ""}`,
  tail: "langsung",
  keyWho: "Saring: orang yang sama",
  keyKind: "Saring: jenis yang sama",
  keyPlace: "Saring: TPS yang sama",
  keyDevice: "Saring: perangkat yang sama",
  keyFilter: "Ke saringan",
  keyChain: "Periksa rantai dari awal",
  keyExport: "Ekspor",
  keyOpen: "Buka formulirnya",
  chainWalking: (to: string, of: string) => `Memeriksa rantai: ${to} dari ${of}`,
  chainWhole: (to: string) => `Rantai utuh sampai catatan ${to}`,
  chainBroken: (at: string) =>
    `RANTAI PUTUS di catatan ${at}: isinya, atau yang sebelumnya, diubah`,
  chainFailed: "Rantai belum dapat diperiksa",
  chainAgain: "Periksa lagi",
  signedHead: (n: string, at: string) => `kepala bertanda tangan: ${n}, ${at}`,
  noHead: "belum ada kepala bertanda tangan",
  exportTitle: "Ekspor jejak",
  exportLead:
    "Berkas berisi catatan yang cocok dengan saringan, di dalam rantai yang utuh: catatan lain hanya sebagai sidik. Siapa pun dapat memeriksanya tanpa server:",
  exportFormat: "Bentuk",
  exportJsonl: "Baris JSON (.jsonl)",
  exportCsv: "Tabel (.csv)",
  exportGo: "Ekspor",
  exporting: (size: string) => `Menerima… ${size}`,
  exported: (name: string) => `${name} tersimpan.`,
  filtered: "Sesuai saringan",
  whole: "Semua yang boleh Anda lihat",
};

const en: { [K in keyof typeof id]: (typeof id)[K] extends string ? string : (typeof id)[K] } = {
  nav: "Trail",
  title: "Trail: who did what when",
  scope: "In the trail",
  who: "By",
  anybody: "Anybody",
  what: "What",
  anything: "Anything",
  where: "Region or TPS",
  whereHint: "Code of a region or TPS: 6472, or 13 digits",
  device: "Device",
  from: "From",
  to: "To",
  clear: "Clear the filter",
  columnIndex: "No.",
  columnAt: "Time",
  columnWho: "By",
  columnWhat: "What happened",
  columnHash: "Hash",
  machine: "endpoint",
  none: "No entry fits.",
  more: "Older entries",
  count: (n, isMore) => `${n} ${isMore ? "newest entries" : "entries"}`,
  tail: "live",
  keyWho: "Filter: the same person",
  keyKind: "Filter: the same kind",
  keyPlace: "Filter: the same TPS",
  keyDevice: "Filter: the same device",
  keyFilter: "To the filter",
  keyChain: "Check the chain from its beginning",
  keyExport: "Export",
  keyOpen: "Open its form",
  chainWalking: (to, of) => `Checking the chain: ${to} of ${of}`,
  chainWhole: (to) => `The chain is whole up to entry ${to}`,
  chainBroken: (at) =>
    `THE CHAIN IS BROKEN at entry ${at}: it, or what stands before it, was changed`,
  chainFailed: "The chain could not be checked",
  chainAgain: "Check again",
  signedHead: (n, at) => `signed head: ${n}, ${at}`,
  noHead: "no signed head yet",
  exportTitle: "Export the trail",
  exportLead:
    "The file holds the entries that fit the filter, in a whole chain: the others stand in it as hashes. Anybody can check it without the endpoint:",
  exportFormat: "Format",
  exportJsonl: "Lines of JSON (.jsonl)",
  exportCsv: "Table (.csv)",
  exportGo: "Export",
  exporting: (size) => `Receiving… ${size}`,
  exported: (name) => `${name} is saved.`,
  filtered: "As filtered",
  whole: "All that you may see",
};

const tables = { id, en };
const events = { id: eventsId, en: eventsEn };

/** Reading it in a component follows changes of the language. */
export const audit = {
  get t(): typeof id {
    return tables[words.language];
  },
  get events(): typeof eventsId {
    return events[words.language];
  },
};
