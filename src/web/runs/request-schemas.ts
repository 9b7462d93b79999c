/** What is made of requests, as the API describes it: differences, why a cache missed, where tokens come from. */
import { t } from "elysia";

const nullable = <T extends Parameters<typeof t.Union>[0][number]>(schema: T) => t.Union([schema, t.Null()]);
const number = nullable(t.Number());
const text = nullable(t.String());
const oneOf = <const T extends string[]>(...words: T) => t.UnionEnum(words as unknown as [T[0], ...T]);

export const stretches = t.Array(t.Object({ kind: oneOf("same", "gone", "new"), text: t.String() }));

export const change = t.Object({
  where: t.String(),
  kind: oneOf("added", "removed", "changed"),
  before: t.Unknown(),
  after: t.Unknown(),
});

export const requestDiffed = t.Object({
  model: nullable(t.Object({ before: text, after: text })),
  settings: t.Array(change),
  system: nullable(stretches),
  tools: t.Array(
    t.Object({
      name: t.String(),
      kind: oneOf("added", "removed", "changed", "moved"),
      changes: t.Array(change),
      description: nullable(stretches),
    }),
  ),
  messages: t.Object({
    kept: t.Number({ description: "How many stand at the beginning of both" }),
    changes: t.Array(
      t.Object({
        place: t.Number(),
        kind: oneOf("added", "removed", "changed"),
        role: t.String(),
        text: stretches,
      }),
    ),
  }),
});

export const cacheMissed = t.Object({
  read: number,
  written: number,
  reusable: number,
  hit: oneOf("all", "some", "none", "unknown"),
  provider: nullable(
    t.Object({ reason: t.String(), tokens: number }, { description: "The provider's own word" }),
  ),
  ours: nullable(t.Object({ reason: t.String(), what: t.String() }, { description: "What we find" })),
  agree: nullable(t.Boolean()),
});

export const ledger = t.Object({
  input: t.Number(),
  sum: oneOf("provider", "estimated"),
  shares: t.Literal("by characters"),
  cached: number,
  entries: t.Array(t.Object({ kind: t.String(), name: t.String(), chars: t.Number(), tokens: t.Number() })),
  output: t.Object({ total: number, reasoning: number }),
});

export const exposure = t.Object({
  servers: t.Array(
    t.Object({
      server: t.String({ description: "Empty for the host's own tools" }),
      session: text,
      tokens: t.Number(),
      tools: t.Array(
        t.Object({
          tool: t.String(),
          as: nullable(t.String({ description: "As the model knows it" })),
          state: oneOf("given", "changed", "deferred", "missing", "unlisted"),
          changes: t.Array(change),
          tokens: t.Number(),
          calls: t.Number(),
        }),
      ),
    }),
  ),
  tokens: t.Number(),
  deferral: t.Boolean(),
});

export const pulled = t.Array(
  t.Object({
    server: t.String(),
    session: t.String(),
    since: t.String({ description: "The session of the same server with which it was compared" }),
    tools: t.Array(t.Object({ tool: t.String(), changes: t.Array(change) })),
  }),
  { description: "Tools that a server describes otherwise than in its session before" },
);
