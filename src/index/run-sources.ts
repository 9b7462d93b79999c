/**
 * Where a list of runs finds its rows: those that have rows of their own, and those that are one exchange each, of which what is
 * asked for stands in the columns of that exchange.
 */
import { chainOf } from "../fact/chain.ts";
import { SLOTS } from "./place.ts";
import { standing } from "./run-conditions.ts";

const AT = `place / ${SLOTS}`;
const END = `${AT} + coalesce(duration_ms, 0)`;
/** In the order of the table, not of who asked: the newest are its end. */
const ALONE = `(select place, '${chainOf("")}' || id as id, ${AT} as at, ${END} as last_at, 'done' as state, ${END} as since,
    nullif(alone, '') as agent, null as name, json_array(coalesce(model, dialect, '')) as models, '[]' as servers, '[]' as tools,
    '[]' as rules, coalesce(tokens_in, 0) as tokens_in, coalesce(tokens_out, 0) as tokens_out,
    coalesce(tokens_cached, 0) as tokens_cached, round(coalesce(cost, 0), 9) as cost, 1 as steps, 0 as errors, 0 as problems,
    null as row
  from exchanges not indexed where alone is not null)`;
const KEPT = `(select place, id, at, last_at, state, since, agent, name, models, servers, tools, rules, tokens_in, tokens_out,
    tokens_cached, cost, steps, errors, problems, row from runs)`;

/** As a table, without what they do at this moment. */
export const ALL_RUNS = `(select * from ${KEPT} union all select * from ${ALONE})`;

const stands = (rows: string) => standing(rows, "id in (select value from json_each(?))", "?");

/** Rows as `r`, with what they do at this moment: see `standing`. */
export const EVERY = stands(ALL_RUNS);
/** Each by itself is in the order of time without being sorted. */
export const EACH = [stands(KEPT), stands(ALONE)] as const;

/** How many there are. */
export const COUNTED =
  "select (select count(*) from runs) + (select count(*) from exchanges where alone is not null) as n";
