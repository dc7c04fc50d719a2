/** The seal: an order that passed the gates. Only this folder can make one. */
import type { PlannedOrder } from '../domain/order.ts';

declare const approval: unique symbol; // not exported: only checks/ can make one
export type ApprovedOrder = PlannedOrder & { readonly [approval]: true };
