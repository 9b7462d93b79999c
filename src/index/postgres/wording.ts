/** Version 10 of the store: words are looked for in the time that is asked for, and counted where they stand. */
const asked = `e.words @@ asked::tsquery and e.project = any((select mcpl.readable_of(homes))::text[])
      and e.started >= since and e.started <= until`;

export const WORDING = `
  -- Its owner asks, so that the index of words is used whatever guards the rows. Said to be few: who joins them looks up each
  -- by its key.
  create function mcpl.worded(asked text, homes text[], since bigint, until bigint) returns table (project text, started bigint, id text)
    language sql stable security definer set search_path = pg_catalog, mcpl rows 1000 as $$
    select e.project, e.started, e.id from mcpl.exchange e where ${asked} $$;
  create function mcpl.worded_count(asked text, homes text[], since bigint, until bigint) returns bigint
    language sql stable security definer set search_path = pg_catalog, mcpl as $$
    select count(*) from mcpl.exchange e where ${asked} $$;
`;
