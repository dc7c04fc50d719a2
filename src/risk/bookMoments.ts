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
  const deviation = Math.sqrt(dot(book, book) / bars);
  const still = deviation === 0;
  // In units of the deviation, so that powers of a tiny or a huge book neither vanish nor overflow.
  const unit = new Float64Array(bars);
  const squares = new Float64Array(bars);
  const cubes = new Float64Array(bars);
  for (let bar = 0; bar < bars; bar++) {
    const value = still ? 0 : (book[bar] as number) / deviation;
    unit[bar] = value;
    squares[bar] = value * value;
    cubes[bar] = value * value * value;
  }
  const skewness = dot(squares, unit) / bars;
  const fourth = dot(squares, squares) / bars;
  const slopes = parts.map((part) => ({
    first: dot(part, unit) / bars,
    second: dot(part, squares) / bars,
    third: dot(part, cubes) / bars,
  }));
  const by = (term: (slope: (typeof slopes)[number]) => number) =>
    slopes.map((slope) => (still ? 0 : term(slope)));
  return {
    mean: meanParts.reduce((sum, value) => sum + value, 0),
    deviation,
    skewness,
    kurtosis: still ? 0 : fourth - 3,
    meanParts,
    deviationParts: by(({ first }) => first),
    skewnessParts: by(({ first, second }) => (3 * (second - skewness * first)) / deviation),
    kurtosisParts: by(({ first, third }) => (4 * (third - fourth * first)) / deviation),
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let bar = 0; bar < a.length; bar++) sum += (a[bar] as number) * (b[bar] as number);
  return sum;
}
