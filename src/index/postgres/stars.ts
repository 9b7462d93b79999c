/** Version 7 of the store: what each recorder has starred. It says all of it at once, so that what is said twice changes nothing. */
const OURS = "language plpgsql security definer set search_path = pg_catalog, mcpl";

/** More is not what a recorder of ours says. */
const MOST_STARS = 10_000;

export const STARS = `
  create table mcpl.star (
    project text collate "C" not null, recorder text collate "C" not null, kind text collate "C" not null,
    id text collate "C" not null, primary key (project, kind, id, recorder)
  );
  create index star_recorder on mcpl.star (project, recorder);

  create function mcpl.put_stars(secret text, home text, entry text) returns void ${OURS} as $$
  declare
    who text := enter(secret, 'recorder', home);
    mine text;
    given json;
  begin
    select coalesce(who, x.recorder, ''), x.stars into mine, given from json_to_record(entry::json) x (recorder text, stars json);
    if json_array_length(given) > ${MOST_STARS} then
      raise exception 'a recorder has at most ${MOST_STARS} stars' using errcode = '54000';
    end if;
    delete from star s where s.project = home and s.recorder = mine
      and not exists (select from json_to_recordset(given) x ("of" text, id text) where x."of" = s.kind and x.id = s.id);
    insert into star select home, mine, x."of", x.id from json_to_recordset(given) x ("of" text, id text)
      where x."of" in ('exchange', 'session', 'run') on conflict do nothing;
  end $$;
`;

/** Whether a recorder of its project has starred it, as a column `starred`. */
export const starredAs = (kind: string, row: string) => `exists (
  select from mcpl.star t where t.project = ${row}.project and t.kind = '${kind}' and t.id = ${row}.id) as starred`;

/** The same as a condition: found by the few that have one. */
export const isStarred = (kind: string, row: string) =>
  `(${row}.project, ${row}.id) in (select t.project, t.id from mcpl.star t where t.kind = '${kind}')`;
