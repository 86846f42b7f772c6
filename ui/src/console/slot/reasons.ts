// Sentences that a coordinator need not type when returning a form. They go
// to the witness's phone, so they stand in the witnesses' language whatever
// the console is set to.
export const READY_REASONS: readonly string[] = [
  "Foto buram atau terpotong; tolong potret ulang.",
  "Ada halaman yang belum dipotret.",
  "Angka tidak sama dengan foto; tolong periksa lagi.",
  "Formulir ini tampaknya milik TPS lain.",
];
