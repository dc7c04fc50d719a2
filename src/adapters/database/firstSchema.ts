/**
 * The first migration: every table of the line.
 *
 * The ledger and the events are append-only by trigger, a transaction that does not balance is refused, and every event
 * carries the hash of the one before it.
 */
import { type Kysely, type Migration, sql } from 'kysely';

const decisionsAndOrders = `
create table installation (
  singleton boolean primary key default true check (singleton), id text not null);

create table decisions (
  rebalance_id text primary key, sequence bigint generated always as identity,
  portfolio text not null, trigger text not null, scheduled_at_ms bigint not null,
  decided_at_ms bigint not null, code_version text not null, orders_denied integer not null,
  compressed bytea not null, outcome text, ended_at_ms bigint);
alter table decisions alter column compressed set storage external;
create index decisions_newest on decisions (portfolio, sequence desc);
create index decisions_unfinished on decisions (portfolio, sequence) where outcome is null;

create table orders (
  client_order_id text primary key, sequence bigint generated always as identity,
  portfolio text not null, rebalance_id text not null, instrument text not null,
  venue text not null, symbol text not null, action text not null, time_in_force text not null,
  quantity_base numeric not null, limit_price numeric, decision_price float8 not null,
  reduce_only boolean not null, slice integer not null, attempt integer not null,
  purpose text not null, state text not null, venue_order_id text, filled_base numeric not null,
  reason text, intended_at_ms bigint not null, sent_at_ms bigint, acked_at_ms bigint,
  ended_at_ms bigint);
create index orders_of_rebalance on orders (rebalance_id, sequence);
create index orders_unended on orders (portfolio, sequence)
  where state in ('intended', 'sent', 'unknown', 'working');
create index orders_sent on orders (portfolio, venue, sent_at_ms);
create index orders_repeated on orders (portfolio, instrument, sequence);

create table fills (
  portfolio text not null, venue text not null, instrument text not null, fill_id text not null,
  sequence bigint generated always as identity, client_order_id text, venue_order_id text not null,
  side text not null, quantity_base numeric not null, price numeric not null,
  fee numeric not null, fee_coin text not null, is_maker boolean not null,
  filled_at_ms bigint not null, primary key (portfolio, instrument, fill_id));
create index fills_of_order on fills (client_order_id);
`;

const ledger = `
create table transactions (
  portfolio text not null, id text not null, sequence bigint generated always as identity,
  kind text not null, venue text not null, at_ms bigint not null, instrument text,
  rebalance_id text, client_order_id text, primary key (portfolio, id));
create index transactions_in_time on transactions (portfolio, at_ms, sequence);
create index transactions_of_rebalance on transactions (rebalance_id);
create index transactions_opening on transactions (portfolio) where kind = 'opening';

create table postings (
  portfolio text not null, transaction_id text not null, line integer not null,
  venue text not null, account text not null, commodity text not null, leg text,
  amount numeric not null, primary key (portfolio, transaction_id, line),
  foreign key (portfolio, transaction_id) references transactions);

create function refuse_imbalance() returns trigger language plpgsql as $$
declare bad record;
begin
  select transaction_id, commodity, sum(amount) as total into bad from posted
    group by portfolio, transaction_id, commodity having sum(amount) <> 0 limit 1;
  if found then
    raise exception 'transaction % does not balance in %, was %',
      bad.transaction_id, bad.commodity, bad.total;
  end if;
  return null;
end $$;
create trigger postings_balance after insert on postings
  referencing new table as posted for each statement execute function refuse_imbalance();
`;

const state = `
create table equity_marks (
  portfolio text not null, at_ms bigint not null, equity_usd float8 not null,
  flows_usd float8 not null, primary key (portfolio, at_ms));
create index equity_marks_peak on equity_marks (portfolio, (equity_usd - flows_usd) desc);

create table venue_states (
  sequence bigint generated always as identity primary key, venue text not null,
  state text not null, confirmed_at_ms bigint not null, default_probability_annual float8 not null,
  evidence jsonb not null, at_ms bigint not null);
create index venue_states_newest on venue_states (venue, sequence desc);

create table halts (
  sequence bigint generated always as identity primary key, portfolio text not null,
  reason text, at_ms bigint not null);
create index halts_newest on halts (portfolio, sequence desc);

create table discrepancies (
  portfolio text primary key, found jsonb not null, at_ms bigint not null);
create table cursors (name text primary key, at_ms bigint not null);

create table leases (
  portfolio text primary key, holder text not null, fencing bigint not null,
  expires_at timestamptz not null);

create table bars (
  instrument text not null, kind text not null, bar_ms bigint not null, open_ms bigint not null,
  close float8 not null, primary key (instrument, kind, bar_ms, open_ms));
create table funding (
  instrument text not null, at_ms bigint not null, rate float8 not null,
  primary key (instrument, at_ms));
create table yields (
  instrument text not null, at_ms bigint not null, yield_annual float8 not null,
  primary key (instrument, at_ms));
`;

const events = `
create table events (
  portfolio text not null, number bigint not null, kind text not null, detail text not null,
  at_ms bigint not null, hash text not null, primary key (portfolio, number));

create table event_heads (
  portfolio text primary key, number bigint not null, hash text not null);

create function event_hash(previous text, number bigint, kind text, detail text, at_ms bigint)
  returns text language sql immutable as $$
  select encode(sha256(convert_to(
    jsonb_build_array(previous, number, kind, detail, at_ms)::text, 'UTF8')), 'hex')
$$;

create function append_event(p text, k text, d text, t bigint) returns void language plpgsql as $$
declare head event_heads;
begin
  insert into event_heads values (p, 0, '') on conflict do nothing;
  select * into head from event_heads where portfolio = p for update;
  head.number := head.number + 1;
  head.hash := event_hash(head.hash, head.number, k, d, t);
  insert into events values (p, head.number, k, d, t, head.hash);
  update event_heads set number = head.number, hash = head.hash where portfolio = p;
end $$;

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only, was %', tg_table_name, tg_op;
end $$;
create trigger events_append_only before update or delete or truncate on events
  for each statement execute function refuse_change();
create trigger transactions_append_only before update or delete or truncate on transactions
  for each statement execute function refuse_change();
create trigger postings_append_only before update or delete or truncate on postings
  for each statement execute function refuse_change();
`;

export const firstSchema: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const part of [decisionsAndOrders, ledger, state, events]) {
      await sql.raw(part).execute(db);
    }
  },
};
