// What each code means to a witness, and what to do, in Indonesian.
import type { CodeWords } from "./words";

const tellCoordinator = "Beri tahu koordinator Anda. Data tetap aman di ponsel ini.";
const tryLater = "Tidak perlu apa-apa; akan dicoba lagi sendiri.";
const askNewCode = "Minta kode baru kepada koordinator.";
const appFault = "Ini kesalahan aplikasi, bukan kesalahan Anda.";
const chooseOther = "Foto ulang, atau pilih foto lain.";

export const codesId: CodeWords = {
  trouble: {
    no_connection: {
      says: "Tidak ada sambungan internet.",
      todo: "Nyalakan data seluler atau cari sinyal. Yang sudah disimpan akan dikirim sendiri.",
    },
    no_answer: {
      says: "Tersambung, tetapi server tidak menjawab.",
      todo: "Sinyal mungkin lemah. Akan dicoba lagi sendiri.",
    },
    captive_portal: {
      says: "Wi-Fi ini meminta masuk (login) dahulu.",
      todo: "Masuk di halaman Wi-Fi itu, atau matikan Wi-Fi dan pakai data seluler.",
    },
    wrong_server: {
      says: "Yang menjawab bukan server yang dikenal ponsel ini.",
      todo: "Matikan Wi-Fi dan pakai data seluler. Bila tetap begini, beri tahu koordinator.",
    },
    bad_address: {
      says: "Alamat server tidak dapat dibaca.",
      todo: "Periksa ketikannya. Contoh: saksi.contoh.id",
    },
    wrong_clock: {
      says: "Jam atau tanggal ponsel ini keliru.",
      todo: "Setel tanggal dan jam ke otomatis di pengaturan ponsel, lalu coba lagi.",
    },
    insecure_connection: {
      says: "Sambungan aman ke server tidak dapat dibuat.",
      todo: "Periksa alamatnya, atau ganti jaringan. Bila tetap begini, beri tahu koordinator.",
    },
    busy: { says: "Server sedang penuh.", todo: tryLater },
    server_fault: { says: "Server sedang bermasalah.", todo: tryLater },
    device_revoked: {
      says: "Ponsel ini sudah dicabut oleh koordinator.",
      todo: "Hubungi koordinator. Semua yang tersimpan tetap ada di ponsel ini.",
    },
    token_unknown: {
      says: "Server tidak mengenal ponsel ini lagi.",
      todo: tellCoordinator,
    },
    code_mistyped: {
      says: "Kode pendaftaran salah ketik.",
      todo: "Cocokkan lagi huruf demi huruf dengan kode yang Anda terima.",
    },
    enrol_code_unknown: {
      says: "Server tidak mengenal kode ini.",
      todo: "Periksa kode dan alamat servernya. Bila sudah benar, minta kode baru.",
    },
    enrol_code_used: {
      says: "Kode ini sudah dipakai ponsel lain.",
      todo: `${askNewCode} Satu kode hanya untuk satu ponsel.`,
    },
    enrol_code_expired: { says: "Kode ini sudah kedaluwarsa.", todo: askNewCode },
    enrol_throttled: {
      says: "Terlalu banyak percobaan yang salah.",
      todo: "Tunggu beberapa menit, lalu coba lagi dengan kode yang benar.",
    },
    app_too_old: {
      says: "Aplikasi ini terlalu lama untuk server.",
      todo: "Perbarui aplikasi. Data yang tersimpan tidak akan hilang.",
    },
    refused: {
      says: "Server menolak kiriman dari aplikasi ini.",
      todo: tellCoordinator,
    },
  },
  problem: {
    enrol_code_unknown: { says: "Server tidak mengenal kode ini.", todo: askNewCode },
    enrol_code_used: { says: "Kode ini sudah dipakai ponsel lain.", todo: askNewCode },
    enrol_code_expired: { says: "Kode ini sudah kedaluwarsa.", todo: askNewCode },
    enrol_throttled: {
      says: "Terlalu banyak percobaan yang salah.",
      todo: "Tunggu beberapa menit, lalu coba lagi.",
    },
    proof_invalid: { says: "Tanda pengenal ponsel ini ditolak.", todo: tellCoordinator },
    token_unknown: { says: "Server tidak mengenal ponsel ini lagi.", todo: tellCoordinator },
    device_revoked: {
      says: "Ponsel ini sudah dicabut oleh koordinator.",
      todo: tellCoordinator,
    },
    not_assigned: {
      says: "TPS atau pemilihan ini bukan tugas ponsel ini.",
      todo: "Beri tahu koordinator; kiriman Anda disimpan dan dapat diterima kemudian.",
    },
    window_closed: {
      says: "Waktu pengiriman sudah ditutup.",
      todo: "Beri tahu koordinator; kiriman Anda disimpan dan dapat diterima kemudian.",
    },
    envelope_invalid: {
      says: `Kiriman tidak dapat dibaca server. ${appFault}`,
      todo: tellCoordinator,
    },
    signature_invalid: { says: "Tanda tangan ponsel ini tidak cocok.", todo: tellCoordinator },
    payload_invalid: { says: "Isi formulir tidak dikenal server.", todo: tellCoordinator },
    photo_not_announced: {
      says: `Server belum mengenal foto ini. ${appFault}`,
      todo: tellCoordinator,
    },
    offset_mismatch: { says: "Pengiriman foto terputus di tengah.", todo: tryLater },
    hash_mismatch: { says: "Foto berubah di perjalanan.", todo: tryLater },
    device_unknown: {
      says: "Server tidak mengenal ponsel yang menandatangani ini.",
      todo: "Minta kode pendaftaran baru kepada koordinator; data tetap tersimpan di ponsel ini.",
    },
    bundle_invalid: {
      says: "Server tidak dapat membaca berkas .saksi ini.",
      todo: "Minta berkasnya dikirim ulang.",
    },
    not_a_photo: { says: "Server tidak menganggap berkas ini foto.", todo: tellCoordinator },
    too_large: { says: "Kiriman terlalu besar untuk server.", todo: tellCoordinator },
    rate_limited: { says: "Terlalu banyak kiriman sekaligus.", todo: tryLater },
    precondition_required: { says: appFault, todo: tellCoordinator },
    precondition_failed: { says: "Keadaannya sudah berubah di server.", todo: tryLater },
    request_invalid: {
      says: `Permintaan tidak dikenal server. ${appFault}`,
      todo: tellCoordinator,
    },
    not_signed_in: { says: "Server meminta masuk dahulu.", todo: tellCoordinator },
    credentials_invalid: { says: "Nama atau kata sandi ditolak.", todo: tellCoordinator },
    not_allowed: { says: "Ponsel ini tidak berhak mengirim itu.", todo: tellCoordinator },
    cross_origin: { says: "Server menolak asal permintaan.", todo: tellCoordinator },
    not_found: { says: "Server tidak menemukan yang diminta.", todo: tellCoordinator },
    method_not_allowed: { says: appFault, todo: tellCoordinator },
    unsupported_media_type: { says: appFault, todo: tellCoordinator },
    request_timeout: { says: "Kiriman terlalu lama di jalan.", todo: tryLater },
    overloaded: { says: "Server sedang penuh.", todo: tryLater },
    storage_full: { says: "Server tidak dapat menyimpan saat ini.", todo: tryLater },
    internal: { says: "Server sedang bermasalah.", todo: tryLater },
  },
  photo: {
    empty: { says: "Berkas fotonya kosong.", todo: chooseOther },
    not_an_image: { says: "Berkas ini bukan foto.", todo: "Pilih foto berformat JPEG atau PNG." },
    heic: {
      says: "Format foto HEIC belum dapat dibaca.",
      todo: "Di pengaturan kamera pilih format JPEG (\u201cpaling kompatibel\u201d), lalu foto ulang.",
    },
    unsupported_format: {
      says: "Format gambar ini tidak dapat dibaca.",
      todo: "Pilih foto berformat JPEG atau PNG.",
    },
    truncated: { says: "Berkas fotonya terpotong.", todo: chooseOther },
    broken: { says: "Berkas fotonya rusak.", todo: chooseOther },
    too_large: {
      says: "Berkas fotonya terlalu besar (lebih dari 16 MB).",
      todo: "Kecilkan ukuran foto di pengaturan kamera, lalu foto ulang.",
    },
    too_many_pixels: {
      says: "Ukuran fotonya terlalu besar.",
      todo: "Pilih ukuran foto 12 MP di pengaturan kamera, lalu foto ulang.",
    },
    too_much_memory: { says: "Foto ini terlalu berat untuk dibuka.", todo: chooseOther },
    bomb: { says: "Berkas ini tidak wajar dan tidak dibuka.", todo: chooseOther },
    encode: { says: "Foto ini tidak dapat diproses.", todo: chooseOther },
    too_many: {
      says: "Foto untuk formulir ini sudah terlalu banyak.",
      todo: "Hapus foto yang tidak perlu, lalu coba lagi.",
    },
    file_gone: {
      says: "Berkas foto ini tidak ada lagi di ponsel.",
      todo: "Foto ulang, lalu simpan sebagai perbaikan.",
    },
  },
  database: {
    from_the_future: {
      says: "Data di ponsel ini dibuat oleh versi aplikasi yang lebih baru.",
      todo: "Perbarui aplikasi, lalu buka lagi.",
    },
    not_a_database: {
      says: "Berkas data aplikasi tidak dapat dibaca.",
      todo: "Jangan hapus aplikasi. Hubungi koordinator; berkasnya mungkin masih dapat diselamatkan.",
    },
    damaged: {
      says: "Berkas data aplikasi rusak.",
      todo: "Jangan hapus aplikasi. Hubungi koordinator; berkasnya mungkin masih dapat diselamatkan.",
    },
    in_use: {
      says: "Saksi sudah terbuka di jendela lain.",
      todo: "Tutup jendela yang lain, lalu buka lagi aplikasi ini.",
    },
  },
  failure: {
    disk_full: {
      says: "Penyimpanan ponsel penuh.",
      todo: "Hapus berkas lain (misalnya video), lalu coba lagi. Jangan hapus aplikasi ini.",
    },
    read_only: {
      says: "Data aplikasi tidak dapat ditulis.",
      todo: "Mulai ulang ponsel. Bila tetap begini, hubungi koordinator.",
    },
    nothing_to_save: {
      says: "Belum ada yang perlu disimpan.",
      todo: "Isi angka atau ambil foto dahulu.",
    },
    not_found: {
      says: "Yang diminta tidak ada di ponsel ini.",
      todo: "Kembali ke TPS saya, lalu buka lagi.",
    },
    internal: {
      says: "Ada kesalahan di aplikasi. Tidak ada yang hilang.",
      todo: "Coba lagi. Bila tetap begini, tutup dan buka lagi aplikasi.",
    },
  },
  inbox: {
    verified: "Formulir Anda terverifikasi",
    returned: "Formulir dikembalikan",
    conflict: "Berbeda dengan catatan saksi lain",
    original_wanted: "Ruang hitung meminta foto asli; akan dikirim sendiri",
    message: "Pesan dari koordinator",
    pack_changed: "Data TPS diperbarui",
    revoked: "Ponsel ini dicabut",
  },
};
