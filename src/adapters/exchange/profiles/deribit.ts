/** Deribit: one-way only; a client id is a label, which is not unique and cannot be looked up directly. */
import { carefulProfile, type Profile } from './profile.ts';

export const deribitProfile: Profile = {
  ...carefulProfile,
  options: { options: { defaultType: 'swap' } },
  readLimit: { burst: 50, perSecond: 20, reserveShare: 0 },
  writeLimit: { burst: 20, perSecond: 5, reserveShare: 0.25 },
  tradeClientIdField: 'label',
  hedgeMode: 'never',
  barsMax: 1000,
};
