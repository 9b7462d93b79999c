/** Version 1 of the store: partitions, and counts that are kept where rows come and go. */

/** Every value that is counted under `status` is one that the status filter takes. */
export const facetsOf = (rows: string, sign: "" | "-") => `
  insert into mcpl.facet as f
    select m.project, coalesce(m.recorder, ''), v.kind, v.value, ${sign}count(*)
    from ${rows} m cross join lateral (
      select * from (values ('model', m.model), ('dialect', m.dialect), ('upstream', m.upstream), ('status', m.status::text),
        ('status', nullif(m.ending, 'complete')), ('client', m.client)) one (kind, value)
      union all select distinct 'tool', name from unnest(m.tools) name
      union all select distinct 'problem', name from unnest(m.rules) name
      union all select distinct 'expert', name from unnest(m.expert) name
    ) v where v.value <> '' group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (project, recorder, kind, value) do update set n = f.n + excluded.n;`;

export const tallyOf = (rows: string, sign: "" | "-", kind: string, day: string) => `
  insert into mcpl.tally as t
    select m.project, coalesce(m.recorder, ''), '${kind}', ${day}, ${sign}count(*) from ${rows} m group by 1, 2, 4 order by 1, 2, 4
    on conflict (project, recorder, kind, day) do update set n = t.n + excluded.n;`;

const trigger = (table: string, event: "insert" | "delete", counting: string) => `
  create function mcpl.${table}_${event}() returns trigger language plpgsql security definer set search_path = pg_catalog, mcpl as $$
  begin
    ${counting}
    return null;
  end $$;
  create trigger ${table}_${event} after ${event} on mcpl.${table}
    referencing ${event === "insert" ? "new" : "old"} table as moved for each statement execute function mcpl.${table}_${event}();`;

export const DAY = "mcpl.day_of(m.started)";
const kept = (table: "session" | "message") =>
  trigger(table, "insert", tallyOf("moved", "", table, "0")) +
  trigger(table, "delete", tallyOf("moved", "-", table, "0"));

export const COUNTING = `
  create function mcpl.day_of(started bigint) returns bigint language sql immutable as
    $$ select floor(started / 86400000.0)::bigint $$;

  create function mcpl.ensure_days(wanted bigint[]) returns void language plpgsql set search_path = pg_catalog, mcpl as $$
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
      -- Made beside the others and then attached: who reads or writes other days does not wait.
      execute format('create table mcpl.%I (like mcpl.exchange including defaults including constraints including storage)', name);
      execute format('alter table mcpl.%I set (toast_tuple_target = 128)', name);
      execute format('alter table mcpl.exchange attach partition mcpl.%I for values from (%s) to (%s)',
        name, d * 86400000, (d + 1) * 86400000);
    end loop;
  end $$;

  -- Retention: whole days go at once. Their bodies go by the bucket's own lifecycle.
  create function mcpl.drop_days(before bigint) returns bigint language plpgsql set search_path = pg_catalog, mcpl as $$
  declare
    part regclass;
    done bigint := 0;
  begin
    for part in select inhrelid::regclass from pg_inherits join pg_class c on c.oid = inhrelid
      where inhparent = 'mcpl.exchange'::regclass and c.relname ~ '^exchange_\\d{8}$'
        and (extract(epoch from to_timestamp(right(c.relname, 8), 'YYYYMMDD')) + 86400) * 1000 <= before
    loop
      execute format('alter table mcpl.exchange detach partition %s', part);
      execute replace($q$${facetsOf("PART", "-")}$q$, 'PART', part::text);
      execute replace($q$${tallyOf("PART", "-", "exchange", DAY)}$q$, 'PART', part::text);
      execute format('drop table %s', part);
      done := done + 1;
    end loop;
    return done;
  end $$;
  ${trigger("exchange", "insert", tallyOf("moved", "", "exchange", DAY) + facetsOf("moved", ""))}
  ${trigger("exchange", "delete", tallyOf("moved", "-", "exchange", DAY) + facetsOf("moved", "-"))}
  ${kept("session")}
  ${kept("message")}
`;
