/** How many statements reach the database: for what is to be asked at once. */
import type { KyselyPlugin } from 'kysely';

export function countedStatements(): { readonly plugin: KyselyPlugin; count: number } {
  const counted = {
    count: 0,
    plugin: {
      transformQuery: ({ node }) => {
        counted.count += 1;
        return node;
      },
      transformResult: ({ result }) => Promise.resolve(result),
    } satisfies KyselyPlugin,
  };
  return counted;
}
