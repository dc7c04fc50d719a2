/** A child of the tests: opens the embedded database, says what it found, then waits to be killed or told to stop. */
import { openDatabase } from '../../../src/adapters/database/openDatabase.ts';

const database = await openDatabase({ url: 'embedded', dataDir: process.argv[2] ?? '' });
process.once('SIGTERM', () => {
  void database.stop().then(() => process.exit(0));
});
process.stdout.write(`${database.origin} ${database.place}\n`);
setInterval(() => {}, 1_000);
