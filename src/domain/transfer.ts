/** What a person may move so that more of the book can be had: the daemon moves no money between venues and changes no collateral. */
import type { VenueId } from './ids.ts';

export type TransferAdvice =
  | {
      readonly kind: 'move';
      readonly from: VenueId;
      /** null: no venue of the book has room for it. */
      readonly to: VenueId | null;
      readonly usd: number;
      readonly reason: string;
    }
  | {
      readonly kind: 'exchange';
      readonly coin: string;
      readonly usd: number;
      readonly reason: string;
    };
