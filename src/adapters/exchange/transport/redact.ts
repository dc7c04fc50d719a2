/** Keeps secrets out of every text that leaves the adapter: keys by value, queries of URLs whole. */

const MESSAGE_CHARACTERS_MAX = 400;

export type Redact = (text: string) => string;

/** @param secrets every value that must never appear; empty ones are ignored. */
export function createRedact(secrets: readonly (string | null)[]): Redact {
  const known = secrets.filter((secret): secret is string => secret !== null && secret !== '');
  return (text) => {
    let clean = text;
    for (const secret of known) {
      clean = clean.replaceAll(secret, '…').replaceAll(encodeURIComponent(secret), '…');
    }
    clean = clean
      .replace(/(https?:\/\/[^\s?"]+)\?[^\s"]*/g, '$1')
      .replace(
        /((?:sign|signature|api_?key|x-[a-z-]*(?:sign|key))["']?\s*[=:]\s*["']?)[\w+/=%-]+/gi,
        '$1…',
      );
    return clean.length > MESSAGE_CHARACTERS_MAX
      ? `${clean.slice(0, MESSAGE_CHARACTERS_MAX)}…`
      : clean;
  };
}
