// The commands of the witness app's window, typed. Nothing else in the screens
// knows that there is a bridge. Each rejects with a `Failure`.
import { convertFileSrc, invoke } from "@tauri-apps/api/core";
import type { Around } from "@generated/Around";
import type { CarriedView } from "@generated/CarriedView";
import type { DeliveryView } from "@generated/DeliveryView";
import type { DraftChange } from "@generated/DraftChange";
import type { DraftView } from "@generated/DraftView";
import type { ExportWhat } from "@generated/ExportWhat";
import type { Failure } from "@generated/Failure";
import type { FormView } from "@generated/FormView";
import type { Home } from "@generated/Home";
import type { Imported } from "@generated/Imported";
import type { Language } from "@generated/Language";
import type { Link } from "@generated/Link";
import type { PhotoKind } from "@generated/PhotoKind";
import type { PhotoSource } from "@generated/PhotoSource";
import type { Place } from "@generated/Place";
import type { RevisionView } from "@generated/RevisionView";
import type { SlotId } from "@generated/SlotId";

/** What an expected photo will show. */
export interface ExpectedPhoto {
  slot: SlotId;
  kind: PhotoKind;
  page: number | null;
  /** The photo that it stands in for, when it is a retake. */
  replaces: number | null;
}

/** One piece of an expected photo, in base64. */
export interface PhotoPiece {
  pending: number;
  base64: string;
  last: boolean;
  source: PhotoSource;
}

/** One piece of a file that somebody handed over, in base64. */
export interface ImportPiece {
  import: number;
  base64: string;
  last: boolean;
}

/** A `.saksi` file that was given to the person. */
export interface Given {
  name: string;
  size_bytes: number;
  revisions: number;
  photos: number;
  /** Revisions and photos that it had no room for. */
  left_out: number;
  /** Where it lies; `null` when the phone's share sheet has it. */
  path: string | null;
}

export const device = {
  home: () => invoke<Home>("home"),
  openAgain: () => invoke<null>("open_again"),
  enrol: (address: string, code: string) => invoke<Home>("enrol", { address, code }),
  suggestedEndpoint: () => invoke<string | null>("suggested_endpoint"),
  openForm: (slot: SlotId) => invoke<FormView>("open_form", { slot }),
  changeDraft: (slot: SlotId, change: DraftChange) =>
    invoke<DraftView>("change_draft", { slot, change }),
  setPlace: (place: Place | null) => invoke<null>("set_place", { place }),
  expectPhoto: (photo: ExpectedPhoto) => invoke<number>("expect_photo", { ...photo }),
  addPhotoPiece: (piece: PhotoPiece) => invoke<DraftView | null>("add_photo_piece", { ...piece }),
  cancelPhoto: (pending: number) => invoke<null>("cancel_photo", { pending }),
  removePhoto: (slot: SlotId, id: number) => invoke<DraftView>("remove_photo", { slot, id }),
  movePhoto: (slot: SlotId, id: number, to: number) =>
    invoke<DraftView>("move_photo", { slot, id, to }),
  setPhotoPage: (slot: SlotId, id: number, page: number | null, kind: PhotoKind) =>
    invoke<DraftView>("set_photo_page", { slot, id, page, kind }),
  /** Takes a second or more the first time; nothing should wait for it. */
  lookAtPhoto: (slot: SlotId, id: number) => invoke<DraftView>("look_at_photo", { slot, id }),
  discardDraft: (slot: SlotId) => invoke<DraftView>("discard_draft", { slot }),
  seal: (slot: SlotId) => invoke<FormView>("seal", { slot }),
  history: (slot: SlotId) => invoke<RevisionView[]>("history", { slot }),
  deliverNow: () => invoke<DeliveryView>("deliver_now"),
  connectionReturned: () => invoke<null>("connection_returned"),
  readInbox: (upTo: number) => invoke<Home>("read_inbox", { upTo }),
  around: (slot: SlotId) => invoke<Around>("around", { slot }),
  exportBundle: (what: ExportWhat) => invoke<Given>("export_bundle", { what }),
  beginImport: () => invoke<number>("begin_import"),
  addImportPiece: (piece: ImportPiece) => invoke<Imported | null>("add_import_piece", { ...piece }),
  importText: (text: string) => invoke<Imported>("import_text", { text }),
  carried: () => invoke<CarriedView[]>("carried"),
  setLink: (link: Link) => invoke<null>("set_link", { link }),
  /** On a phone only. */
  composeSms: (number: string, body: string) => invoke<null>("compose_sms", { number, body }),
  setLanguage: (language: Language) => invoke<Home>("set_language", { language }),
};

export type Device = typeof device;

/** Address of the reading copy of a photo, for an `<img>`. */
export function photoUrl(id: number): string {
  return convertFileSrc(String(id), "saksi-photo");
}

/** Whatever a command rejected with, as a `Failure`; a broken bridge is an internal one. */
export function asFailure(thrown: unknown): Failure {
  const isFailure = typeof thrown === "object" && thrown !== null && "kind" in thrown;
  return isFailure ? (thrown as Failure) : { kind: "internal" };
}
