// A picked file on its way into the device, piece by piece: Android's bridge
// carries text only, and megabytes in one message would freeze a cheap phone.

/** Bytes of a piece; three to each four characters of base64, so 256 KiB of text. */
export const PIECE_BYTES = 192 * 1024;

/** Gives a file away in base64 pieces, in order; answers with what the last one came to. */
export async function inPieces<T>(
  file: Blob,
  give: (base64: string, last: boolean) => Promise<T>,
  progressed: (share: number) => void,
): Promise<T> {
  for (let start = 0; ; start += PIECE_BYTES) {
    const end = Math.min(start + PIECE_BYTES, file.size);
    const last = end === file.size;
    const answer = await give(await inBase64(file.slice(start, end)), last);
    progressed(file.size ? end / file.size : 1);
    if (last) return answer;
  }
}

/** The bytes of a piece in base64; the browser's own reader does it off the script. */
function inBase64(piece: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      const url = String(reader.result);
      resolve(url.slice(url.indexOf(",") + 1));
    };
    reader.onerror = () => reject(reader.error ?? new Error("the file could not be read"));
    reader.readAsDataURL(piece);
  });
}
