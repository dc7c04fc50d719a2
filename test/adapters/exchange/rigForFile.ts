/** One simulated exchange for all tests of a file, and its instruments of every kind. */
import { afterAll, beforeAll } from 'vitest';
import type { Instrument } from '../../../src/domain/instrument.ts';
import { type Rig, startRig } from './bybitSimulator.ts';

/** Call it once, outside of any test; what it gives is there while tests run. */
export function rigForFile() {
  let rig: Rig;
  let btc: Instrument;
  let ethSpot: Instrument;
  let usdcEarn: Instrument;
  beforeAll(async () => {
    rig = await startRig();
    [btc, ethSpot, usdcEarn] = (await rig.venue.reader.instruments([
      'BTC/USDT:USDT',
      'ETH/USDT',
      'earn:USDC',
    ])) as [Instrument, Instrument, Instrument];
  });
  afterAll(() => rig.close());
  return {
    get rig() {
      return rig;
    },
    get btc() {
      return btc;
    },
    get ethSpot() {
      return ethSpot;
    },
    get usdcEarn() {
      return usdcEarn;
    },
  };
}
