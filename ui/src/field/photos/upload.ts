// A picked file on its way into the device, piece by piece: Android's bridge
// carries text only, and megabytes in one message would freeze a cheap phone.
import type { DraftView } from "@generated/DraftView";
import type { PhotoSource } from "@generated/PhotoSource";
import type { Device } from "@shared/backend";

/** Bytes of a piece; three to each four characters of base64, so 256 KiB of text. */
export const PIECE_BYTES = 192 * 1024;

/** Gives the file to the device; answers with the draft that has the photo. */
export async function upload(
  device: Pick<Device, "addPhotoPiece">,
  file: Blob,
  pending: number,
  source: PhotoSource,
  progressed: (share: number) => void,
): Promise<DraftView | null> {
  for (let start = 0; ; start += PIECE_BYTES) {
    const end = Math.min(start + PIECE_BYTES, file.size);
    const last = end === file.size;
    const base64 = await inBase64(file.slice(start, end));
    const draft = await device.addPhotoPiece({ pending, base64, last, source });
    progressed(file.size ? end / file.size : 1);
    if (last) return draft;
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
