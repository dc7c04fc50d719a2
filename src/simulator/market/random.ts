/**
 * Chance without state: every draw is a hash of (stream, counter, draw), so bar k of asset a is the same in any order.
 *
 * Words are mixed by the finaliser of MurmurHash3 (Appleby, public domain); a stream is a seed and a name hashed by
 * FNV-1a. Two words make one 53-bit uniform.
 */

function mix(state: number, word: number): number {
  let hash = Math.imul(state ^ word, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** A 32-bit key of an independent stream of draws. Seeds are integers up to 2^53. */
export function streamKey(seed: number, name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  }
  return mix(mix(hash, seed >>> 0), Math.floor(seed / 2 ** 32) >>> 0);
}

/** Uniform on the open interval (0, 1): its logarithm is always finite. */
export function uniform(stream: number, counter: number, draw: number): number {
  const high = mix(mix(mix(stream, counter), draw), 0x2545f491);
  const low = mix(mix(high, draw), counter);
  return ((high >>> 5) * 2 ** 26 + (low >>> 6) + 0.5) / 2 ** 53;
}

/** Standard normal by Box and Muller (1958); takes draws `draw` and `draw + 1`. */
export function normal(stream: number, counter: number, draw: number): number {
  const radius = Math.sqrt(-2 * Math.log(uniform(stream, counter, draw)));
  return radius * Math.cos(2 * Math.PI * uniform(stream, counter, draw + 1));
}

/**
 * The factor that turns standard normals into Student-t of 4 degrees of freedom and unit variance: sqrt(2 / X), X
 * chi-squared of 4, itself -2 ln(U1 U2). One factor for a whole vector of normals keeps their correlation and makes the
 * tails joint, as they are in a crash. Takes draws `draw` and `draw + 1`.
 */
export function studentScale(stream: number, counter: number, draw: number): number {
  const product = uniform(stream, counter, draw) * uniform(stream, counter, draw + 1);
  return Math.sqrt(2 / (-2 * Math.log(product)));
}
