/** Values with counts, as an index keeps them by kind. */
import type { Facets } from "./index.ts";

export function facetsOf(all: readonly { kind: string; value: string; count: number }[]): Facets {
  const values = (wanted: string) =>
    all.filter(({ kind }) => kind === wanted).map(({ value, count }) => ({ value, count }));
  return {
    model: values("model"),
    dialect: values("dialect"),
    upstream: values("upstream"),
    status: values("status"),
    client: values("client"),
    tool: values("tool"),
    problem: values("problem"),
    expert: values("expert"),
  };
}
