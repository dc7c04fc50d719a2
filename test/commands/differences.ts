/** What an answer lacks of a reference case, at the tolerances that the cases' own conventions give each field. */

type Fields = Readonly<Record<string, unknown>>;

/** @returns none: the answer matches, or matches one of the answers that are accepted. */
export function worstDifferences(
  answer: Fields,
  expected: Fields,
  tolerance: Readonly<Record<string, number>>,
): readonly string[] {
  const accept = expected['accept'];
  const wanted = Array.isArray(accept) ? (accept as readonly Fields[]) : [expected];
  const found = wanted.map((each) =>
    Object.entries(each).flatMap(([field, value]) =>
      differences(answer, field, value, tolerance[field]),
    ),
  );
  return found.some((list) => list.length === 0) ? [] : found.flat();
}

function differences(
  answer: Fields,
  field: string,
  value: unknown,
  tolerance: number | undefined,
): readonly string[] {
  if (field === 'faultMentions') {
    const said = JSON.stringify(answer['faults'] ?? []);
    return said.includes(String(value)) ? [] : [`faults lack ${String(value)}: ${said}`];
  }
  if (field === 'repairs') {
    const { repairs } = answer;
    return Array.isArray(repairs) && repairs.length > 0 ? [] : ['no repair was named'];
  }
  if (field === 'kind' && value === answer['kind'] && value !== 'converged') {
    const why = value === 'invalid' ? answer['faults'] : answer['reason'];
    const isSaid = (Array.isArray(why) || typeof why === 'string') && why.length > 0;
    return isSaid ? [] : [`${String(value)} without a reason`];
  }
  if (typeof value === 'string') {
    return answer[field] === value ? [] : [`${field} ${String(answer[field])}`];
  }
  const wanted = numbersOf(value);
  const found = numbersOf(answer[field]);
  if (wanted.length !== found.length) return [`${field} has ${found.length} numbers`];
  const largest = Math.max(...wanted.map((each) => Math.abs(each ?? 0)));
  return wanted.flatMap((each, at) => {
    if (each === null) return [];
    // Volatilities are relative, covariances relative to the largest entry, the rest absolute.
    const scale = field === 'volatility' ? Math.abs(each) : field === 'covariance' ? largest : 1;
    const miss = Math.abs((found[at] ?? Number.NaN) - each);
    return miss <= (tolerance ?? 1e-9) * scale ? [] : [`${field}[${at}] misses by ${miss}`];
  });
}

const numbersOf = (value: unknown): readonly (number | null)[] =>
  Array.isArray(value) ? value.flatMap(numbersOf) : [typeof value === 'number' ? value : null];
