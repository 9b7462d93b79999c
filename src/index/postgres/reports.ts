/** Version 5 of the store: how each recorder does, in its own words, said every few seconds. The last of them is kept. */
const OURS = "language plpgsql security definer set search_path = pg_catalog, mcpl";

/** Characters of one. More is not what a recorder of ours says. */
const MOST_CHARS = 4_000;

export const REPORTS = `
  create table mcpl.recorder (
    project text collate "C" not null, recorder text collate "C" not null, person text, host text,
    at timestamptz not null default now(), state text not null, primary key (project, recorder)
  );

  create function mcpl.report(secret text, home text, entry text) returns void ${OURS} as $$
  declare
    who text := enter(secret, 'recorder', home);
    x record;
  begin
    select * into x from json_to_record(entry::json) x (recorder text, person text, host text, state text);
    if length(x.state) > ${MOST_CHARS} or x.state is null then
      raise exception 'a report has at most ${MOST_CHARS} characters' using errcode = '54000';
    end if;
    insert into recorder (project, recorder, person, host, state)
      values (home, coalesce(who, x.recorder, ''), x.person, x.host, x.state)
      on conflict (project, recorder) do update
        set person = excluded.person, host = excluded.host, at = excluded.at, state = excluded.state;
  end $$;
`;
