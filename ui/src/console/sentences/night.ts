// Sentences about the course of the night: lead, seats, progress, wall displays.

export const nightId = {
  // The lead.
  leadSafe: (leader: string, votes: string, missing: string, tps: string) =>
    `${leader} unggul ${votes} suara dan tidak dapat dikejar lagi: yang belum masuk paling banyak ${missing} suara dari ${tps} TPS.`,
  leadWhole: (leader: string, votes: string) =>
    `${leader} unggul ${votes} suara; semua TPS sudah masuk.`,
  leadOpen: (
    leader: string,
    votes: string,
    rival: string,
    needed: string,
    share: string,
    missing: string,
    tps: string,
  ) =>
    `${leader} unggul ${votes} suara. ${rival} menyusul bila memenangkan ${needed} (${share}) dari paling banyak ${missing} suara yang belum masuk dari ${tps} TPS.`,
  leadUnsure: (leader: string, rival: string, missing: string, tps: string) =>
    `Belum pasti siapa yang unggul, ${leader} atau ${rival}: suaranya sama, atau angka yang masih berbeda dapat membaliknya. Yang belum masuk paling banyak ${missing} suara dari ${tps} TPS.`,
  leadUnsureWhole: (leader: string, rival: string) =>
    `Semua TPS sudah masuk, tetapi belum pasti siapa yang unggul, ${leader} atau ${rival}: suaranya sama, atau angka yang masih berbeda dapat membaliknya.`,
  leadHint:
    "Dihitung paling berat bagi yang unggul: angka yang berbeda dihitung paling rendah baginya dan paling tinggi bagi lawannya; di TPS yang belum masuk semua pemilih DPT dan semua surat suara cadangan dianggap terpakai dan sah.",

  // Seats.
  seatsTitle: "Kursi per dapil",
  seatsExplained:
    "Menurut metode Sainte-Laguë, dari suara terverifikasi dan diterima. Suara yang masih berbeda tidak dihitung.",
  seatsThreshold:
    "Ambang batas 4 % berlaku untuk suara seluruh negeri, yang tidak ada di sini. Tandai partai yang tidak mencapainya; pembagian kursi dihitung tanpa mereka.",
  seatsBelow: (n: number) => `Partai di bawah ambang batas: ${n}`,
  seatsLeftOut: "di bawah ambang",
  dapilSeats: (name: string, seats: string) => `${name}: ${seats} kursi`,
  party: "Partai",
  partyVotes: "Suara",
  partySeats: "Kursi",
  seatLast: (party: string, votes: string, divisor: string, spare: string) =>
    `Kursi terakhir: ${party}, dengan ${votes} suara dibagi ${divisor}; ia masih mendapatnya dengan ${spare} suara lebih sedikit.`,
  seatNext: (party: string, missing: string) => `Berikutnya ${party}: kurang ${missing} suara.`,
  seatClosest: (party: string, missing: string) =>
    `Paling dekat ${party}: kurang ${missing} suara.`,
  seatsTied: (seats: string, parties: string) =>
    `${seats} kursi belum dapat dibagi: hasil bagi ${parties} sama besar.`,
  seatsVacant: (seats: string) => `${seats} kursi belum ada suaranya.`,

  // The progress of the night.
  progressNone: "Belum ada yang masuk.",
  progressSpoken: (received: string, verified: string, tps: string, from: string, until: string) =>
    `Dari ${from} sampai ${until}: ${received} dari ${tps} TPS masuk, ${verified} terverifikasi`,
  progressReceived: "masuk",
  progressVerified: "terverifikasi",

  // Links for wall displays.
  walls: "Layar dinding",
  wallsTitle: "Layar dinding",
  wallsLead:
    "Tautan ini menampilkan perolehan suara di layar atau proyektor tanpa masuk. Siapa pun yang memilikinya dapat melihat jumlah wilayah itu, dan tidak lebih: tidak ada formulir, foto, atau nama saksi.",
  wallName: "Nama layar",
  wallNameHint: "Di mana layarnya, misalnya: Aula lantai 2",
  wallNameEmpty: "Isi nama layarnya.",
  wallRegion: "Wilayah",
  wallLife: "Berlaku",
  wallHours: (hours: string) => `${hours} jam`,
  wallDays: (days: string) => `${days} hari`,
  wallMake: "Buat tautan",
  wallMaking: "Membuat…",
  wallFull: (most: string) =>
    `Sudah ada ${most} tautan yang berlaku. Cabut satu dahulu untuk membuat yang baru.`,
  wallMade: (name: string) => `Tautan untuk ${name}. Salin sekarang: ia hanya ditampilkan sekali.`,
  wallCopy: "Salin",
  wallCopied: "Tersalin.",
  wallOpen: "Buka layarnya",
  wallNone: "Belum ada tautan.",
  wallMadeBy: (by: string, at: string) => `dibuat ${by}, ${at}`,
  wallUntil: (at: string) => `berlaku sampai ${at}`,
  wallExpired: (at: string) => `berakhir ${at}`,
  wallRevokedBy: (by: string, at: string) => `dicabut ${by}, ${at}`,
  wallRevoke: "Cabut",
  wallRevokeSure: "Cabut sekarang",

  // The wall display itself.
  wallEnded: "Tautan ini tidak berlaku lagi",
  wallEndedLead: "Tautannya sudah dicabut, berakhir, atau salah. Minta tautan baru kepada admin.",
  wallConnecting: "Menyambung…",
  wallLost: (since: string) => `Sambungan terputus sejak ${since}.`,
  wallLostFigures: (at: string) => `Angka di layar ini dari ${at}.`,
  wallNothing: "Belum ada pemilihan di wilayah ini.",
  wallReadAt: (at: string) => `Dibaca ${at}`,
  wallTpsIn: "TPS masuk",
  wallOf: (tps: string) => `dari ${tps}`,
};

export const nightEn: typeof nightId = {
  leadSafe: (leader, votes, missing, tps) =>
    `${leader} is ${votes} votes ahead and can no longer be caught up with: at most ${missing} votes from ${tps} TPS are missing.`,
  leadWhole: (leader, votes) => `${leader} is ${votes} votes ahead; all TPS are in.`,
  leadOpen: (leader, votes, rival, needed, share, missing, tps) =>
    `${leader} is ${votes} votes ahead. ${rival} draws level by winning ${needed} (${share}) of the at most ${missing} votes missing from ${tps} TPS.`,
  leadUnsure: (leader, rival, missing, tps) =>
    `Not certain who is ahead, ${leader} or ${rival}: they are level, or contested figures could turn it. At most ${missing} votes from ${tps} TPS are missing.`,
  leadUnsureWhole: (leader, rival) =>
    `All TPS are in, but it is not certain who is ahead, ${leader} or ${rival}: they are level, or contested figures could turn it.`,
  leadHint:
    "Reckoned as hard on the leader as can be: contested figures count with the leader's lowest and the rival's highest; at TPS that are not in, every voter on the roll and every reserve ballot is taken to be a valid vote.",

  seatsTitle: "Seats by dapil",
  seatsExplained:
    "By Sainte-Laguë, of verified and received votes. Contested votes are not counted.",
  seatsThreshold:
    "The threshold of 4 % is held against the whole country's votes, which are not here. Mark the parties that stay below it; seats are given without them.",
  seatsBelow: (n) => `Parties below the threshold: ${n}`,
  seatsLeftOut: "below threshold",
  dapilSeats: (name, seats) => `${name}: ${seats} seats`,
  party: "Party",
  partyVotes: "Votes",
  partySeats: "Seats",
  seatLast: (party, votes, divisor, spare) =>
    `Last seat: ${party}, with ${votes} votes over ${divisor}; it would still get it with ${spare} votes fewer.`,
  seatNext: (party, missing) => `Next is ${party}: ${missing} votes short.`,
  seatClosest: (party, missing) => `Closest is ${party}: ${missing} votes short.`,
  seatsTied: (seats, parties) =>
    `${seats} seats cannot be given yet: the quotients of ${parties} are equal.`,
  seatsVacant: (seats) => `${seats} seats have no votes yet.`,

  progressNone: "Nothing is in yet.",
  progressSpoken: (received, verified, tps, from, until) =>
    `From ${from} to ${until}: ${received} of ${tps} TPS in, ${verified} verified`,
  progressReceived: "in",
  progressVerified: "verified",

  walls: "Wall displays",
  wallsTitle: "Wall displays",
  wallsLead:
    "Such a link shows totals on a screen or projector without signing in. Whoever has it sees the sums of that region and no more: no form, no photo, no witness's name.",
  wallName: "Name of the screen",
  wallNameHint: "Where it is, such as: hall, second floor",
  wallNameEmpty: "Fill in the screen's name.",
  wallRegion: "Region",
  wallLife: "Valid for",
  wallHours: (hours) => `${hours} hours`,
  wallDays: (days) => `${days} days`,
  wallMake: "Make the link",
  wallMaking: "Making…",
  wallFull: (most) => `There are ${most} valid links already. Revoke one to make another.`,
  wallMade: (name) => `Link for ${name}. Copy it now: it is shown once.`,
  wallCopy: "Copy",
  wallCopied: "Copied.",
  wallOpen: "Open the screen",
  wallNone: "There are no links yet.",
  wallMadeBy: (by, at) => `made by ${by}, ${at}`,
  wallUntil: (at) => `valid until ${at}`,
  wallExpired: (at) => `ended ${at}`,
  wallRevokedBy: (by, at) => `revoked by ${by}, ${at}`,
  wallRevoke: "Revoke",
  wallRevokeSure: "Revoke now",

  wallEnded: "This link is no longer valid",
  wallEndedLead: "It was revoked, has ended, or is wrong. Ask an admin for a new one.",
  wallConnecting: "Connecting…",
  wallLost: (since) => `Connection lost since ${since}.`,
  wallLostFigures: (at) => `The figures on this screen are from ${at}.`,
  wallNothing: "There is no contest in this region yet.",
  wallReadAt: (at) => `Read ${at}`,
  wallTpsIn: "TPS in",
  wallOf: (tps) => `of ${tps}`,
};
