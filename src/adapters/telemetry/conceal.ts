/**
 * Keeps secrets out of every line that leaves the process: known values and the userinfo of URLs are cut out of the text.
 *
 * This is the last door, after serialising: whatever an error message, a cause or a nested object carried goes through it.
 */

/** Shorter values would black out ordinary words; no venue or database gives such keys. */
const secretCharactersMin = 6;
const mark = '[redacted]';
const urlUserInfo = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s"'/@]+@/gi;

/** @param secrets values as they are; their JSON and URL forms are concealed too. */
export function createConceal(secrets: readonly string[]): (text: string) => string {
  const forms = secrets
    .filter((secret) => secret.length >= secretCharactersMin)
    .flatMap((secret) => [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
    ]);
  // The longest first: one secret may begin with another.
  const known = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (text) => {
    const withoutKnown = known.reduce((rest, secret) => rest.replaceAll(secret, mark), text);
    return withoutKnown.replace(urlUserInfo, `$1${mark}@`);
  };
}
