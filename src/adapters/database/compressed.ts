/** JSON, compressed: snapshots are large and read seldom. Brotli at a low quality: packed off the main thread. */
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

const quality = 3;

export const pack = (value: unknown): Promise<Buffer> =>
  compress(JSON.stringify(value), { params: { [constants.BROTLI_PARAM_QUALITY]: quality } });

/** @returns what was packed, unknown until its reader says what it is. */
export async function unpack(packed: Buffer): Promise<unknown> {
  return JSON.parse((await decompress(packed)).toString('utf8'));
}
