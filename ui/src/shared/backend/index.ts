// The only folder that knows Tauri.
export { asFailure, device, photoUrl } from "./device";
export type { Device, ExpectedPhoto, Given, ImportPiece, PhotoPiece } from "./device";
export { onChanged } from "./events";

/** Whether this is a phone, whose file chooser can open the camera. */
export const isPhone = /Android|iPhone|iPad/.test(navigator.userAgent);
