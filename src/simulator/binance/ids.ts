/** Binance counts its ids; the core's carry the count in their last twelve digits. */
import { idOf, type Venue } from '../core/venue.ts';

/** Whether an id is one that the core counted: a name such as that of a funding is none. */
export function isCounted(id: string): boolean {
  return /^[0-9a-f]{8}-0000-4000-8000-[0-9a-f]{12}$/.test(id);
}

/** Number of an id of the core; the same for the same. */
export function numberOf(id: string): number {
  return Number.parseInt(id.slice(-12), 16);
}

/** The core's id of a number; '' for what is no number. */
export function idFrom(venue: Venue, number: string): string {
  return /^\d{1,15}$/.test(number) ? idOf(venue, Number(number)) : '';
}
