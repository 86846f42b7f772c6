// The endpoint's calls for dossiers, one function each.
import type { DossierPreview } from "@generated/DossierPreview";
import type { DossierRequest } from "@generated/DossierRequest";
import { download, type Downloaded, type OnProgress } from "../api/download";
import { call } from "../api/http";

/** Header with about how many bytes will come. */
const SIZE_ABOUT = "saksi-size-about";

export const previewDossier = (body: DossierRequest) =>
  call<DossierPreview>("/v1/dossiers/preview", { method: "POST", body });

export const makeDossier = (
  body: DossierRequest,
  onprogress: OnProgress,
  signal: AbortSignal,
): Promise<Downloaded> => download("/v1/dossiers", body, SIZE_ABOUT, onprogress, signal);
