import { crc32, deflateSync } from 'node:zlib';

/** Pixels row by row from the top left, four bytes each: red, green, blue, alpha (not premultiplied). */
export interface Picture {
  width: number;
  height: number;
  pixels: Uint8Array;
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const BYTES_PER_PIXEL = 4;

/** PNG with 8 bits per channel and alpha (colour type 6), unfiltered: W3C PNG, third edition, sections 5 and 11. */
export function encodePng({ width, height, pixels }: Picture): Uint8Array {
  if (pixels.length !== width * height * BYTES_PER_PIXEL) throw new Error('the pixels do not fill the picture');
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8); // depth, colour type, compression, filter, not interlaced
  // Each row is preceded by its filter type; 0 is none.
  const rows = Buffer.alloc(height * (1 + width * BYTES_PER_PIXEL));
  for (let y = 0; y < height; y++) {
    const row = pixels.subarray(y * width * BYTES_PER_PIXEL, (y + 1) * width * BYTES_PER_PIXEL);
    rows.set(row, y * (1 + width * BYTES_PER_PIXEL) + 1);
  }
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.of()),
  ]);
}

/** Length, type, data, and the CRC of type and data. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
