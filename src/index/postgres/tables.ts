/** Version 1 of the store: its tables. What is asked for by filters is a column; rows are JSON as text, exact to the letter. */

/** Columns that a filter reads stay in the row; the words and the list's row lie out of line. */
const INLINE =
  "project id recorder person host ending dialect model upstream provider client method path conversation parent run tools rules expert has".split(
    " ",
  );

export const TABLES = `
  -- Rows are put whole, and replaced by their own recorder alone. Names that nobody gave are null.
  create table mcpl.exchange (
    project text collate "C" not null, id text collate "C" not null, started bigint not null,
    recorder text, person text, host text,
    status double precision, ending text, dialect text, model text, upstream text, provider text, client text,
    method text, path text, conversation text, turn double precision, parent text, run text,
    ttft_ms double precision, duration_ms double precision, tokens_in double precision, tokens_out double precision,
    tokens_cached double precision, cost double precision, problems double precision not null default 0,
    tools text[] not null default '{}', rules text[] not null default '{}', expert text[] not null default '{}', has text[] not null default '{}',
    words tsvector, row text not null,
    primary key (project, started, id)
  ) partition by range (started);
  ${INLINE.map((name) => `alter table mcpl.exchange alter column ${name} set storage main;`).join("\n  ")}
  create index exchange_id on mcpl.exchange (project, id);
  create index exchange_words on mcpl.exchange using gin (words);
  create index exchange_conversation on mcpl.exchange (project, conversation) where conversation is not null;
  -- What no clock should say: before 2015, and from 2100 on.
  create table mcpl.exchange_early partition of mcpl.exchange for values from (minvalue) to (1420070400000);
  create table mcpl.exchange_late partition of mcpl.exchange for values from (4102444800000) to (maxvalue);

  -- Of each recorder its own lines: nobody waits for another's. Kept by triggers. kind: exchange (of a day), session, message.
  create table mcpl.tally (
    project text collate "C" not null, recorder text collate "C" not null, kind text collate "C" not null, day bigint not null,
    n double precision not null, primary key (project, recorder, kind, day)
  );
  create table mcpl.facet (
    project text collate "C" not null, recorder text collate "C" not null, kind text collate "C" not null, value text collate "C" not null,
    n double precision not null, primary key (project, recorder, kind, value)
  );

  create table mcpl.session (
    project text collate "C" not null, id text collate "C" not null, recorder text, person text, host text, at double precision not null,
    name text not null, row text not null, primary key (project, id)
  );
  create index session_at on mcpl.session (project, at, id);
  create table mcpl.message (
    project text collate "C" not null, session text collate "C" not null, seq bigint not null, recorder text, at double precision not null,
    line text not null,
    -- Of a long line, of which only the outline is here: where it stands in its session's body.
    place bigint, size bigint, primary key (project, session, seq)
  );

  -- maker 0: as its recorder made it; 1: joined over recorders, which wins. Without a row it is known to be gone.
  create table mcpl.run (
    project text collate "C" not null, id text collate "C" not null, maker smallint not null, recorder text, person text, host text,
    at double precision not null, row text, primary key (project, id)
  );
  create index run_at on mcpl.run (project, at, id);
  create table mcpl.step (
    project text collate "C" not null, id text collate "C" not null, run text collate "C" not null, at double precision not null, exchange text collate "C", seen text collate "C",
    treated boolean not null, row text not null, primary key (project, id)
  );
  create index step_run on mcpl.step (project, run, at, id);
  create index step_exchange on mcpl.step (project, exchange) where exchange is not null;
  create index step_seen on mcpl.step (project, seen) where seen is not null;
  create index step_treated on mcpl.step (project, at) where treated;
  create table mcpl.tie (
    project text collate "C" not null, id text collate "C" not null, run text collate "C", row text not null, primary key (project, id)
  );
  create index tie_run on mcpl.tie (project, run);
  create table mcpl.run_of (
    project text collate "C" not null, exchange text collate "C" not null, run text collate "C" not null, primary key (project, exchange)
  );
  create index run_of_run on mcpl.run_of (project, run);

  -- Read in the order of transactions: of those that are not over yet nothing is read, so nothing is passed by.
  create table mcpl.evidence (
    project text collate "C" not null, source text collate "C" not null, part text collate "C" not null, kind text collate "C" not null, at double precision not null,
    recorder text, json text not null, seq bigint generated by default as identity,
    tx xid8 not null default pg_current_xact_id(), primary key (project, source, part)
  );
  create index evidence_tx on mcpl.evidence (tx, seq);

  -- The feed. A crash of the server may take it: every row is elsewhere too.
  create unlogged table mcpl.frame (
    seq bigint primary key, project text collate "C" not null, topic text, at timestamptz not null default clock_timestamp(),
    frame text not null
  );
  create index frame_at on mcpl.frame (at);
  create sequence mcpl.frame_seq;

  create table mcpl.token (
    hash bytea primary key, kind text collate "C" not null check (kind in ('recorder', 'page')), name text not null,
    projects text[] not null, made timestamptz not null default now(), revoked timestamptz
  );
  create table mcpl.audit (
    at timestamptz not null default now(), page text not null, visitor text not null, what text not null, id text collate "C" not null
  );
  create index audit_at on mcpl.audit (at);
  -- What was deleted stays deleted, whoever ships it again: of a person or of all, of a project or of all, begun before.
  create table mcpl.forgotten (
    at timestamptz not null default now(), project text collate "C", person text, before bigint not null,
    exchanges double precision not null, sessions double precision not null
  );
`;
