/**
 * Version 3 of the store: what the list of runs is filtered and put in order by stands in columns beside the row. A trigger
 * reads them from the row, so whoever writes it, as older programs do, writes both.
 */

/** Name, type, and how it is read from the row as JSON. */
const COLUMNS: readonly (readonly [name: string, type: string, read: string])[] = [
  ["last_at", "double precision", number("last_at")],
  ["state", 'text collate "C"', text("state")],
  ["since", "double precision", number("state_since")],
  ["agent", 'text collate "C"', text("agent")],
  ["name", 'text collate "C"', text("run")],
  ["models", 'text[] collate "C"', names("models")],
  ["servers", 'text[] collate "C"', names("servers")],
  // Also by their own names, where hosts put the server's before them.
  [
    "tools",
    'text[] collate "C"',
    `array(select distinct one from unnest(${names("tools")}) given
    cross join lateral (values (given), (substring(given from '^mcp__.+?__(.+)$'))) v (one) where one is not null)`,
  ],
  ["rules", 'text[] collate "C"', names("rules")],
  ...["tokens_in", "tokens_out", "tokens_cached", "cost", "errors", "problems"].map(
    (name) => [name, "double precision", number(name)] as const,
  ),
  ["steps", "double precision", `${number("model_calls")} + ${number("tool_calls")}`],
];

function number(name: string): string {
  return `coalesce((case when jsonb_typeof(it -> '${name}') = 'number' then it ->> '${name}' end)::double precision, 0)`;
}

function text(name: string): string {
  return `left(it ->> '${name}', 1000)`;
}

function names(name: string): string {
  return `names_in(it -> '${name}')`;
}

export const FILTERED_RUNS = `
  lock table mcpl.run in access exclusive mode;
  alter table mcpl.run ${COLUMNS.map(([name, type]) => `add column ${name} ${type}`).join(", ")};

  create function mcpl.names_in(list jsonb) returns text[] language plpgsql immutable set search_path = pg_catalog, mcpl as $$
  begin
    if jsonb_typeof(list) is distinct from 'array' then return '{}'; end if;
    return array(select left(one, 1000) from jsonb_array_elements_text(list) one where one is not null limit 128);
  end $$;

  -- What Postgres' JSON refuses in a text (a NUL, half of a character) is replaced. What is no JSON says nothing, and stops nobody.
  create function mcpl.json_of(told text) returns jsonb language plpgsql immutable set search_path = pg_catalog, mcpl as $$
  begin
    return regexp_replace(told, '\\\\u(0000|[dD][89a-fA-F][0-9a-fA-F]{2})', '\\\\ufffd', 'g')::jsonb;
  exception when others then return '{}';
  end $$;

  create function mcpl.run_told() returns trigger language plpgsql security definer set search_path = pg_catalog, mcpl as $$
  declare
    it jsonb := coalesce(json_of(new.row), '{}');
  begin
    ${COLUMNS.map(([name, , read]) => `new.${name} := ${read};`).join("\n    ")}
    return new;
  end $$;
  create trigger run_told before insert or update of row on mcpl.run for each row execute function mcpl.run_told();
  update mcpl.run set row = row where row is not null;
`;
