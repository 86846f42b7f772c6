// The icons that the screens use, by name: the one set in /icons, inlined so
// that each takes the colour and size of the text around it.
import arrowDown from "../../../icons/arrow-down.svg?raw";
import arrowLeft from "../../../icons/arrow-left.svg?raw";
import arrowRight from "../../../icons/arrow-right.svg?raw";
import arrowUp from "../../../icons/arrow-up.svg?raw";
import camera from "../../../icons/camera.svg?raw";
import carry from "../../../icons/carry.svg?raw";
import checkDouble from "../../../icons/check-double.svg?raw";
import check from "../../../icons/check.svg?raw";
import chevronRight from "../../../icons/chevron-right.svg?raw";
import close from "../../../icons/close.svg?raw";
import cloudCheck from "../../../icons/cloud-check.svg?raw";
import cloudOff from "../../../icons/cloud-off.svg?raw";
import cloud from "../../../icons/cloud.svg?raw";
import conflict from "../../../icons/conflict.svg?raw";
import dot from "../../../icons/dot.svg?raw";
import form from "../../../icons/form.svg?raw";
import gallery from "../../../icons/gallery.svg?raw";
import history from "../../../icons/history.svg?raw";
import info from "../../../icons/info.svg?raw";
import mail from "../../../icons/mail.svg?raw";
import pencil from "../../../icons/pencil.svg?raw";
import phone from "../../../icons/phone.svg?raw";
import qr from "../../../icons/qr.svg?raw";
import question from "../../../icons/question.svg?raw";
import retake from "../../../icons/retake.svg?raw";
import returned from "../../../icons/returned.svg?raw";
import save from "../../../icons/save.svg?raw";
import seal from "../../../icons/seal.svg?raw";
import send from "../../../icons/send.svg?raw";
import settings from "../../../icons/settings.svg?raw";
import trash from "../../../icons/trash.svg?raw";
import warning from "../../../icons/warning.svg?raw";
import zoomIn from "../../../icons/zoom-in.svg?raw";
import zoomOut from "../../../icons/zoom-out.svg?raw";
import equal from "../../../icons/equal.svg?raw";
import fitPage from "../../../icons/fit-page.svg?raw";
import fitWidth from "../../../icons/fit-width.svg?raw";
import notEqual from "../../../icons/not-equal.svg?raw";
import person from "../../../icons/person.svg?raw";
import rotate from "../../../icons/rotate.svg?raw";
import sun from "../../../icons/sun.svg?raw";

export const icons = {
  "arrow-down": arrowDown,
  "arrow-left": arrowLeft,
  "arrow-right": arrowRight,
  "arrow-up": arrowUp,
  camera,
  carry,
  check,
  "check-double": checkDouble,
  "chevron-right": chevronRight,
  close,
  cloud,
  "cloud-check": cloudCheck,
  "cloud-off": cloudOff,
  conflict,
  dot,
  form,
  gallery,
  history,
  info,
  mail,
  pencil,
  phone,
  qr,
  question,
  retake,
  returned,
  save,
  seal,
  send,
  settings,
  trash,
  warning,
  "zoom-in": zoomIn,
  "zoom-out": zoomOut,
  equal,
  "fit-page": fitPage,
  "fit-width": fitWidth,
  "not-equal": notEqual,
  person,
  rotate,
  sun,
} as const;

export type IconName = keyof typeof icons;
