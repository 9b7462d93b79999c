/**
 * Version 4 of the store: exchanges are put at a recorder's own rate. What comes is read as JSON once (each further time was a
 * tenth of all), what is there already is looked up for all of them at once, and deletions are asked of one small table.
 */
const OURS = "language plpgsql security definer set search_path = pg_catalog, mcpl";

/** The members that a recorder sends, in the order of the table's columns. */
const MEMBERS = `recorder text, person text, host text, status double precision, ending text, dialect text, model text, upstream text,
    provider text, client text, method text, path text, conversation text, turn double precision, parent text, run text,
    ttft_ms double precision, duration_ms double precision, tokens_in double precision, tokens_out double precision,
    tokens_cached double precision, cost double precision, problems double precision,
    tools text[], rules text[], expert text[], has text[], words text, row text`;

/** Ids of all, of those whose time is near what they tell, and of the rest. */
const isTelling = "x.id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-7'";

export const PUTTING = `
  create type mcpl.entry as (id text, started bigint, ${MEMBERS});

  -- Gives the ids that another recorder has.
  create or replace function mcpl.put_exchanges(secret text, home text, entries text) returns text ${OURS} as $$
  declare
    who text := enter(secret, 'recorder', home);
    given entry[] := array(select x from json_populate_recordset(null::entry, entries::json) x);
    telling text[];
    other text[];
    since bigint;
    until bigint;
    stood bigint[];
    known text[];
    refused text[];
  begin
    select array_agg(x.id) filter (where ${isTelling}), array_agg(x.id) filter (where not ${isTelling}),
        min(x.started) filter (where ${isTelling}) - 86400000, max(x.started) filter (where ${isTelling}) + 86400000
      into telling, other, since, until from unnest(given) x;
    perform ensure_days(array(select x.started from unnest(given) x));
    -- The time of an id that tells it is near: some days' tables are asked, not all of them.
    with there as materialized (
      select o.started, o.id, o.recorder from exchange o
        where telling is not null and o.project = home and o.id = any(telling) and o.started between since and until
      union all
      select o.started, o.id, o.recorder from exchange o where other is not null and o.project = home and o.id = any(other))
    select array_agg(e.started) filter (where e.own), array_agg(e.id) filter (where e.own), array_agg(e.id) filter (where not e.own)
      into stood, known, refused
      from (select t.started, t.id, t.recorder is not distinct from coalesce(who, x.recorder) as own
        from there t join unnest(given) x on x.id = t.id) e;
    if known is not null then
      delete from exchange e using unnest(stood, known) g (started, id)
        where e.project = home and e.started = g.started and e.id = g.id;
    end if;
    insert into exchange
      select home, x.id, x.started, coalesce(who, x.recorder), x.person, x.host, x.status, x.ending, x.dialect, x.model,
        x.upstream, x.provider, x.client, x.method, x.path, x.conversation, x.turn, x.parent, x.run, x.ttft_ms,
        x.duration_ms, x.tokens_in, x.tokens_out, x.tokens_cached, x.cost, coalesce(x.problems, 0),
        coalesce(x.tools, '{}'), coalesce(x.rules, '{}'), coalesce(x.expert, '{}'), coalesce(x.has, '{}'), x.words::tsvector, x.row
      from unnest(given) x
      where not (x.id = any(coalesce(refused, '{}'))) and not exists (select from forgotten f
        where (f.project is null or f.project = home) and (f.person is null or f.person = x.person) and x.started < f.before)
      on conflict do nothing;
    return coalesce(to_json(refused), '[]')::text;
  end $$;
`;
