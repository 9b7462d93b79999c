/**
 * Version 6 of the store: what was deleted is remembered by its id, so that no part of it comes again (lines of a session that were
 * on their way, a run that is shipped once more); and long lines have a sum, which who has not seen them cannot give.
 */
const OURS = "language plpgsql security definer set search_path = pg_catalog, mcpl";

const isBuried = (kind: string, id: string) =>
  `exists (select from buried b where b.project = home and b.kind = '${kind}' and b.id = ${id})`;
const isForgotten = (started: string) => `exists (select from forgotten f
        where (f.project is null or f.project = home) and (f.person is null or f.person = x.person) and ${started} < f.before)`;

export const GUARDING = `
  -- Of a long line, which stands in the bucket, so that nobody says of another's that it is theirs: SHA-256.
  alter table mcpl.message add column sum text;

  -- Ids of what was deleted. kind: exchange, session, run.
  create table mcpl.buried (
    project text collate "C" not null, kind text collate "C" not null, id text collate "C" not null, primary key (project, kind, id)
  );

  -- Of exchanges and sessions the ids that another recorder has, and those that were deleted and stay away.
  create or replace function mcpl.taken(secret text, home text, entries text) returns text ${OURS} as $$
  declare
    who text := enter(secret, 'recorder', home);
  begin
    return (select coalesce(json_agg(x.id), '[]')::text
      from json_to_recordset(entries::json) x (id text, started bigint, recorder text, person text)
      where ${isForgotten("x.started")} or ${isBuried("exchange", "x.id")} or ${isBuried("session", "x.id")}
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
  begin
    select * into x from json_to_record(entry::json) x
      (id text, recorder text, person text, host text, at double precision, name text, row text);
    if exists (select from session s where s.project = home and s.id = x.id
      and s.recorder is distinct from coalesce(who, x.recorder)) then return false; end if;
    if ${isForgotten("x.at")} or ${isBuried("session", "x.id")} then return true; end if;
    insert into session values (home, x.id, coalesce(who, x.recorder), x.person, x.host, x.at, x.name, x.row)
      on conflict (project, id) do update set at = excluded.at, name = excluded.name, row = excluded.row;
    return true;
  end $$;

  create or replace function mcpl.put_messages(secret text, home text, entries text) returns void ${OURS} as $$
  declare
    who text := enter(secret, 'recorder', home);
  begin
    insert into message as m
      select home, x.session, x.seq, coalesce(who, x.recorder), x.at, x.line, x.place, x.size, x.sum
      from json_to_recordset(entries::json) x
        (session text, seq bigint, recorder text, at double precision, line text, place bigint, size bigint, sum text)
      where not ${isBuried("session", "x.session")} and not exists (select from session s
        where s.project = home and s.id = x.session and s.recorder is distinct from coalesce(who, x.recorder))
      on conflict (project, session, seq) do update
        set at = excluded.at, line = excluded.line, place = excluded.place, size = excluded.size, sum = excluded.sum
        where m.recorder is not distinct from excluded.recorder;
  end $$;

  create or replace function mcpl.put_evidence(secret text, home text, entries text) returns void ${OURS} as $$
  declare
    who text := enter(secret, 'recorder', home);
  begin
    insert into evidence as e (project, source, part, kind, at, recorder, json)
      select home, x.source, x.part, x.kind, x.at, coalesce(who, x.recorder), x.json
      from json_to_recordset(entries::json) x
        (source text, part text, kind text, at double precision, recorder text, json text)
      where not ${isBuried("exchange", "x.source")} and not ${isBuried("session", "x.source")}
      on conflict (project, source, part) do update
        set kind = excluded.kind, at = excluded.at, json = excluded.json,
          tx = pg_current_xact_id(), seq = nextval(pg_get_serial_sequence('mcpl.evidence', 'seq'))
        where e.recorder is not distinct from excluded.recorder
          and (e.kind, e.json) is distinct from (excluded.kind, excluded.json);
  end $$;

  -- A run's title and steps quote what was said: one that was deleted is not put again, by whomever, nor one of who was forgotten.
  create function mcpl.run_living() returns trigger ${OURS} as $$
  declare
    home text := new.project;
    x record := new;
  begin
    if ${isBuried("run", "x.id")} then return null; end if;
    if new.row is not null and ${isForgotten("x.at")} then
      insert into buried values (home, 'run', x.id) on conflict do nothing;
      delete from step where project = home and run = x.id;
      delete from tie where project = home and run = x.id;
      delete from run_of where project = home and run = x.id;
      return null;
    end if;
    return new;
  end $$;
  create trigger living before insert or update on mcpl.run for each row execute function mcpl.run_living();

  create function mcpl.part_living() returns trigger ${OURS} as $$
  declare
    home text := new.project;
  begin
    if ${isBuried("run", "new.run")} then return null; end if;
    return new;
  end $$;
  create trigger living before insert or update on mcpl.step for each row execute function mcpl.part_living();
  create trigger living before insert or update on mcpl.tie for each row execute function mcpl.part_living();
  create trigger living before insert or update on mcpl.run_of for each row execute function mcpl.part_living();
`;
