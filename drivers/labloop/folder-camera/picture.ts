import { decode } from "fast-png";

/** A picture as it was read; channels of 0 … 255. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Numbers a pixel: 1 or 2 of a grey picture, 3 or 4 of a coloured one. */
  readonly channels: number;
  readonly values: ArrayLike<number>;
  /** Value of full light. */
  readonly full: number;
}

/** Part of a picture; shares of its width and height. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Mean colour of a region. */
export interface Colour {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  /** Standard deviation of the brightness, which tells an even region from an edge or a bubble. */
  readonly spread: number;
}

/** Reads a PNG file or a binary portable pixmap; undefined for anything else and for a damaged file. */
export function pictureIn(bytes: Uint8Array): Picture | undefined {
  try {
    return bytes[0] === 0x50 ? pixmap(bytes) : png(bytes);
  } catch {
    // The decoder throws for what is no picture, or a picture that somebody still writes.
    return undefined;
  }
}

function png(bytes: Uint8Array): Picture | undefined {
  const { width, height, channels, data, depth, palette } = decode(bytes);
  if (palette !== undefined) return undefined;
  return { width, height, channels, values: data, full: 2 ** depth - 1 };
}

/** P6: width, height and greatest value, then red, green and blue of each pixel. */
function pixmap(bytes: Uint8Array): Picture | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, 64));
  const [start, width, height, full] = /^P6\s(?:#.*\n)?\s*(\d+)\s+(\d+)\s+(\d+)\s/.exec(head) ?? [];
  if (start === undefined || Number(full) > 255) return undefined;
  const values = bytes.subarray(start.length);
  if (values.length < Number(width) * Number(height) * 3) return undefined;
  return { width: Number(width), height: Number(height), channels: 3, values, full: Number(full) };
}

/** Mean colour of a region, each from 0 to 255. */
export function colourOf({ width, height, channels, values, full }: Picture, region: Region): Colour {
  const left = Math.floor(region.left * width);
  const right = Math.max(left + 1, Math.min(width, Math.ceil((region.left + region.width) * width)));
  const top = Math.floor(region.top * height);
  const bottom = Math.max(top + 1, Math.min(height, Math.ceil((region.top + region.height) * height)));
  const sums = [0, 0, 0];
  let bright = 0;
  let squares = 0;
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) {
      const at = (y * width + x) * channels;
      const pixel = [0, 1, 2].map((i) => (255 * (values[at + (channels < 3 ? 0 : i)] as number)) / full);
      for (const [i, value] of pixel.entries()) sums[i] = (sums[i] as number) + value;
      const mean = (pixel[0] as number) / 3 + (pixel[1] as number) / 3 + (pixel[2] as number) / 3;
      bright += mean;
      squares += mean * mean;
    }
  const count = (right - left) * (bottom - top);
  const [red = 0, green = 0, blue = 0] = sums.map((sum) => sum / count);
  return { red, green, blue, spread: Math.sqrt(Math.max(0, squares / count - (bright / count) ** 2)) };
}
