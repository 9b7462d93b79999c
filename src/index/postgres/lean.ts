/**
 * Version 8 of the store: what filters, orders and sums read are numbers. What many exchanges have in common (by whom and to whom, in
 * which manner) is told once and pointed at, and what they come to is added up as they come: each day of each kind, each hour, each
 * length. Triggers keep it, so whoever writes the wide row, as older programs do, writes all of it.
 */
import { DAY, facetsOf, tallyOf } from "./counting.ts";

/** As they are now, and written out: what has been run is not changed. Who changes one of them adds a migration that adds up anew. */
export const SUMMED_BY = {
  noFaults: ["transfer/client-left", "request/probe-failed"],
  fine: 25,
  leastMs: 0.5,
};

const OURS = "language plpgsql security definer set search_path = pg_catalog, mcpl";

/** Of one recorder: nobody waits for another's sums. `socketed`: it came on a socket. */
const SHAPE =
  "project status model upstream client dialect provider ending recorder person host method wire socketed".split(
    " ",
  );
const MANNER = "project problems path tools rules expert has".split(" ");
const NUMBERS = "ttft_ms duration_ms tokens_in tokens_out tokens_cached cost".split(" ");
/** In small letters, as what is typed is compared; `…_as`: as it was said, where that is not the same. */
const TEXTS = "conversation run socket conversation_as run_as".split(" ");

const memberOf = (name: string) => `substring(m.row from '"${name}":"([^"\\\\]*)"')`;
/** Several names in one text, each between two of these, in small letters: to look for one is to compare. */
const joined = (names: string) =>
  `case m.${names} when '{}' then '' else chr(31) || lower(array_to_string(m.${names}, chr(31)) collate "C") || chr(31) end as ${names}`;
const SUM = (all: readonly string[]) =>
  `sha256(convert_to(row(${all.map((name) => `o.${name}`).join(", ")})::text, 'UTF8'))`;

/** Each row of the wide kind with all that is asked of it, read out of it once. */
const toldOf = (rows: string) => `array(select row(o.*, ${SUM(SHAPE)}, ${SUM(MANNER)})::mcpl.told from (select
      m.project, m.id, m.started, m.status, m.model, m.upstream, m.client, m.dialect, m.provider, m.ending, m.recorder, m.person, m.host,
      m.method, m.path, ${NUMBERS.map((name) => `m.${name}`).join(", ")}, m.problems, lower(m.conversation collate "C") as conversation,
      lower(m.run collate "C") as run, nullif(m.conversation, lower(m.conversation collate "C")) as conversation_as,
      nullif(m.run, lower(m.run collate "C")) as run_as, ${["tools", "rules", "expert", "has"].map(joined).join(", ")},
      ${memberOf("wire")} as wire, w.socket, s.socket is not null as socketed
    from ${rows} m cross join lateral (select ${memberOf("socket")} as socket offset 0) s
      cross join lateral (select lower(s.socket collate "C") as socket) w) o)`;

const TOLD = `
  create type mcpl.told as (
    project text, id text, started bigint, status double precision, model text, upstream text, client text, dialect text, provider text,
    ending text, recorder text, person text, host text, method text, path text, ${NUMBERS.map((name) => `${name} double precision`).join(", ")},
    problems double precision, conversation text, run text, conversation_as text, run_as text,
    ${["tools", "rules", "expert", "has", "wire", "socket"].map((name) => `${name} text`).join(", ")}, socketed boolean, shape_key bytea, manner_key bytea
  );`;

const isFailed = `((s.status >= 400 or s.ending <> 'complete')
        and not k.rules like any (array[${SUMMED_BY.noFaults.map((rule) => `'%' || chr(31) || '${rule}' || chr(31) || '%'`).join(", ")}]))`;

const firstSeen = (table: "shape" | "manner", all: readonly string[]) => `
    insert into mcpl.${table} (key, ${all.join(", ")})
      select distinct on (x.${table}_key) x.${table}_key, ${all.map((name) => `x.${name}`).join(", ")} from unnest(given) x
      where not exists (select from mcpl.${table} o where o.key = x.${table}_key) order by x.${table}_key on conflict do nothing;`;

/** Neighbours are 4 % apart. */
function binOf(ms: string): string {
  return `case when x.${ms} is not null then floor(ln(greatest(x.${ms}, ${SUMMED_BY.leastMs})) * ${SUMMED_BY.fine})::smallint end`;
}

/** `rows` have the columns of `lean`. Sorted, so that two who add to the same lines do so one behind the other. */
const summed = (rows: string, sign: "" | "-") => {
  const added = ["n", "errors", "tokens_in", "tokens_out", "cost"].map(
    (name) => `${name} = c.${name} + excluded.${name}`,
  );
  const sums = `${sign}count(*), ${sign}count(*) filter (where x.failed),
          ${["tokens_in", "tokens_out", "cost"].map((name) => `${sign}coalesce(sum(x.${name}), 0)`).join(", ")}`;
  return `
      days as (insert into mcpl.cell as c
        select x.shape, mcpl.day_of(x.started)::int, x.manner, x.project, ${sums}
        from ${rows} x group by 1, 2, 3, 4 order by 1, 2, 3
        on conflict (shape, day, manner) do update set ${added.join(", ")}),
      hours as (insert into mcpl.hour as c
        select x.project, coalesce(s.recorder, ''), x.hour, ${sums}
        from ${rows} x join mcpl.shape s on s.id = x.shape group by 1, 2, 3 order by 1, 2, 3
        on conflict (project, recorder, hour) do update set ${added.join(", ")}),
      lengths as (insert into mcpl.spread as c
        select x.shape, l.of, l.bin, x.project, ${sign}count(*)
        from ${rows} x cross join lateral (values (0::smallint, x.ttft_bin), (1::smallint, x.duration_bin)) l (of, bin)
        where l.bin is not null group by 1, 2, 3, 4 order by 1, 2, 3
        on conflict (shape, of, bin) do update set n = c.n + excluded.n)`;
};

/** Of what was told in `given`. */
const ADD = `${firstSeen("shape", SHAPE)}${firstSeen("manner", MANNER)}
    with told as materialized (
        select x.started, s.id as shape, k.id as manner, floor(x.started / 3600000.0)::int as hour, coalesce(${isFailed}, false) as failed,
          ${binOf("ttft_ms")} as ttft_bin, ${binOf("duration_ms")} as duration_bin, ${[...NUMBERS, "project", ...TEXTS, "id"].map((name) => `x.${name}`).join(", ")}
        from unnest(given) x join mcpl.shape s on s.key = x.shape_key join mcpl.manner k on k.key = x.manner_key),
      put as (insert into mcpl.lean select * from told on conflict do nothing), ${summed("told", "")}
    select count(*) from told into n;`;

/** Orders that are more than one of time: the largest first, of those that have it. */
const ORDERED = ["cost", "duration_ms", "tokens_in", "tokens_out", "tokens_cached", "ttft_ms"];
const SUMS = `n double precision not null, errors double precision not null, tokens_in double precision not null,
    tokens_out double precision not null, cost double precision not null`;

export const LEAN = `
  -- Whoever reads or writes waits until it is done: a lock that grew on the way would be a deadlock with who has a part of it.
  lock table mcpl.exchange in access exclusive mode;
  -- Keys are sums over all columns: names may be longer than an index takes.
  create table mcpl.shape (
    id int generated always as identity primary key, key bytea not null unique, project text collate "C" not null,
    status double precision, model text, upstream text, client text, dialect text, provider text, ending text,
    recorder text, person text, host text, method text, wire text, socketed boolean not null
  );
  create table mcpl.manner (
    id int generated always as identity primary key, key bytea not null unique, project text collate "C" not null,
    problems double precision not null, path text, tools text not null, rules text not null, expert text not null, has text not null
  );
  -- Numbers of the same width first: a row is read from its beginning to what is asked for.
  ${TOLD.trim()}
  create table mcpl.lean (
    started bigint not null, shape int not null, manner int not null, hour int not null, failed boolean not null,
    ttft_bin smallint, duration_bin smallint, ${NUMBERS.map((name) => `${name} double precision`).join(", ")},
    project text collate "C" not null, ${TEXTS.map((name) => `${name} text collate "C"`).join(", ")}, id text collate "C" not null
  ) partition by range (started);
  create table mcpl.lean_early partition of mcpl.lean for values from (minvalue) to (1420070400000);
  create table mcpl.lean_late partition of mcpl.lean for values from (4102444800000) to (maxvalue);

  create table mcpl.cell (
    shape int not null, day int not null, manner int not null, project text collate "C" not null, ${SUMS}, primary key (shape, day, manner)
  ) with (fillfactor = 80);
  create table mcpl.hour (
    project text collate "C" not null, recorder text collate "C" not null, hour int not null, ${SUMS}, primary key (project, recorder, hour)
  ) with (fillfactor = 80);
  -- How long things took, in bins whose neighbours are 4 % apart. of: 0 to the first token, 1 in all.
  create table mcpl.spread (
    shape int not null, of smallint not null, bin smallint not null, project text collate "C" not null, n double precision not null, primary key (shape, of, bin)
  ) with (fillfactor = 80);

  -- Of each day one table of either kind.
  create function mcpl.add_lean_day(d bigint) returns void language plpgsql set search_path = pg_catalog, mcpl as $$
  declare
    name text := 'lean_' || to_char(to_timestamp(d * 86400) at time zone 'UTC', 'YYYYMMDD');
  begin
    execute format('create table mcpl.%I (like mcpl.lean including defaults including constraints including storage)', name);
    execute format('alter table mcpl.lean attach partition mcpl.%I for values from (%s) to (%s)', name, d * 86400000, (d + 1) * 86400000);
  end $$;
  create function mcpl.ensure_lean_days(days bigint[]) returns void language plpgsql set search_path = pg_catalog, mcpl as $$
  declare
    d bigint;
    name text;
  begin
    foreach d in array days loop
      continue when d < 1420070400000 / 86400000 or d >= 4102444800000 / 86400000;
      name := 'lean_' || to_char(to_timestamp(d * 86400) at time zone 'UTC', 'YYYYMMDD');
      continue when to_regclass('mcpl.' || name) is not null;
      perform pg_advisory_xact_lock(5063, 1);
      continue when exists (select from pg_class where relnamespace = 'mcpl'::regnamespace and relname = name);
      perform add_lean_day(d);
    end loop;
  end $$;
  select mcpl.add_lean_day(extract(epoch from to_date(right(relname, 8), 'YYYYMMDD'))::bigint / 86400)
    from pg_inherits join pg_class c on c.oid = inhrelid where inhparent = 'mcpl.exchange'::regclass and relname ~ '^exchange_\\d{8}$';

  -- What was there before, hour by hour: of a busy day it would be more than a value may hold.
  do $fill$
  declare
    part regclass;
    pieces bigint[];
    piece bigint;
    given mcpl.told[];
    n bigint;
  begin
    for part in select inhrelid::regclass from pg_inherits where inhparent = 'mcpl.exchange'::regclass loop
      execute format('select array(select distinct started / 3600000 from %s order by 1)', part) into pieces;
      foreach piece in array pieces loop
        execute replace($q$select ${toldOf("(select * from PART where started / 3600000 = $1)")}$q$, 'PART', part::text) into given using piece;
        ${ADD}
      end loop;
    end loop;
  end $fill$;

  -- Made when the rows are there: that is quicker than row by row.
  alter table mcpl.lean add primary key (project, started, id);
  ${ORDERED.map((name) => `create index lean_${name} on mcpl.lean (project, ${name} desc nulls last, started desc);`).join("\n  ")}
  create index lean_conversation on mcpl.lean (conversation) where conversation is not null;
  create index lean_run on mcpl.lean (run) where run is not null;
  -- Whose words fit. Its owner asks, so that the index of words is used whatever guards the rows.
  create function mcpl.worded(asked text, homes text[]) returns table (project text, started bigint, id text)
    language sql stable security definer set search_path = pg_catalog, mcpl rows 5000 as $$
    select e.project, e.started, e.id from mcpl.exchange e where e.words @@ asked::tsquery and e.project = any(homes) $$;
  -- Which exchanges belong to a run: since they were put, or as they were put.
  create function mcpl.of_run(asked text, how text, homes text[]) returns table (project text, started bigint, id text)
    language plpgsql stable security definer set search_path = pg_catalog, mcpl as $$
  begin
    if how = 'whole' then
      return query select w.project, w.started, w.id from mcpl.run_of o join mcpl.exchange w on w.project = o.project and w.id = o.exchange
          where lower(o.run collate "C") = asked and o.project = any(homes)
        union all select x.project, x.started, x.id from mcpl.lean x where x.run = asked and x.project = any(homes)
          and not exists (select from mcpl.run_of o where o.project = x.project and o.exchange = x.id);
    else
      return query select w.project, w.started, w.id from mcpl.run_of o join mcpl.exchange w on w.project = o.project and w.id = o.exchange
          where lower(o.run collate "C") like asked and o.project = any(homes)
        union all select x.project, x.started, x.id from mcpl.lean x where x.run like asked and x.project = any(homes)
          and not exists (select from mcpl.run_of o where o.project = x.project and o.exchange = x.id);
    end if;
  end $$;
  create index hour_at on mcpl.hour (project, hour);

  -- Pages of older programs ask it, as slowly as before; nothing writes it any more.
  drop table mcpl.slim cascade;
  create view mcpl.slim with (security_invoker = true) as
    select e.started, k.problems, s.status, e.ttft_ms, e.duration_ms, e.tokens_in, e.tokens_out, e.tokens_cached, e.cost, e.project,
      s.model, s.upstream, s.client, s.dialect, s.provider, s.ending, s.recorder, s.person, s.host, s.method, k.tools, k.rules, k.expert,
      k.has, s.wire, e.socket, k.path, e.conversation, e.run, e.id
    from mcpl.lean e join mcpl.shape s on s.id = e.shape join mcpl.manner k on k.id = e.manner;
  drop function mcpl.add_slim_day;

  create or replace function mcpl.exchange_insert() returns trigger ${OURS} as $$
  declare
    given told[] := ${toldOf("moved")};
    n bigint;
  begin
    -- An older function, which had begun before this was here, has made the day of the wide kind alone.
    perform ensure_lean_days(array(select distinct day_of(x.started) from unnest(given) x));
    ${ADD}
    ${tallyOf("moved", "", "exchange", DAY)}
    ${facetsOf("moved", "")}
    return null;
  end $$;

  create or replace function mcpl.exchange_delete() returns trigger ${OURS} as $$
  declare
    gone record;
    n bigint;
    was lean;
    all_of lean[] := '{}';
  begin
    -- One by one: each is looked for in the table of its day alone.
    for gone in select project, started, id from moved loop
      delete from lean e where e.project = gone.project and e.started = gone.started and e.id = gone.id returning e.* into was;
      if found then all_of := all_of || was; end if;
    end loop;
    with told as materialized (select * from unnest(all_of)), ${summed("told", "-").trim()}
      select count(*) from told into n;
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
      perform ensure_lean_days(array[d]);
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
    lean text;
    done bigint := 0;
  begin
    for part, lean in select inhrelid::regclass, 'lean_' || right(c.relname, 8) from pg_inherits join pg_class c on c.oid = inhrelid
      where inhparent = 'mcpl.exchange'::regclass and c.relname ~ '^exchange_\\d{8}$'
        and (extract(epoch from to_timestamp(right(c.relname, 8), 'YYYYMMDD')) + 86400) * 1000 <= before
    loop
      execute format('alter table mcpl.exchange detach partition %s', part);
      execute replace($q$${facetsOf("PART", "-")}$q$, 'PART', part::text);
      execute replace($q$${tallyOf("PART", "-", "exchange", DAY)}$q$, 'PART', part::text);
      execute replace($q$with ${summed("PART", "-").trim()} select 1$q$, 'PART', 'mcpl.' || lean);
      execute format('drop table %s', part);
      execute format('drop table mcpl.%I', lean);
      done := done + 1;
    end loop;
    delete from cell where n <= 0;
    delete from hour where n <= 0;
    delete from spread where n <= 0;
    return done;
  end $$;
`;
