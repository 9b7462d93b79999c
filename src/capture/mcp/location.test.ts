import { expect, test } from "bun:test";
import { redirectedThroughUs } from "./location.ts";
import { routeTo, splitPath, type Upstream } from "../upstreams.ts";

const named = (name: string, url: string): Upstream => ({ name, url, keyHeader: "bearer", key: null });

/** What the client is told of a `Location`, and where that leads. */
function told(upstream: Upstream, path: string, location: string): [string, string] {
  const route = routeTo(upstream, splitPath(path));
  if (typeof route === "string") throw new Error(route);
  const [header] = redirectedThroughUs([["Location", location]], 307, path, route);
  const place = header?.[1] ?? "";
  const next = place.startsWith(`/@${upstream.name}`) ? routeTo(upstream, splitPath(place)) : place;
  return [place, typeof next === "string" ? next : next.target];
}

test.each([
  ["http://h/mcp", "/mcp/", "/@mcp/a/", "http://h/mcp/"],
  ["http://h/mcp", "http://h/mcp/x?y=1#z", "/@mcp/a/x?y=1#z", "http://h/mcp/x?y=1#z"],
  ["http://h/mcp", "//h/mcp/", "/@mcp/a/", "http://h/mcp/"],
  ["http://h/mcp", "x", "/@mcp/a/@/x", "http://h/x"],
  ["http://h/mcp/", "/mcp", "/@mcp/a/@/mcp", "http://h/mcp"],
  ["http://h/mcp", "/mcps", "/@mcp/a/@/mcps", "http://h/mcps"],
  ["http://h/v1", "/v1/v1/x", "/@mcp/a/@/v1/v1/x", "http://h/v1/v1/x"],
  ["http://h", "/", "/@mcp/a/", "http://h/"],
  ["http://h:80", "http://h/x", "/@mcp/a/x", "http://h/x"],
  ["http://localhost:9/mcp", "http://127.0.0.1:9/mcp/", "/@mcp/a/", "http://localhost:9/mcp/"],
  ["http://h/mcp?key=K&a=1", "/mcp/?b=2&key=K&a=1", "/@mcp/a/?b=2", "http://h/mcp/?b=2&key=K&a=1"],
])("an MCP server at %s that redirects to %s", (url, location, place, next) => {
  expect(told(named("mcp/a", url), "/@mcp/a", location)).toEqual([place, next]);
});

test.each([
  "https://h/mcp",
  "http://h:8080/mcp",
  "http://elsewhere/mcp",
  "//elsewhere/mcp",
  "/\\elsewhere/mcp",
  "http://u:p@h/mcp",
  "http://[",
  "mailto:a@b",
])("%s is another server's, and stays", (location) => {
  expect(told(named("mcp/a", "http://h/mcp"), "/@mcp/a", location)[0]).toBe(location);
});

test("a relative redirect of a named upstream stays with it, and none of the default's changes", () => {
  const openai = named("openai", "https://api.openai.com/v1");
  expect(told(openai, "/@openai/v1/a/b", "/v1/c")[1]).toBe("https://api.openai.com/v1/c");
  expect(told(openai, "/@OpenAI/a", "../../x")[0]).toBe("/@OpenAI/@/x");
  expect(told(openai, "/@openai/a", "https://api.openai.com/v1/c")[0]).toBe("https://api.openai.com/v1/c");
  expect(told(openai, "/a", "/v1/c")[0]).toBe("/v1/c");
});

test("a redirect stays in its run", () => {
  const mcp = named("mcp/a", "http://h/mcp");
  expect(told(mcp, "/@run:r-1/@mcp/a", "/mcp/")[0]).toBe("/@run:r-1/@mcp/a/");
  const openai = named("openai", "https://api.openai.com/v1");
  expect(told(openai, "/@run:r-1/@openai/a", "/v1/c")[0]).toBe("/@run:r-1/@openai/c");
  expect(told(openai, "/@run:r-1/v1", "/v1/c")[0]).toBe("/v1/c");
});

test("what is no redirect says what it says", () => {
  const route = routeTo(named("mcp/a", "http://h/mcp"), splitPath("/@mcp/a"));
  if (typeof route === "string") throw new Error(route);
  const headers = [["Location", "/made"]] as const;
  expect(redirectedThroughUs([...headers], 201, "/@mcp/a", route)).toEqual([...headers]);
});
