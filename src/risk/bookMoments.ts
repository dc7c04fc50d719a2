/**
 * Mean, deviation, skewness and excess kurtosis of a book (1/T), each with its derivative by leg times the exposure.
 *
 * With p the book's demeaned returns and c_i = x_i times the leg's: x_i d m_k / d x_i = k · mean(p^(k-1) c_i).
 * Parts of the mean and deviation add up to them; parts of skewness and kurtosis add up to zero.
 */

export type BookMoments = {
  readonly mean: number;
  readonly deviation: number;
  readonly skewness: number;
  readonly kurtosis: number;
  readonly meanParts: readonly number[];
  readonly deviationParts: readonly number[];
  readonly skewnessParts: readonly number[];
  readonly kurtosisParts: readonly number[];
};

/** @param returnsByLeg N × T complete simple returns. */
export function bookMoments(
  exposures: readonly number[],
  returnsByLeg: readonly ArrayLike<number>[],
): BookMoments {
  const bars = returnsByLeg[0]?.length ?? 0;
  const meanParts: number[] = [];
  const book = new Float64Array(bars);
  const parts = returnsByLeg.map((series, leg) => {
    const exposure = exposures[leg] ?? 0;
    const part = new Float64Array(bars);
    let sum = 0;
    for (let bar = 0; bar < bars; bar++) {
      part[bar] = exposure * (series[bar] as number);
      sum += part[bar] as number;
    }
    const mean = sum / bars;
    meanParts.push(mean);
    for (let bar = 0; bar < bars; bar++) {
      part[bar] = (part[bar] as number) - mean;
      book[bar] = (book[bar] as number) + (part[bar] as number);
    }
    return part;
  });
  const squares = new Float64Array(bars);
  const cubes = new Float64Array(bars);
  for (let bar = 0; bar < bars; bar++) {
    const value = book[bar] as number;
    squares[bar] = value * value;
    cubes[bar] = value * value * value;
  }
  const [m2, m3, m4] = [dot(book, book), dot(squares, book), dot(squares, squares)].map(
    (sum) => sum / bars,
  ) as [number, number, number];
  const deviation = Math.sqrt(m2);
  const still = deviation === 0;
  const slopes = (k: number, powers: Float64Array) =>
    parts.map((part) => (k * dot(part, powers)) / bars);
  const [d2, d3, d4] = [slopes(2, book), slopes(3, squares), slopes(4, cubes)] as const;
  const skewness = still ? 0 : m3 / deviation ** 3;
  const kurtosis = still ? 0 : m4 / m2 ** 2 - 3;
  const by = (term: (leg: number) => number) => parts.map((_, leg) => (still ? 0 : term(leg)));
  return {
    mean: meanParts.reduce((sum, value) => sum + value, 0),
    deviation,
    skewness,
    kurtosis,
    meanParts,
    deviationParts: by((leg) => (d2[leg] as number) / (2 * deviation)),
    skewnessParts: by(
      (leg) => (d3[leg] as number) / deviation ** 3 - (1.5 * skewness * (d2[leg] as number)) / m2,
    ),
    kurtosisParts: by(
      (leg) => (d4[leg] as number) / m2 ** 2 - (2 * (m4 / m2 ** 2) * (d2[leg] as number)) / m2,
    ),
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let bar = 0; bar < a.length; bar++) sum += (a[bar] as number) * (b[bar] as number);
  return sum;
}
