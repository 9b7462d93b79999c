/**
 * Version 9 of the store: rows guard themselves. A page's own connection reads the projects of its token and no others, whatever it asks;
 * a recorder changes what it has put itself and nothing else, in its own project too. Where nobody has to show a token a recorder is who
 * it says it is.
 */
const OURS = "language plpgsql security definer set search_path = pg_catalog, mcpl";

/** What a page may read, each with its project. */
const GUARDED =
  "exchange lean shape manner cell hour spread tally facet session message run step tie run_of evidence frame recorder star".split(
    " ",
  );

const isTelling = "x.id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-7' and abs(time_of(x.id) - x.started) < 86400000";
/** Another recorder has an exchange of this id. Where an id tells its time one day's table is asked, or two. */
const isTheirExchange = (id: string, me: string) => `(case when ${id} ~ '^[0-9a-f]{8}-[0-9a-f]{4}-7' then
      exists (select from exchange o where o.project = home and o.id = ${id} and o.recorder is distinct from ${me}
        and o.started between time_of(${id}) - 86400000 and time_of(${id}) + 86400000)
      else exists (select from exchange o where o.project = home and o.id = ${id} and o.recorder is distinct from ${me}) end)`;
const isTheirSession = (id: string, me: string) =>
  `exists (select from session s where s.project = home and s.id = ${id} and s.recorder is distinct from ${me})`;
const isBuried = (kind: string, id: string) =>
  `exists (select from buried b where b.project = home and b.kind = '${kind}' and b.id = ${id})`;

export const OWNING = `
  -- Whoever may act as the owner of the tables is not held up by what holds up others.
  create function mcpl.is_owner() returns boolean ${OURS} stable as $$
  begin
    return pg_has_role(session_user, (select relowner from pg_class where oid = 'mcpl.exchange'::regclass), 'member');
  end $$;

  -- Of the token that this connection has shown (its setting mcpl.token): null for all.
  create function mcpl.reads() returns text[] ${OURS} stable as $$
  begin
    return readable(current_setting('mcpl.token', true));
  end $$;
  create function mcpl.reads_all() returns boolean ${OURS} stable as $$
  begin
    return is_owner() or reads() is null;
  end $$;
  create function mcpl.readable_of(homes text[]) returns text[] ${OURS} stable as $$
  begin
    if reads_all() then return homes; end if;
    return array(select unnest(homes) intersect select unnest(reads()));
  end $$;

  ${GUARDED.map(
    (name) => `alter table mcpl.${name} enable row level security;
  create policy page_reads on mcpl.${name} for select using ((select mcpl.reads_all()) or project = any((select mcpl.reads())::text[]));`,
  ).join("\n  ")}
  alter table mcpl.forgotten enable row level security;
  create policy page_reads on mcpl.forgotten for select
    using ((select mcpl.reads_all()) or project is null or project = any((select mcpl.reads())::text[]));

  create or replace function mcpl.worded(asked text, homes text[]) returns table (project text, started bigint, id text)
    language sql stable security definer set search_path = pg_catalog, mcpl rows 5000 as $$
    select e.project, e.started, e.id from mcpl.exchange e
      where e.words @@ asked::tsquery and e.project = any((select mcpl.readable_of(homes))::text[]) $$;
  create or replace function mcpl.of_run(asked text, how text, homes text[]) returns table (project text, started bigint, id text)
    language plpgsql stable security definer set search_path = pg_catalog, mcpl as $$
  declare
    own text[] := readable_of(homes);
  begin
    if how = 'whole' then
      return query select w.project, w.started, w.id from mcpl.run_of o join mcpl.exchange w on w.project = o.project and w.id = o.exchange
          where lower(o.run collate "C") = asked and o.project = any(own)
        union all select x.project, x.started, x.id from mcpl.lean x where x.run = asked and x.project = any(own)
          and not exists (select from mcpl.run_of o where o.project = x.project and o.exchange = x.id);
    else
      return query select w.project, w.started, w.id from mcpl.run_of o join mcpl.exchange w on w.project = o.project and w.id = o.exchange
          where lower(o.run collate "C") like asked and o.project = any(own)
        union all select x.project, x.started, x.id from mcpl.lean x where x.run like asked and x.project = any(own)
          and not exists (select from mcpl.run_of o where o.project = x.project and o.exchange = x.id);
    end if;
  end $$;

  -- Of an id of version 7: ms since 1970.
  create function mcpl.time_of(id text) returns bigint language sql immutable set search_path = pg_catalog, mcpl as
    $$ select case when id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-7' then ('x' || substr(id, 1, 8) || substr(id, 10, 4))::bit(48)::bigint end $$;

  -- Whose they are; of what was put before, their run says it.
  alter table mcpl.step add column recorder text;
  alter table mcpl.tie add column recorder text;
  alter table mcpl.run_of add column recorder text;

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
    -- Whoever gives an id that tells another time than its row is looked for everywhere.
    select array_agg(x.id) filter (where ${isTelling}), array_agg(x.id) filter (where (${isTelling}) is not true),
        min(x.started) filter (where ${isTelling}) - 2 * 86400000, max(x.started) filter (where ${isTelling}) + 2 * 86400000
      into telling, other, since, until from unnest(given) x;
    perform ensure_days(array(select x.started from unnest(given) x));
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

  -- Of exchanges and sessions the ids that another recorder has, and those that were deleted and stay away.
  create or replace function mcpl.taken(secret text, home text, entries text) returns text ${OURS} as $$
  declare
    who text := enter(secret, 'recorder', home);
  begin
    return (select coalesce(json_agg(x.id), '[]')::text
      from json_to_recordset(entries::json) x (id text, started bigint, recorder text, person text)
      where is_forgotten(home, x.person, x.started) or ${isBuried("exchange", "x.id")} or ${isBuried("session", "x.id")}
        or ${isTheirExchange("x.id", "coalesce(who, x.recorder)")} or ${isTheirSession("x.id", "coalesce(who, x.recorder)")});
  end $$;

  -- What is said of another's exchange or session is not theirs.
  create or replace function mcpl.put_evidence(secret text, home text, entries text) returns void ${OURS} as $$
  declare
    who text := enter(secret, 'recorder', home);
  begin
    insert into evidence as e (project, source, part, kind, at, recorder, json)
      select home, x.source, x.part, x.kind, x.at, coalesce(who, x.recorder), x.json
      from json_to_recordset(entries::json) x
        (source text, part text, kind text, at double precision, recorder text, json text)
      where not ${isBuried("exchange", "x.source")} and not ${isBuried("session", "x.source")}
        and (who is null or not ${isTheirExchange("x.source", "who")} and not ${isTheirSession("x.source", "who")})
      on conflict (project, source, part) do update
        set kind = excluded.kind, at = excluded.at, json = excluded.json,
          tx = pg_current_xact_id(), seq = nextval(pg_get_serial_sequence('mcpl.evidence', 'seq'))
        where e.recorder is not distinct from excluded.recorder
          and (e.kind, e.json) is distinct from (excluded.kind, excluded.json);
  end $$;

  -- What a stronger maker has made of a run stays: it knows more. Of equals each changes its own.
  create or replace function mcpl.set_runs(home text, made smallint, who text, changes text) returns void ${OURS} as $$
  declare
    c jsonb := changes::jsonb;
    me text := case when made = 0 then coalesce(who, c ->> 'recorder', c -> 'runs' -> 0 ->> 'recorder') end;
    theirs text[];
  begin
    theirs := array(
      select id from run where project = home and (maker > made or made = 0 and recorder is distinct from me)
        and id in (select r ->> 'id' from jsonb_array_elements(c -> 'runs') r
          union select s ->> 'run' from jsonb_array_elements(c -> 'steps') s
          union select t ->> 'run' from jsonb_array_elements(c -> 'ties') t
          union select h ->> 'run' from jsonb_array_elements(coalesce(c -> 'homes', '[]')) h
          union select jsonb_array_elements_text(c -> 'gone' -> 'runs')));
    delete from tie d where project = home and id in (select jsonb_array_elements_text(c -> 'gone' -> 'ties'))
      and (run is null or not exists (select from run r where r.project = home and r.id = d.run and r.maker > made))
      and (made > 0 or recorder is not distinct from me or recorder is null and not (coalesce(run, '') = any(theirs)));
    delete from step d where project = home and id in (select jsonb_array_elements_text(c -> 'gone' -> 'steps'))
      and not exists (select from run r where r.project = home and r.id = d.run and r.maker > made)
      and (made > 0 or recorder is not distinct from me or recorder is null
        and not exists (select from run r where r.project = home and r.id = d.run and r.recorder is distinct from me));
    if made = 0 then
      delete from run where project = home and maker = 0 and recorder is not distinct from me
        and id in (select jsonb_array_elements_text(c -> 'gone' -> 'runs'));
    else
      insert into run select home, id, made, who, null, null, 0, null from jsonb_array_elements_text(c -> 'gone' -> 'runs') id
        on conflict (project, id) do update set maker = made, row = null;
    end if;
    insert into run as r
      select home, x.id, made, coalesce(who, x.recorder), x.person, x.host, x.at, x.row
      from jsonb_to_recordset(c -> 'runs') x (id text, recorder text, person text, host text, at double precision, row text)
      where not (x.id = any(theirs))
      on conflict (project, id) do update set maker = excluded.maker, recorder = excluded.recorder, person = excluded.person,
          host = excluded.host, at = excluded.at, row = excluded.row
        where excluded.maker > 0 or r.recorder is not distinct from excluded.recorder;
    insert into step as o (project, id, run, at, exchange, seen, treated, row, recorder)
      select home, x.id, x.run, x.at, x.exchange, x.seen, x.treated, x.row, me
      from jsonb_to_recordset(c -> 'steps') x
        (id text, run text, at double precision, exchange text, seen text, treated boolean, row text)
      where not (x.run = any(theirs))
        and not exists (select from step s join run r on r.project = home and r.id = s.run
          where s.project = home and s.id = x.id
            and (r.maker > made or made = 0 and s.recorder is null and r.recorder is distinct from me))
      on conflict (project, id) do update set run = excluded.run, at = excluded.at, exchange = excluded.exchange,
          seen = excluded.seen, treated = excluded.treated, row = excluded.row, recorder = coalesce(excluded.recorder, o.recorder)
        where made > 0 or o.recorder is null or o.recorder is not distinct from excluded.recorder;
    insert into run_of as o (project, exchange, run, recorder)
      select home, x.exchange, x.run, me from jsonb_to_recordset(c -> 'homes') x (exchange text, run text)
      where not (x.run = any(theirs))
        and not exists (select from run_of b join run r on r.project = home and r.id = b.run
          where b.project = home and b.exchange = x.exchange and r.maker > made)
        and (who is null or not ${isTheirExchange("x.exchange", "who")})
      on conflict (project, exchange) do update set run = excluded.run, recorder = coalesce(excluded.recorder, o.recorder)
        where o.run <> excluded.run and (made > 0 or o.recorder is null or o.recorder is not distinct from excluded.recorder);
    -- A tie is called by its session and the number of its line.
    insert into tie as o (project, id, run, row, recorder)
      select home, x.id, x.run, x.row, me from jsonb_to_recordset(c -> 'ties') x (id text, run text, row text)
      where not (coalesce(x.run, '') = any(theirs))
        and not exists (select from tie t join run r on r.project = home and r.id = t.run
          where t.project = home and t.id = x.id
            and (r.maker > made or made = 0 and t.recorder is null and r.recorder is distinct from me))
        and (who is null or not ${isTheirSession("regexp_replace(x.id, '/[^/]*$', '')", "who")})
      on conflict (project, id) do update set run = excluded.run, row = excluded.row, recorder = coalesce(excluded.recorder, o.recorder)
        where made > 0 or o.recorder is null or o.recorder is not distinct from excluded.recorder;
  end $$;
`;
