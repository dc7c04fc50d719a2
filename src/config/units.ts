/** Fields that recur in the config: shares of one, and times in milliseconds. */
import { z } from 'zod';

export const share = (text: string) => z.number().min(0).max(1).describe(text);

/** At least 1. @param most a day where nothing is said. */
export const ms = (text: string, most = 86_400_000) =>
  z.number().int().min(1).max(most).describe(text);
