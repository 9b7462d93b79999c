/**
 * Version 11 of the store: the list of MCP sessions is put in order by members of their rows. There are few of them beside
 * exchanges, so that they are read where they stand.
 */
const PURE = "language plpgsql immutable set search_path = pg_catalog, mcpl";

export const ORDERING = `
  -- What is no JSON has no members, and stops nobody.
  create function mcpl.text_in(told text, member text) returns text ${PURE} as $$
  begin
    return left(json_of(told) ->> member, 1000);
  end $$;

  -- 0 for what is no number, or one beyond all that can be compared.
  create function mcpl.number_in(told text, member text) returns double precision ${PURE} as $$
  declare
    it jsonb := json_of(told) -> member;
  begin
    if jsonb_typeof(it) is distinct from 'number' then return 0; end if;
    return (it #>> '{}')::double precision;
  exception when others then return 0;
  end $$;
`;
