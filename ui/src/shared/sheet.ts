// A page as if photographed from straight in front: the photo itself, drawn so
// that its sheet fills a box. Pure reckoning in CSS pixels.
import type { SheetPlace } from "@generated/SheetPlace";

type Row = [number, number, number];
/** Rows of the way from a plane to another; what it takes (x, y, 1) to is divided by the third. */
type Way = [Row, Row, Row];

/** The box that the sheet fills about as large as it is in the photo. */
export function straightSize({ sheet_mm: [wide, high], corners_px }: SheetPlace): {
  width: number;
  height: number;
} {
  const [topLeft, topRight, bottomRight, bottomLeft] = corners_px;
  const length = (from: [number, number], to: [number, number]) =>
    Math.hypot(to[0] - from[0], to[1] - from[1]);
  const width = Math.max(length(topLeft, topRight), length(bottomLeft, bottomRight), 1);
  return { width, height: (width * high) / wide };
}

/**
 * The CSS transform of the photo, laid at the top left of a box of that width
 * in its own size (`picture_px`) with its origin there.
 */
export function straightened(place: SheetPlace, width: number): string {
  const size = straightSize(place);
  const scale = width / size.width;
  const [[a, b, c], [d, e, f], [g, h, i]] = toUnitSquare(place.corners_px);
  const [w, v] = [size.width * scale, size.height * scale];
  // Column by column; the third axis is the one towards the eye.
  const columns = [
    [w * a, v * d, 0, g],
    [w * b, v * e, 0, h],
    [0, 0, 1, 0],
    [w * c, v * f, 0, i],
  ];
  return `matrix3d(${columns.flat().join(", ")})`;
}

/** The way that takes the four corners, clockwise from the top left, to those of a square of 1. */
function toUnitSquare([p, q, r, s]: SheetPlace["corners_px"]): Way {
  const [[a, b, c], [d, e, f], [g, h, i]] = fromUnitSquare(p, q, r, s);
  const back: Way = [
    [e * i - f * h, c * h - b * i, b * f - c * e],
    [f * g - d * i, a * i - c * g, c * d - a * f],
    [d * h - e * g, b * g - a * h, a * e - b * d],
  ];
  // What lies before the eye is divided by something positive.
  const before = back[2][0] * p[0] + back[2][1] * p[1] + back[2][2];
  return back.map((row) => row.map((value) => value / before)) as Way;
}

function fromUnitSquare(
  [px, py]: [number, number],
  [qx, qy]: [number, number],
  [rx, ry]: [number, number],
  [sx, sy]: [number, number],
): Way {
  const [bendX, bendY] = [px - qx + rx - sx, py - qy + ry - sy];
  const [rightX, rightY] = [qx - rx, qy - ry];
  const [downX, downY] = [sx - rx, sy - ry];
  const area = rightX * downY - downX * rightY;
  const g = (bendX * downY - downX * bendY) / area;
  const h = (rightX * bendY - bendX * rightY) / area;
  return [
    [qx - px + g * qx, sx - px + h * sx, px],
    [qy - py + g * qy, sy - py + h * sy, py],
    [g, h, 1],
  ];
}
