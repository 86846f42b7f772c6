// Everything the witness reads, in Indonesian; `en.ts` has exactly these keys.
// Short words, the paper's own terms, and always what to do next.

/** What a message about something refused names. */
export interface Refused {
  tps: string;
  contest: string;
  /** How many photos; `null` for the figures. */
  photos: string | null;
  why: string;
  code: string;
  id: string;
}

export const id = {
  appName: "Saksi",
  back: "Kembali",
  next: "Lanjut",
  close: "Tutup",
  cancel: "Batal",
  retry: "Coba lagi",
  yesDelete: "Ya, hapus",
  languageName: "Bahasa Indonesia",
  loading: "Sebentar…",

  // Opening
  stoppedTitle: "Aplikasi tidak dapat dibuka",
  stoppedKept: "Data yang sudah Anda simpan tidak dihapus oleh aplikasi ini.",

  // Enrolment
  enrolTitle: "Daftarkan ponsel ini",
  enrolLead:
    "Anda menerima alamat server dan kode pendaftaran dari koordinator. Ini satu kali saja dan perlu sambungan internet; sesudahnya aplikasi bekerja tanpa sinyal.",
  enrolAddress: "Alamat server",
  enrolAddressHint: "Contoh: saksi.contoh.id. Tautan pendaftaran boleh ditempel di sini.",
  enrolCode: "Kode pendaftaran",
  enrolCodeHint:
    "Sebelas huruf dan angka, misalnya 7KQ2M-9XH4T-C. Huruf besar atau kecil sama saja.",
  enrolSubmit: "Daftar",
  enrolWorking: "Mendaftarkan…",
  enrolAgain: "Daftarkan lagi dengan kode baru",
  enrolAgainLead:
    "Pakai ini bila koordinator memberi Anda kode baru. Semua yang tersimpan tetap ada di ponsel ini.",
  enrolMissing: "Isi alamat server dan kode pendaftaran dahulu.",

  // Home
  homeTitle: "TPS saya",
  rehearsal: "LATIHAN: ini bukan pemungutan suara yang sebenarnya.",
  witness: (name: string) => `Saksi: ${name}`,
  clockAhead: (amount: string) => `Jam ponsel ini terlalu cepat ${amount}.`,
  clockBehind: (amount: string) => `Jam ponsel ini terlambat ${amount}.`,
  clockTodo: "Setel tanggal dan jam ke otomatis di pengaturan ponsel.",
  minutes: (amount: string) => `${amount} menit`,
  hours: (amount: string) => `${amount} jam`,
  days: (amount: string) => `${amount} hari`,
  noPosts: "Belum ada TPS untuk Anda. Hubungi koordinator; daftar TPS diperbarui sendiri.",
  start: "Mulai isi",
  resume: "Lanjutkan",
  correct: "Perbaiki",
  resumeCorrection: "Lanjutkan perbaikan",
  seeHistory: "Riwayat",
  openSettings: "Pengaturan",
  openInbox: (unread: number) => (unread > 0 ? `Pesan, ${unread} belum dibaca` : "Pesan"),

  // Where a slot stands
  notStarted: "Belum diisi",
  draft: "Draf, belum disimpan",
  draftOver: "Ada perbaikan yang belum disimpan",
  savedHere: "Tersimpan di ponsel ini, belum diterima server",
  figuresReceived: "Angka sudah diterima server",
  allReceived: "Angka dan semua foto sudah diterima server",
  onlyFiguresReceived: "Angka sudah diterima server; tidak ada foto",
  verified: (at: string) => `Terverifikasi ${at}`,
  returned: "Dikembalikan oleh ruang hitung",
  returnedTodo: "Periksa lagi formulirnya, perbaiki, lalu simpan.",
  inConflict: "Berbeda dengan catatan saksi lain",
  inConflictTodo:
    "Ruang hitung akan memeriksa keduanya. Bila angka Anda keliru, perbaiki; bila sudah benar, biarkan.",
  refusedByServer: "Ditolak server; tetap tersimpan di ponsel ini",
  notAssigned:
    "Anda tidak lagi ditugaskan di sini. Yang sudah disimpan tetap ada dan tetap dikirim.",
  refusedFigures: "Angka ditolak server; tetap tersimpan di ponsel ini.",
  refusedPhotos: (photos: string) =>
    `${photos} foto ditolak server; tetap tersimpan di ponsel ini.`,
  triedAgain: "Juga dicoba lagi sendiri.",
  sealAgain: "Buka dan simpan lagi",
  messageWrite: "Tulis pesan untuk koordinator",
  messageLabel: "Pesan untuk koordinator",
  messageRefused: (about: Refused) =>
    `Saksi: TPS ${about.tps}, ${about.contest}: ${about.photos === null ? "angka" : `${about.photos} foto`} ditolak server. ${about.why} Mohon diperiksa dan diterima. Nomor ${about.id}, kode ${about.code}.`,
  photosReceived: (received: string, total: string) => `Foto diterima: ${received} dari ${total}`,
  bytesOf: (received: string, total: string) => `${received} dari ${total}`,

  // The four numbers and delivery
  numbersLabel: "Sejauh mana kiriman Anda",
  numberSaved: "Tersimpan di ponsel",
  numberFigures: "Angka diterima",
  numberPhotos: "Foto diterima",
  numberVerified: "Terverifikasi",
  of: (part: string, whole: string) => `${part} dari ${whole}`,
  nothingOnlyHere: "Tidak ada yang hanya di ponsel ini.",
  nothingOwnOnlyHere: "Tidak ada kiriman Anda sendiri yang hanya di ponsel ini.",
  onlyHere: (forms: string, photos: string, size: string) =>
    `Masih hanya di ponsel ini: ${forms} formulir dan ${photos} foto (${size}).`,
  onlyHereShort: (items: string) => `${items} kiriman masih hanya di ponsel ini`,
  delivering: "Sedang mengirim…",
  willSend: "Akan dikirim sendiri begitu ada sambungan.",
  nextTry: (time: string) => `Dicoba lagi sendiri pukul ${time}.`,
  sentAgain: "Server dipulihkan dari cadangan; yang hilang di sana dikirim ulang.",
  photosWait: (time: string) =>
    `Foto menunggu sampai pukul ${time} karena server sedang ramai. Angka tidak pernah menunggu.`,
  lastContact: (time: string) => `Terakhir tersambung ke server: ${time}.`,
  sendNow: "Kirim sekarang",
  otherWays: "Cara lain mengirim",
  carry: "Bawa kiriman teman",
  carryLead: "Teman tanpa sinyal dapat menitipkan kirimannya di ponsel ini.",
  carrying: (received: string, forms: string) =>
    `Dititipkan di ponsel ini: ${received} dari ${forms} simpanan sudah diterima server.`,
  copy: "Salin",
  copied: "Tersalin",

  // Inbox
  inboxTitle: "Pesan",
  inboxEmpty: "Belum ada pesan dari ruang hitung.",
  inboxAll: "Semua pesan",
  markRead: "Sudah saya baca",
  messageFromAdmin: "Pesan dari kamar hitung",

  // Settings
  settingsTitle: "Pengaturan",
  language: "Bahasa",
  quotaTitle: "Kuota internet",
  quotaFree: "Sambungan ini tanpa kuota: kirim juga foto asli",
  quotaHint:
    "Foto asli jauh lebih besar daripada salinan yang selalu dikirim. Kembali mati setiap aplikasi dibuka.",
  aboutDevice: "Tentang ponsel ini",
  aboutWitness: "Saksi",
  aboutElection: "Pemilihan",
  aboutDate: "Hari pemungutan suara",
  aboutServer: "Alamat server",
  aboutVersion: "Versi aplikasi",
  aboutKept:
    "Semua yang Anda simpan tetap ada di ponsel ini. Jangan menghapus aplikasi sebelum semuanya diterima server.",

  // The form
  formOf: (form: string, alias: string) => `${form} (${alias})`,
  stepOf: (step: string, all: string) => `Langkah ${step} dari ${all}`,
  stepPhotos: "Foto formulir",
  stepPage: (page: string) => `Halaman ${page}`,
  stepReview: "Periksa dan simpan",
  allSteps: "Semua langkah",
  leaveForm: "Tutup formulir",
  boxesFilled: (filled: string, all: string) => `${filled} dari ${all} kotak terisi`,
  photosTaken: (photos: string) => `${photos} foto`,
  saving: "Menyimpan…",
  keptHere: "Tercatat di ponsel ini",
  notKept: "Ketikan terakhir belum tersimpan.",
  male: "Laki-laki",
  female: "Perempuan",
  total: "Jumlah",
  maleShort: "L",
  femaleShort: "P",
  totalShort: "Jml",
  boxLabel: (row: string, column: string) => `${row}, ${column}`,
  digitsOnly: (digits: string) => `Hanya angka, paling banyak ${digits} digit.`,
  formTps: "Nomor TPS yang tertulis di kepala formulir",
  formTpsHint: (number: string) => `Tulis seperti yang terbaca di kertas. TPS Anda: ${number}.`,
  votesHeading: "Perolehan suara",
  ballotNumber: (number: string) => `Nomor urut ${number}`,
  votesFor: (number: string, name: string) => `Suara untuk nomor urut ${number}, ${name}`,
  votesSum: "Jumlah yang sudah diketik",
  partyOwn: "Suara partai politik",
  partyTotal: "Jumlah suara partai dan calon",
  partySum: "Jumlah partai dan calon yang sudah diketik",
  rowSum: (sum: string) => `L + P = ${sum}`,

  // Findings
  findingAsk: "Mohon diperiksa",
  findingNotice: "Perlu diketahui",
  findingFigures: (left: string, right: string) => `${left} dibanding ${right}`,
  findingAnswer: "Catatan Anda (bila memang begitu di kertas)",
  findingAnswerHint: "Misalnya: di formulir memang tertulis begitu.",
  addNote: "Tulis catatan",

  // Photos
  photosLead: "Foto setiap halaman: terang, lurus, seluruh halaman terlihat.",
  pageTitle: (number: string, title: string) => `Halaman ${number}: ${title}`,
  objectionPhotos: "Formulir kejadian khusus / keberatan",
  otherPhotos: "Foto lain",
  unsortedPhotos: "Foto yang belum diberi halaman",
  unsortedHint: "Foto ini selamat ketika aplikasi tertutup. Ketuk untuk memberi halaman.",
  takePhoto: "Kamera",
  pickPhoto: "Galeri",
  choosePhoto: "Pilih foto",
  chooseAnother: "Tambah foto",
  photoReading: (percent: string) => `Menyimpan foto… ${percent}`,
  photoProcessing: "Memeriksa foto…",
  photoAlt: (what: string) => `Foto: ${what}`,
  photoView: (what: string) => `Lihat besar: ${what}`,
  photoShows: "Foto ini menunjukkan",
  photoUnknownPage: "Halaman belum dipilih",
  photoFromCamera: "Kamera",
  photoFromGallery: "Galeri",
  retake: "Foto ulang",
  photoRefused: "Foto ini tidak diterima server.",
  moveUp: "Geser ke atas",
  moveDown: "Geser ke bawah",
  deletePhoto: "Hapus foto",
  deletePhotoAsk: "Hapus foto ini dari formulir?",
  zoomIn: "Perbesar",
  zoomOut: "Perkecil",
  noPhotos: "Belum ada foto. Formulir boleh disimpan, foto dapat menyusul sebagai perbaikan.",
  missingPages: (pages: string) => `Belum difoto: halaman ${pages}.`,

  // Review
  reviewLead: "Cocokkan dengan kertas. Angka diketik seperti yang tertulis, walau tidak klop.",
  reviewFigures: "Semua angka",
  reviewFindings: "Yang perlu dijawab",
  reviewNoFindings: "Semua angka klop.",
  reviewEmptyBoxes: (boxes: string) => `${boxes} kotak masih kosong. Kosong tidak sama dengan nol.`,
  reviewFlags: "Kejadian di TPS",
  flagObjection: "Ada keberatan atau kejadian khusus",
  flagCopyRefused: "Salinan formulir tidak diberikan",
  flagRecount: "Ada penghitungan ulang",
  note: "Catatan untuk ruang hitung",
  edit: "Ubah",
  empty: "kosong",
  save: "Simpan",
  saveWorking: "Menyimpan…",
  saveHint: "Setelah disimpan, isinya terkunci. Bila perlu, Anda dapat membuat perbaikan.",
  discard: "Buang perubahan",
  discardAsk: "Buang semua yang belum disimpan di formulir ini?",
  discardYes: "Ya, buang",

  // Saved
  savedTitle: "Tersimpan di ponsel ini",
  savedLead: "Akan dikirim sendiri. Anda tidak perlu menekan apa-apa lagi.",
  savedNext: (title: string) => `Isi berikutnya: ${title}`,
  savedHome: "Ke TPS saya",

  // History
  historyTitle: "Riwayat",
  historyEmpty: "Belum ada yang disimpan.",
  revision: (seq: string) => `Simpanan ke-${seq}`,
  recordedAt: (at: string) => `Disimpan ${at}`,
  receiptAt: (at: string, index: string) => `Diterima server ${at}, catatan nomor ${index}`,
  noReceipt: "Belum diterima server",
  historyFirst: (figures: string, photos: string) => `${figures} angka dan ${photos} foto`,
  historyChanges: "Yang berubah dari simpanan sebelumnya",
  historySame: "Tidak ada angka yang berubah.",
  historyFrom: (from: string, to: string) => `${from} menjadi ${to}`,
  historyPhotosAdded: (photos: string) => `${photos} foto ditambahkan`,
  historyPhotosRemoved: (photos: string) => `${photos} foto dilepas`,
  historyNote: "Catatan",
  historyAll: "Lihat semua angka",
  formTpsShort: "Nomor TPS di formulir",
};
