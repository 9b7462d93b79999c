import { expect, test } from "bun:test";

test("docs/socket.md names every frame that there is", async () => {
  const read = (path: string) => Bun.file(new URL(path, import.meta.url)).text();
  const types = [...(await read("feed.ts")).matchAll(/type: "([a-z.]+)"/g)].map(([, type]) => type!);
  const doc = await read("../../docs/socket.md");
  expect(types.length).toBeGreaterThan(12);
  expect([...new Set(types)].filter((type) => !doc.includes(`\`${type}\``))).toEqual([]);
});
