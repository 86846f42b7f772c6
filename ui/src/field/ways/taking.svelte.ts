// Taking in what somebody else handed over: a file, a picture of a QR code, or
// its text. One at a time; the device says what it was.
import type { Failure } from "@generated/Failure";
import type { Imported } from "@generated/Imported";
import { asFailure, device } from "@shared/backend";
import { inPieces } from "../parts/pieces";

export class Taking {
  /** Part of the file that the device has, 0 to 1; `null` when nothing is on its way. */
  share = $state<number | null>(null);
  imported = $state.raw<Imported | null>(null);
  failure = $state.raw<Failure | null>(null);

  /** Gives a file to the device, which tells files and pictures apart by what is in them. */
  takeFile(file: Blob): Promise<void> {
    return this.#take(async () => {
      const id = await device.beginImport();
      const give = (base64: string, last: boolean) =>
        device.addImportPiece({ import: id, base64, last });
      return inPieces(file, give, (share) => (this.share = share));
    });
  }

  takeText(text: string): Promise<void> {
    return this.#take(() => device.importText(text));
  }

  async #take(import_: () => Promise<Imported | null>): Promise<void> {
    if (this.share !== null) return;
    this.share = 0;
    this.imported = null;
    this.failure = null;
    try {
      this.imported = await import_();
    } catch (thrown) {
      this.failure = asFailure(thrown);
    } finally {
      this.share = null;
    }
  }
}
