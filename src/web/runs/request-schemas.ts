/** What is made of requests, as the API describes it: differences, why a cache missed, where tokens come from. */
import { type TSchema, Type } from "@sinclair/typebox";

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const number = nullable(Type.Number());
const text = nullable(Type.String());
const oneOf = (...words: string[]) => Type.Union(words.map((word) => Type.Literal(word)));

export const stretches = Type.Array(Type.Object({ kind: oneOf("same", "gone", "new"), text: Type.String() }));

const change = Type.Object({
  where: Type.String(),
  kind: oneOf("added", "removed", "changed"),
  before: Type.Unknown(),
  after: Type.Unknown(),
});

export const requestDiffed = Type.Object({
  model: nullable(Type.Object({ before: text, after: text })),
  settings: Type.Array(change),
  system: nullable(stretches),
  tools: Type.Array(
    Type.Object({
      name: Type.String(),
      kind: oneOf("added", "removed", "changed", "moved"),
      changes: Type.Array(change),
      description: nullable(stretches),
    }),
  ),
  messages: Type.Object({
    kept: Type.Number({ description: "How many stand at the beginning of both" }),
    changes: Type.Array(
      Type.Object({
        place: Type.Number(),
        kind: oneOf("added", "removed", "changed"),
        role: Type.String(),
        text: stretches,
      }),
    ),
  }),
});

export const cacheMissed = Type.Object({
  read: number,
  written: number,
  reusable: number,
  hit: oneOf("all", "some", "none", "unknown"),
  provider: nullable(
    Type.Object({ reason: Type.String(), tokens: number }, { description: "The provider's own word" }),
  ),
  ours: nullable(
    Type.Object({ reason: Type.String(), what: Type.String() }, { description: "What we find" }),
  ),
  agree: nullable(Type.Boolean()),
});

export const ledger = Type.Object({
  input: Type.Number(),
  sum: oneOf("provider", "estimated"),
  shares: Type.Literal("by characters"),
  cached: number,
  entries: Type.Array(
    Type.Object({ kind: Type.String(), name: Type.String(), chars: Type.Number(), tokens: Type.Number() }),
  ),
  output: Type.Object({ total: number, reasoning: number }),
});

export const exposure = Type.Object({
  servers: Type.Array(
    Type.Object({
      server: Type.String({ description: "Empty for the host's own tools" }),
      session: text,
      tokens: Type.Number(),
      tools: Type.Array(
        Type.Object({
          tool: Type.String(),
          as: nullable(Type.String({ description: "As the model knows it" })),
          state: oneOf("given", "changed", "deferred", "missing", "unlisted"),
          changes: Type.Array(change),
          tokens: Type.Number(),
          calls: Type.Number(),
        }),
      ),
    }),
  ),
  tokens: Type.Number(),
  deferral: Type.Boolean(),
});

export const pulled = Type.Array(
  Type.Object({
    server: Type.String(),
    session: Type.String(),
    since: Type.String({ description: "The session of the same server with which it was compared" }),
    tools: Type.Array(Type.Object({ tool: Type.String(), changes: Type.Array(change) })),
  }),
  { description: "Tools that a server describes otherwise than in its session before" },
);
