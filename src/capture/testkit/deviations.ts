/** What a kind of wire cannot promise: its tests are passed over, and stand in the output with the reason. */
import { expect, test } from "bun:test";

/** The reason by the name of the test, or by its beginning and `…`. */
export type Deviations = Readonly<Record<string, string>>;

type Body = () => void | Promise<void>;

export type Promises = {
  (name: string, body: Body): void;
  each<Case extends readonly unknown[]>(
    cases: readonly Case[],
  ): (name: string, body: (...one: Case) => void | Promise<void>) => void;
};

/** `every`: called when all promises were made; a deviation that names none of them is none any more. */
export function promises(deviations: Deviations): { promise: Promises; every: () => void } {
  const unused = new Set(Object.keys(deviations));
  const promise = (name: string, body: Body) => {
    const key = Object.keys(deviations).find((one) =>
      one.endsWith("…") ? name.startsWith(one.slice(0, -1)) : name === one,
    );
    if (key === undefined) return test(name, body);
    unused.delete(key);
    test.skip(`${name} (deviates: ${deviations[key]})`, body);
  };
  const each: Promises["each"] = (cases) => (name, body) => {
    for (const one of cases) promise(name.replace("%s", String(one[0])), () => body(...one));
  };
  const every = () => {
    if (Object.keys(deviations).length > 0)
      test("every deviation is one of a promise", () => expect([...unused]).toEqual([]));
  };
  return { promise: Object.assign(promise, { each }), every };
}
