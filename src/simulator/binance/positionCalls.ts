/**
 * Positions, leverage, brackets and margin mode of the contracts.
 *
 * Setting what is set already is an error for the margin mode and none for the leverage.
 */
import { summarize } from '../core/account.ts';
import { findInstrument, instrumentsNow } from '../core/quotes.ts';
import type { Row } from '../http/json.ts';
import { integer, text } from '../http/request.ts';
import type { SimulatedInstrument } from '../market/market.ts';
import { type Call, type CallContext, named } from './call.ts';
import { maxNotional, positionRows, uncapped } from './positionRows.ts';
import { failed, ok, type Reply, unknownSymbol } from './reply.ts';

function positionRisk(version: 2 | 3): (context: CallContext) => Reply {
  return ({ venue, parameters }) => {
    const symbol = text(parameters, 'symbol');
    if (symbol !== '' && findInstrument(venue, 'linear', symbol) === undefined)
      return unknownSymbol;
    const rows = positionRows(venue, summarize(venue), version === 2);
    return ok(rows.filter((row) => symbol === '' || row['symbol'] === symbol));
  };
}

function contractsOf({ venue, parameters }: CallContext): readonly SimulatedInstrument[] {
  const symbol = text(parameters, 'symbol');
  return instrumentsNow(venue).filter(
    (i) => i.category === 'linear' && (symbol === '' || i.symbol === symbol),
  );
}

function leverageBracket(context: CallContext): Reply {
  const found = contractsOf(context);
  if (found.length === 0) return unknownSymbol;
  return ok(
    found.map(
      ({ symbol, tiers }): Row => ({
        symbol,
        notionalCoef: 1,
        brackets: tiers.map((tier, index) => ({
          bracket: index + 1,
          initialLeverage: tier.leverageMax,
          notionalCap: tier.capUsd ?? uncapped,
          notionalFloor: tier.floorUsd,
          maintMarginRatio: tier.maintenanceMarginRate,
          cum: tier.deductionUsd,
        })),
      }),
    ),
  );
}

function symbolConfig(context: CallContext): Reply {
  const { live, settings } = context.venue;
  return ok(
    contractsOf(context).map(({ symbol, tiers }): Row => {
      const leverage = Number(live.leverages[symbol] ?? settings.leverageDefault);
      return {
        symbol,
        marginType: 'CROSSED',
        isAutoAddMargin: false,
        leverage,
        maxNotionalValue: maxNotional(tiers, leverage),
      };
    }),
  );
}

function setLeverage(context: CallContext): Reply {
  const { venue, parameters } = context;
  const instrument = named(context, 'linear');
  if (instrument === undefined) return unknownSymbol;
  const { symbol, tiers, leverageMax } = instrument;
  const leverage = integer(parameters, 'leverage');
  if (leverage === undefined || leverage < 1 || leverage > leverageMax)
    return failed(-4028, `Leverage ${text(parameters, 'leverage')} is not valid.`);
  const before = venue.live.leverages[symbol] ?? venue.settings.leverageDefault;
  const maxNotionalValue = maxNotional(tiers, leverage);
  venue.live.leverages[symbol] = String(leverage);
  const account = summarize(venue);
  const contract = account.contracts.find((c) => c.instrument.symbol === symbol);
  const notional = Math.abs(contract?.quantity ?? 0) * (contract?.mark ?? 0);
  if (notional <= Number(maxNotionalValue))
    if (account.availableUsd >= 0 || leverage >= Number(before))
      return ok({ leverage, maxNotionalValue, symbol });
  venue.live.leverages[symbol] = before;
  return notional > Number(maxNotionalValue)
    ? failed(-2027, 'Exceeded the maximum allowable position at current leverage.')
    : failed(-2028, 'Leverage is smaller than permitted: insufficient margin balance.');
}

function setMarginType(context: CallContext): Reply {
  if (named(context, 'linear') === undefined) return unknownSymbol;
  return text(context.parameters, 'marginType') === 'CROSSED'
    ? failed(-4046, 'No need to change margin type.')
    : failed(-4141, 'Isolated margin is not simulated.');
}

const read = { method: 'GET', permission: 'read', weight: 5 } as const;
const set = { method: 'POST', permission: 'trade', weight: 1 } as const;

export const positionCalls: readonly Call[] = [
  { ...read, path: '/fapi/v3/positionRisk', answer: positionRisk(3) },
  { ...read, path: '/fapi/v2/positionRisk', answer: positionRisk(2) },
  { ...read, path: '/fapi/v1/leverageBracket', weight: 1, answer: leverageBracket },
  { ...read, path: '/fapi/v1/symbolConfig', answer: symbolConfig },
  { ...set, path: '/fapi/v1/leverage', answer: setLeverage },
  { ...set, path: '/fapi/v1/marginType', answer: setMarginType },
];
