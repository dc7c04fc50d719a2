/** The books of the scenarios, as config text. */

const orders = `
execution: { style: ioc, settlingMs: 3000 }
limits: { dailyLossHaltShare: 1, drawdownHaltShare: 1 }
`;

/** Three perpetuals, long, at a gross leverage of three: nothing but margin stands behind them. */
export const leveraged = `
legs:
  - { id: btc, kind: perpetual, venue: alpha, symbol: BTC/USDT:USDT }
  - { id: eth, kind: perpetual, venue: alpha, symbol: ETH/USDT:USDT }
  - { id: sol, kind: perpetual, venue: alpha, symbol: SOL/USDT:USDT }
sizing: { targetVolatilityAnnual: 2.5, grossLeverageMax: 3 }
${orders}`;

/** A perpetual, a carry pair and lent dollars at one venue. */
export const mixed = `
legs:
  - { id: btc, kind: perpetual, venue: alpha, symbol: BTC/USDT:USDT, group: majors }
  - { id: sol, kind: perpetual, venue: alpha, symbol: SOL/USDT:USDT, group: majors }
  - { id: eth-carry, kind: carry, venue: alpha, spot: ETH/USDT, perpetual: ETH/USDT:USDT, group: yield }
  - { id: usdc-earn, kind: lending, venue: alpha, coin: USDC, group: yield }
objective: { kind: risk-parity, groupBudgets: { majors: 0.7, yield: 0.3 } }
sizing: { targetVolatilityAnnual: 0.4, grossLeverageMax: 3 }
${orders}`;

/** Two venues with a perpetual each, and lent dollars at the first. */
export const twoVenues = `
legs:
  - { id: btc, kind: perpetual, venue: alpha, symbol: BTC/USDT:USDT, group: majors }
  - { id: usdc-earn, kind: lending, venue: alpha, coin: USDC, group: yield }
  - { id: eth, kind: perpetual, venue: beta, symbol: ETH/USDT:USDT, group: majors }
  - { id: sol, kind: perpetual, venue: beta, symbol: SOL/USDT:USDT, group: majors }
objective: { kind: risk-parity, groupBudgets: { majors: 0.8, yield: 0.2 } }
sizing: { targetVolatilityAnnual: 0.5, grossLeverageMax: 3 }
${orders}`;
