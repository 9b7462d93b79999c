/**
 * The functions of the store: the only way in. They run with the owner's rights, check the token, and take JSON, so that an
 * older recorder that leaves out a member is as welcome as a newer one. Made anew by each migration that changes them.
 */
const OURS = "language plpgsql security definer set search_path = pg_catalog, mcpl";

export const FUNCTIONS = `
  -- Null where nobody has to show a token; else the name that goes with it.
  create or replace function mcpl.enter(secret text, wanted text, home text) returns text ${OURS} as $$
  declare
    found text;
  begin
    if not exists (select from token) then return null; end if;
    select name into found from token
      where hash = sha256(convert_to(coalesce(secret, ''), 'UTF8')) and kind = wanted and revoked is null
        and (home = any(projects) or '*' = any(projects));
    if found is null then
      raise exception 'this token may not write to the project %', home using errcode = '28000';
    end if;
    return found;
  end $$;

  -- The projects that a page may read: null for all, none for a token that is not known.
  create or replace function mcpl.readable(secret text) returns text[] ${OURS} stable as $$
  declare
    found text[];
  begin
    if not exists (select from token) then return null; end if;
    select projects into found from token
      where hash = sha256(convert_to(coalesce(secret, ''), 'UTF8')) and kind = 'page' and revoked is null;
    if found is null then return '{}'; end if;
    return case when '*' = any(found) then null else found end;
  end $$;

  create or replace function mcpl.is_forgotten(home text, who text, began bigint) returns boolean ${OURS} stable as $$
  begin
    return exists (select from forgotten f where (f.project is null or f.project = home)
      and (f.person is null or f.person = who) and began < f.before);
  end $$;

  create or replace function mcpl.is_open() returns boolean ${OURS} stable as $$
  begin
    return not exists (select from token);
  end $$;

  -- Gives the ids that another recorder has.
  create or replace function mcpl.put_exchanges(secret text, home text, entries text) returns text ${OURS} as $$
  declare
    who text := enter(secret, 'recorder', home);
    stood bigint[];
    known text[];
    refused text[];
  begin
    perform ensure_days(array(select x.started from jsonb_to_recordset(entries::jsonb) x (started bigint)));
    -- The time of an id that tells it is near: one day's table is asked, not all of them.
    select array_agg(e.started) filter (where e.own), array_agg(e.id) filter (where e.own), array_agg(e.id) filter (where not e.own)
      into stood, known, refused
      from jsonb_to_recordset(entries::jsonb) x (id text, started bigint, recorder text)
      cross join lateral (
        select o.started, o.id, o.recorder is not distinct from coalesce(who, x.recorder) as own from exchange o
        where o.project = home and o.id = x.id and o.started between x.started - 86400000 and x.started + 86400000
          and x.id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-7'
        union all
        select o.started, o.id, o.recorder is not distinct from coalesce(who, x.recorder) from exchange o
        where o.project = home and o.id = x.id and x.id !~ '^[0-9a-f]{8}-[0-9a-f]{4}-7'
      ) e;
    if known is not null then
      delete from exchange e using unnest(stood, known) g (started, id)
        where e.project = home and e.started = g.started and e.id = g.id;
    end if;
    insert into exchange
      select home, x.id, x.started, coalesce(who, x.recorder), x.person, x.host, x.status, x.ending, x.dialect, x.model,
        x.upstream, x.provider, x.client, x.method, x.path, x.conversation, x.turn, x.parent, x.run, x.ttft_ms,
        x.duration_ms, x.tokens_in, x.tokens_out, x.tokens_cached, x.cost, coalesce(x.problems, 0),
        coalesce(x.tools, '{}'), coalesce(x.rules, '{}'), coalesce(x.expert, '{}'), coalesce(x.has, '{}'), x.words::tsvector, x.row
      from jsonb_to_recordset(entries::jsonb) x (id text, started bigint, recorder text, person text, host text,
        status double precision, ending text, dialect text, model text, upstream text, provider text, client text,
        method text, path text, conversation text, turn double precision, parent text, run text, ttft_ms double precision,
        duration_ms double precision, tokens_in double precision, tokens_out double precision,
        tokens_cached double precision, cost double precision, problems double precision,
        tools text[], rules text[], expert text[], has text[], words text, row text)
      where not (x.id = any(coalesce(refused, '{}'))) and not is_forgotten(home, x.person, x.started)
      on conflict do nothing;
    return coalesce(to_json(refused), '[]')::text;
  end $$;

  -- Of exchanges and sessions the ids that another recorder has, and those that were deleted and stay away.
  create or replace function mcpl.taken(secret text, home text, entries text) returns text ${OURS} as $$
  declare
    who text := enter(secret, 'recorder', home);
  begin
    return (select coalesce(json_agg(x.id), '[]')::text
      from jsonb_to_recordset(entries::jsonb) x (id text, started bigint, recorder text, person text)
      where is_forgotten(home, x.person, x.started)
        or exists (select from exchange o where o.project = home and o.id = x.id
          and o.started between x.started - 86400000 and x.started + 86400000
          and o.recorder is distinct from coalesce(who, x.recorder))
        or exists (select from session s where s.project = home and s.id = x.id
          and s.recorder is distinct from coalesce(who, x.recorder)));
  end $$;

  create or replace function mcpl.put_session(secret text, home text, entry text) returns boolean ${OURS} as $$
  declare
    who text := enter(secret, 'recorder', home);
    x record;
    owner text;
  begin
    select * into x from jsonb_to_record(entry::jsonb) x
      (id text, recorder text, person text, host text, at double precision, name text, row text);
    select coalesce(recorder, '') into owner from session where project = home and id = x.id;
    if owner <> coalesce(who, x.recorder, '') then return false; end if;
    if is_forgotten(home, x.person, x.at::bigint) then return true; end if;
    insert into session values (home, x.id, coalesce(who, x.recorder), x.person, x.host, x.at, x.name, x.row)
      on conflict (project, id) do update set at = excluded.at, name = excluded.name, row = excluded.row;
    return true;
  end $$;

  create or replace function mcpl.put_messages(secret text, home text, entries text) returns void ${OURS} as $$
  declare
    who text := enter(secret, 'recorder', home);
  begin
    insert into message as m
      select home, x.session, x.seq, coalesce(who, x.recorder), x.at, x.line, x.place, x.size
      from jsonb_to_recordset(entries::jsonb) x
        (session text, seq bigint, recorder text, at double precision, line text, place bigint, size bigint)
      left join session s on s.project = home and s.id = x.session
      where s.id is null or s.recorder is not distinct from coalesce(who, x.recorder)
      on conflict (project, session, seq) do update
        set at = excluded.at, line = excluded.line, place = excluded.place, size = excluded.size
        where m.recorder is not distinct from excluded.recorder;
  end $$;

  create or replace function mcpl.put_evidence(secret text, home text, entries text) returns void ${OURS} as $$
  declare
    who text := enter(secret, 'recorder', home);
  begin
    insert into evidence as e (project, source, part, kind, at, recorder, json)
      select home, x.source, x.part, x.kind, x.at, coalesce(who, x.recorder), x.json
      from jsonb_to_recordset(entries::jsonb) x
        (source text, part text, kind text, at double precision, recorder text, json text)
      on conflict (project, source, part) do update
        set kind = excluded.kind, at = excluded.at, json = excluded.json,
          tx = pg_current_xact_id(), seq = nextval(pg_get_serial_sequence('mcpl.evidence', 'seq'))
        where e.recorder is not distinct from excluded.recorder
          and (e.kind, e.json) is distinct from (excluded.kind, excluded.json);
  end $$;

  -- What a stronger maker has made of a run stays: it knows more.
  create or replace function mcpl.set_runs(home text, made smallint, who text, changes text) returns void ${OURS} as $$
  declare
    c jsonb := changes::jsonb;
    theirs text[];
  begin
    theirs := array(
      select id from run where project = home and maker > made
        and id in (select r ->> 'id' from jsonb_array_elements(c -> 'runs') r
          union select s ->> 'run' from jsonb_array_elements(c -> 'steps') s
          union select t ->> 'run' from jsonb_array_elements(c -> 'ties') t
          union select jsonb_array_elements_text(c -> 'gone' -> 'runs')));
    delete from tie where project = home and id in (select jsonb_array_elements_text(c -> 'gone' -> 'ties'))
      and (run is null or not exists (select from run r where r.project = home and r.id = tie.run and r.maker > made));
    delete from step where project = home and id in (select jsonb_array_elements_text(c -> 'gone' -> 'steps'))
      and not exists (select from run r where r.project = home and r.id = step.run and r.maker > made);
    if made = 0 then
      delete from run where project = home and maker = 0 and id in (select jsonb_array_elements_text(c -> 'gone' -> 'runs'));
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
    insert into step
      select home, x.id, x.run, x.at, x.exchange, x.seen, x.treated, x.row
      from jsonb_to_recordset(c -> 'steps') x
        (id text, run text, at double precision, exchange text, seen text, treated boolean, row text)
      where not (x.run = any(theirs))
        and not exists (select from step s join run r on r.project = home and r.id = s.run
          where s.project = home and s.id = x.id and r.maker > made)
      on conflict (project, id) do update set run = excluded.run, at = excluded.at, exchange = excluded.exchange,
        seen = excluded.seen, treated = excluded.treated, row = excluded.row;
    insert into run_of as o
      select home, x.exchange, x.run from jsonb_to_recordset(c -> 'homes') x (exchange text, run text)
      where not (x.run = any(theirs))
        and not exists (select from run_of b join run r on r.project = home and r.id = b.run
          where b.project = home and b.exchange = x.exchange and r.maker > made)
      on conflict (project, exchange) do update set run = excluded.run where o.run <> excluded.run;
    insert into tie
      select home, x.id, x.run, x.row from jsonb_to_recordset(c -> 'ties') x (id text, run text, row text)
      where not (coalesce(x.run, '') = any(theirs))
        and not exists (select from tie t join run r on r.project = home and r.id = t.run
          where t.project = home and t.id = x.id and r.maker > made)
      on conflict (project, id) do update set run = excluded.run, row = excluded.row;
  end $$;

  create or replace function mcpl.put_runs(secret text, home text, changes text) returns void ${OURS} as $$
  begin
    perform set_runs(home, 0::smallint, enter(secret, 'recorder', home), changes);
  end $$;

  -- Of pages: whoever may read all of it may join it.
  create or replace function mcpl.join_runs(secret text, home text, changes text) returns void ${OURS} as $$
  declare
    may text[] := readable(secret);
  begin
    if may is not null and not (home = any(may)) then
      raise exception 'this token may not join runs of the project %', home using errcode = '28000';
    end if;
    perform set_runs(home, 1::smallint, null, changes);
  end $$;

  -- One after the other: whoever has seen a number has seen all before it.
  create or replace function mcpl.tell(secret text, home text, topics text[], frames text[]) returns bigint ${OURS} as $$
  declare
    before bigint;
    latest bigint;
  begin
    perform enter(secret, 'recorder', home);
    set local synchronous_commit = off;
    perform pg_advisory_xact_lock(5063, 2);
    -- Never below the clock, in microseconds: a crash may take back the last numbers, which somebody has seen.
    before := greatest((select last_value from frame_seq), (extract(epoch from clock_timestamp()) * 1000000)::bigint);
    latest := before + coalesce(array_length(frames, 1), 0);
    perform setval('mcpl.frame_seq', latest);
    insert into frame (seq, project, topic, frame)
      select before + t.n, home, nullif(t.topic, ''), t.frame from unnest(topics, frames) with ordinality t (topic, frame, n);
    perform pg_notify('mcpl_frames', json_build_object('project', home, 'from', before + 1, 'to', latest)::text);
    -- Who was away for longer asks for all again.
    if random() < 0.02 then delete from frame where at < clock_timestamp() - interval '10 minutes'; end if;
    return latest;
  end $$;

  create or replace function mcpl.note_opening(secret text, page text, visitor text, what text, id text) returns void ${OURS} as $$
  declare
    named text;
  begin
    select t.name into named from token t
      where t.hash = sha256(convert_to(coalesce(secret, ''), 'UTF8')) and t.kind = 'page' and t.revoked is null;
    insert into audit (page, visitor, what, id) values (coalesce(named, page), visitor, what, id);
  end $$;
`;

/** Of each role what it needs, and nothing else. Roles that the owner may not make are made by somebody who may. */
export const RIGHTS = `
  do $$ begin
    if not exists (select from pg_roles where rolname = 'mcpl_recorder') then create role mcpl_recorder; end if;
    if not exists (select from pg_roles where rolname = 'mcpl_page') then create role mcpl_page; end if;
  exception when insufficient_privilege or duplicate_object or unique_violation then null; end $$;
  revoke all on all functions in schema mcpl from public;
  do $$ begin
    if exists (select from pg_roles where rolname = 'mcpl_recorder') then
      grant usage on schema mcpl to mcpl_recorder;
      grant select on mcpl.migration to mcpl_recorder;
      grant execute on function mcpl.put_exchanges, mcpl.put_session, mcpl.put_messages, mcpl.put_evidence, mcpl.put_runs,
        mcpl.tell, mcpl.taken, mcpl.is_open, mcpl.report, mcpl.put_stars to mcpl_recorder;
    end if;
    if exists (select from pg_roles where rolname = 'mcpl_page') then
      grant usage on schema mcpl to mcpl_page;
      grant select on mcpl.migration, mcpl.exchange, mcpl.slim, mcpl.lean, mcpl.shape, mcpl.manner, mcpl.cell, mcpl.hour, mcpl.spread, mcpl.tally, mcpl.facet, mcpl.session, mcpl.message, mcpl.run, mcpl.step,
        mcpl.tie, mcpl.run_of, mcpl.evidence, mcpl.frame, mcpl.frame_seq, mcpl.forgotten, mcpl.recorder, mcpl.star to mcpl_page;
      grant execute on function mcpl.readable, mcpl.join_runs, mcpl.note_opening, mcpl.is_open, mcpl.day_of, mcpl.worded(text, text[]), mcpl.worded(text, text[], bigint, bigint), mcpl.worded_count, mcpl.of_run, mcpl.reads, mcpl.reads_all, mcpl.json_of, mcpl.text_in, mcpl.number_in to mcpl_page;
    end if;
  end $$;
`;
