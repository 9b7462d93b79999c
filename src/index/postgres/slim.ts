/**
 * Version 2 of the store: beside each wide row a slim one, of what filters, orders and counts read. Triggers keep it, so whoever writes
 * the wide row, as older programs do, writes both.
 */
import { DAY, facetsOf, tallyOf } from "./counting.ts";

const OURS = "language plpgsql security definer set search_path = pg_catalog, mcpl";

/** Of the same width and never null first: a row is read from its beginning to what is asked for. */
const SAME =
  "started, problems, status, ttft_ms, duration_ms, tokens_in, tokens_out, tokens_cached, cost, project, model, upstream, client, dialect, provider, ending, recorder, person, host, method, path, conversation, run, id";

/** Several names in one text, each between two of these, in small letters: to look for one is to compare. */
export const BETWEEN = "\u001f";
const NAMES = ["tools", "rules", "expert", "has"];
const joined = (names: string) =>
  `case ${names} when '{}' then '' else chr(31) || lower(array_to_string(${names}, chr(31)) collate "C") || chr(31) end`;

/** Members of the row's JSON that have no column in the wide row. Not read as JSON: it may hold what Postgres' JSON refuses. */
const memberOf = (name: string) => `substring(row from '"${name}":"([^"\\\\]*)"')`;

const slimOf = (rows: string) => `
    insert into mcpl.slim (${SAME}, ${NAMES.join(", ")}, wire, socket)
      select ${SAME}, ${NAMES.map(joined).join(", ")}, ${memberOf("wire")}, ${memberOf("socket")} from ${rows} on conflict do nothing;`;

/** Orders that are more than one of time: the largest first, of those that have it. */
const ORDERED = ["cost", "duration_ms", "tokens_in", "tokens_out", "ttft_ms"];

export const SLIM = `
  -- Whoever reads or writes waits until it is done: a lock that grew on the way would be a deadlock with who has a part of it.
  lock table mcpl.exchange in access exclusive mode;
  create table mcpl.slim (
    started bigint not null, problems double precision not null,
    status double precision, ttft_ms double precision, duration_ms double precision, tokens_in double precision,
    tokens_out double precision, tokens_cached double precision, cost double precision,
    project text collate "C" not null, model text, upstream text, client text, dialect text, provider text, ending text,
    recorder text, person text, host text, method text,
    tools text not null, rules text not null, expert text not null, has text not null,
    wire text, socket text, path text, conversation text, run text, id text collate "C" not null
  ) partition by range (started);
  create table mcpl.slim_early partition of mcpl.slim for values from (minvalue) to (1420070400000);
  create table mcpl.slim_late partition of mcpl.slim for values from (4102444800000) to (maxvalue);

  -- Of each day one table of either kind.
  create function mcpl.add_slim_day(d bigint) returns void language plpgsql set search_path = pg_catalog, mcpl as $$
  declare
    name text := 'slim_' || to_char(to_timestamp(d * 86400) at time zone 'UTC', 'YYYYMMDD');
  begin
    execute format('create table mcpl.%I (like mcpl.slim including defaults including constraints including storage)', name);
    execute format('alter table mcpl.slim attach partition mcpl.%I for values from (%s) to (%s)', name, d * 86400000, (d + 1) * 86400000);
  end $$;
  select mcpl.add_slim_day(extract(epoch from to_date(right(relname, 8), 'YYYYMMDD'))::bigint / 86400)
    from pg_inherits join pg_class c on c.oid = inhrelid where inhparent = 'mcpl.exchange'::regclass and relname ~ '^exchange_\\d{8}$';
  ${slimOf("mcpl.exchange")}
  -- Made when the rows are there: that is quicker than row by row.
  alter table mcpl.slim add primary key (project, started, id);
  ${ORDERED.map((name) => `create index slim_${name} on mcpl.slim (project, ${name} desc nulls last, started desc);`).join("\n  ")}
  create index slim_failed on mcpl.slim (project, started) where status >= 400 or ending <> 'complete';
  create index slim_conversation on mcpl.slim (lower(conversation collate "C"));
  create index slim_run on mcpl.slim (lower(run collate "C"));
  create index run_of_name on mcpl.run_of (lower(run collate "C"));
  -- No question could use it.
  drop index mcpl.exchange_conversation;

  create or replace function mcpl.exchange_insert() returns trigger ${OURS} as $$
  begin
    ${slimOf("moved")}
    ${tallyOf("moved", "", "exchange", DAY)}
    ${facetsOf("moved", "")}
    return null;
  end $$;

  create or replace function mcpl.exchange_delete() returns trigger ${OURS} as $$
  declare
    gone record;
  begin
    -- One by one: each is looked for in the table of its day alone.
    for gone in select project, started, id from moved loop
      delete from slim s where s.project = gone.project and s.started = gone.started and s.id = gone.id;
    end loop;
    ${tallyOf("moved", "-", "exchange", DAY)}
    ${facetsOf("moved", "-")}
    return null;
  end $$;

  create or replace function mcpl.ensure_days(wanted bigint[]) returns void language plpgsql set search_path = pg_catalog, mcpl as $$
  declare
    d bigint;
    name text;
  begin
    for d in select distinct mcpl.day_of(s) from unnest(wanted) s where s >= 1420070400000 and s < 4102444800000 order by 1 loop
      name := 'exchange_' || to_char(to_timestamp(d * 86400) at time zone 'UTC', 'YYYYMMDD');
      continue when to_regclass('mcpl.' || name) is not null;
      perform pg_advisory_xact_lock(5063, 1);
      -- Asked of the table itself: what was not there before the wait is remembered as not there.
      continue when exists (select from pg_class where relnamespace = 'mcpl'::regnamespace and relname = name);
      perform add_slim_day(d);
      -- Made beside the others and then attached: who reads or writes other days does not wait.
      execute format('create table mcpl.%I (like mcpl.exchange including defaults including constraints including storage)', name);
      execute format('alter table mcpl.%I set (toast_tuple_target = 128)', name);
      execute format('alter table mcpl.exchange attach partition mcpl.%I for values from (%s) to (%s)',
        name, d * 86400000, (d + 1) * 86400000);
    end loop;
  end $$;

  -- Retention: whole days go at once. Their bodies go by the bucket's own lifecycle.
  create or replace function mcpl.drop_days(before bigint) returns bigint language plpgsql set search_path = pg_catalog, mcpl as $$
  declare
    part regclass;
    slim text;
    done bigint := 0;
  begin
    for part, slim in select inhrelid::regclass, 'slim_' || right(c.relname, 8) from pg_inherits join pg_class c on c.oid = inhrelid
      where inhparent = 'mcpl.exchange'::regclass and c.relname ~ '^exchange_\\d{8}$'
        and (extract(epoch from to_timestamp(right(c.relname, 8), 'YYYYMMDD')) + 86400) * 1000 <= before
    loop
      execute format('alter table mcpl.exchange detach partition %s', part);
      execute replace($q$${facetsOf("PART", "-")}$q$, 'PART', part::text);
      execute replace($q$${tallyOf("PART", "-", "exchange", DAY)}$q$, 'PART', part::text);
      execute format('drop table %s', part);
      execute format('drop table mcpl.%I', slim);
      done := done + 1;
    end loop;
    return done;
  end $$;
`;
