//! The names by which columns go, without blanks, strokes and capitals; words
//! of one meaning stand in one text.

use super::meaning::Place;

/// Where a row belongs.
pub(super) const PLACES: &[(Place, &str)] = &[
    (
        Place::Code,
        "kode code kodewilayah kodetps tpscode idtps tpsid regioncode region wilayah \
         idwilayah kodekputps kodelokasi",
    ),
    (
        Place::VillageCode,
        "kelid idkel kodekel kodedesa kodekelurahan kodekeldesa villagecode villageid \
         desaid iddesa kelurahanid idkelurahan kodedesakelurahan kodekelurahandesa",
    ),
    (
        Place::Province,
        "prov provinsi province namaprov namaprovinsi propinsi",
    ),
    (
        Place::Regency,
        "kab kabupaten kabko kabkota kota kabupatenkota regency city regencycity namakab \
         namakabupaten namakabkota namakabupatenkota",
    ),
    (
        Place::District,
        "kec kecamatan district subdistrict namakec namakecamatan distrik",
    ),
    (
        Place::Village,
        "kel kelurahan desa village namakel namadesa namakelurahan kelurahandesa \
         desakelurahan desakel keldesa namakelurahandesa namadesakelurahan nagari gampong \
         kampung",
    ),
    (
        Place::FormTps,
        "formtps tpsform formulirtps tpsformulir notpsformulir nomorformulir tpsterbaca \
         tpsdiformulir notpsform tpsread tpsonform tpspadaformulir",
    ),
    (
        Place::Tps,
        "tps notps nomortps tpsno tpsnumber namatps tpsname notempatpemungutansuara \
         pollingstation station stationnumber tpsnomor",
    ),
    (
        Place::Contest,
        "contest pemilihan jenispemilihan jenis pemilu jenispemilu race kontes",
    ),
];

/// Figures, by field id.
pub(super) const FIGURES: &[(&str, &str)] = &[
    (
        "valid",
        "sah valid suarasah validvotes totalvalid jumlahsuarasah jmlsuarasah jmlsah \
         jumlahsah totalsuarasah totalsah votesvalid jmlhsuarasah",
    ),
    (
        "invalid",
        "tsah tidaksah tdksah taksah suaratidaksah suaratdksah jumlahsuaratidaksah \
         jmlsuaratidaksah jmltidaksah jumlahtidaksah totalsuaratidaksah totaltidaksah \
         invalid invalidvotes totalinvalid votesinvalid batal suarabatal rejected \
         rejectedvotes",
    ),
    (
        "total",
        "total jum jumlah jml suaratotal totalsuara jumlahsuara jmlsuara totalvotes \
         votestotal votescast suarasahdantidaksah jumlahsuarasahdantidaksah sahtidaksah \
         jumlahseluruhsuara jumlahsuarasahtidaksah ballotscast jumlahtotal \
         totalsuarasahdantidaksah sahdantidaksah",
    ),
    (
        "came_total_total",
        "pengguna penggunahakpilih jumlahpengguna jumlahpenggunahakpilih jmlpengguna \
         penggunatotal totalpengguna hadir pemilihhadir came voterscame voterswhocame \
         attended jumlahpemilihhadir",
    ),
    (
        "dpt_total",
        "dpt roll jumlahdpt jmldpt totaldpt pemilihdpt pemilihterdaftar registered \
         registeredvoters electorate jumlahpemilih jmlpemilih pemilih voters dptlp \
         totalpemilih",
    ),
    (
        "ballots_received",
        "diterima suratsuaraditerima ssditerima received ballotsreceived \
         suratsuaradanreserve jumlahsuratsuaraditerima suratsuara logistikditerima",
    ),
    (
        "ballots_used",
        "digunakan suratsuaradigunakan ssdigunakan used ballotsused terpakai \
         jumlahsuratsuaradigunakan suratsuaraterpakai",
    ),
    (
        "ballots_returned",
        "dikembalikan suratsuaradikembalikan rusak suratsuararusak ssrusak returned \
         ballotsreturned spoiled kelirucoblos rusakkeliru suratsuaradikembalikanrusak",
    ),
    (
        "ballots_unused",
        "tidakdigunakan suratsuaratidakdigunakan sstidakdigunakan unused ballotsunused \
         sisa sisasuratsuara tidakterpakai suratsuarasisa",
    ),
    ("came_dpt_total", "penggunadpt hadirdpt camedpt"),
    ("came_dptb_total", "dptb penggunadptb hadirdptb camedptb"),
    (
        "came_dpk_total",
        "dpk penggunadpk penggunanondpt hadirdpk camedpk",
    ),
    ("came_dpph_total", "dpph penggunadpph hadirdpph camedpph"),
];

/// Rows that have men, women and both: the beginning of the field id, and of
/// the names. The longest name that fits counts.
pub(super) const ROWS: &[(&str, &str)] = &[
    ("dpt", "dpt pemilihdpt roll pemilihterdaftar"),
    (
        "came_dpt",
        "penggunadpt pengunadpt camedpt hadirdpt penggunahakpilihdpt",
    ),
    (
        "came_dptb",
        "penggunadptb camedptb hadirdptb penggunahakpilihdptb dptb",
    ),
    (
        "came_dpk",
        "penggunadpk penggunanondpt camedpk hadirdpk penggunahakpilihdpk dpk",
    ),
    (
        "came_dpph",
        "penggunadpph camedpph hadirdpph penggunahakpilihdpph dpph",
    ),
    (
        "came_total",
        "penggunatotal totalpengguna pengguna cametotal jumlahpengguna penggunahakpilih",
    ),
    (
        "disability",
        "disabilitas disability difabel pemilihdisabilitas",
    ),
];

/// Men, women and both.
pub(super) const COLUMNS: &[(&str, &str)] = &[
    ("male", "l lk laki lakilaki male m pria"),
    ("female", "p pr perempuan female f wanita"),
    ("total", "j jml jumlah total t lp"),
];

/// Words before the number of an option.
pub(super) const OPTIONS: &str = "paslon pas calon candidate cand kandidat option opsi pilihan pair pasangan \
         pasangancalon party partai parpol suara vote votes s c p no nomor nourut \
         nomorurut urut paslonno paslonnomor paslonnourut nopaslon suarapaslon suarapas \
         suaracalon suarapartai suarapasangancalon suarapasangan suarakandidat perolehan \
         perolehansuara perolehanpaslon votescandidate votespair candidatevotes pairvotes \
         votesoption jumlahsuarapaslon suarano suaranourut votesfor";

/// Whether a name is one of the words of a text.
pub(super) fn has(words: &str, name: &str) -> bool {
    words.split_ascii_whitespace().any(|word| word == name)
}
