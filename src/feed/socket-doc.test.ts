/** What a listener may be told stands in the document of the socket. */
import { expect, test } from "bun:test";
import { Frame, Together } from "../fact/frame.ts";

test("docs/socket.md names every frame that there is", async () => {
  const read = (path: string) => Bun.file(new URL(path, import.meta.url)).text();
  const types = [...Frame.anyOf, Together].map(({ properties }) => properties.type.const);
  const doc = await read("../../docs/socket.md");
  expect(types.length).toBeGreaterThan(12);
  expect([...new Set(types)].filter((type) => !doc.includes(`\`${type}\``))).toEqual([]);
});
