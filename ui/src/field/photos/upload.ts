// A picked photo on its way into the device.
import type { DraftView } from "@generated/DraftView";
import type { PhotoSource } from "@generated/PhotoSource";
import type { Device } from "@shared/backend";
import { inPieces } from "../parts/pieces";

/** Gives the file to the device; answers with the draft that has the photo. */
export function upload(
  device: Pick<Device, "addPhotoPiece">,
  file: Blob,
  pending: number,
  source: PhotoSource,
  progressed: (share: number) => void,
): Promise<DraftView | null> {
  const give = (base64: string, last: boolean) =>
    device.addPhotoPiece({ pending, base64, last, source });
  return inPieces(file, give, progressed);
}
