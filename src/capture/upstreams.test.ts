import { expect, test } from "bun:test";
import { joinPaths, routeTo, splitPath, type Upstream } from "./upstreams.ts";

const upstream = (url: string | null, name = "x"): Upstream => ({
  name,
  url,
  keyHeader: "bearer",
  key: null,
});

test.each([
  ["/v1/chat", null, null, "/v1/chat"],
  ["/@openai/v1/chat", "openai", null, "/v1/chat"],
  ["/@OpenAI", "openai", null, ""],
  ["/@openai?x=1", "openai", null, "?x=1"],
  ["/@azure:my-res/openai/x", "azure", "my-res", "/openai/x"],
  ["/@mcp/weather", "mcp/weather", null, ""],
  ["/@MCP/Weather", "mcp/weather", null, ""],
  ["/@mcp/weather/sse?x", "mcp/weather", null, "/sse?x"],
  ["/.well-known/a/@openai", null, null, "/.well-known/a/@openai"],
  ["/a/@openai", null, null, "/a/@openai"],
  ["//@openai", null, null, "//@openai"],
])("%s", (path, name, resource, rest) => {
  expect(splitPath(path)).toEqual({ name, resource, rest });
});

test.each([
  ["/api/v1", "/v1/models", "/api/v1/models"],
  ["/api/v1", "/models", "/api/v1/models"],
  ["/v1", "/v1", "/v1"],
  ["/v1", "/v1?a=1", "/v1?a=1"],
  ["/v1", "/v10/x", "/v1/v10/x"],
  ["/v1beta", "/v1beta/models", "/v1beta/models"],
  ["", "/v1/models", "/v1/models"],
  ["", "", "/"],
  ["/v1", "", "/v1"],
  ["", "?x", "/?x"],
  ["/v1", "//a", "/v1//a"],
  ["/openai/v1", "/openai/v1/models", "/openai/v1/models"],
  ["/a/openai/v1", "/openai/v1?x", "/a/openai/v1?x"],
  ["/openai/v1", "/openai/v10/models", "/openai/v1/openai/v10/models"],
  ["/mcp", "/mcp/x", "/mcp/mcp/x"],
])("%s and %s is %s", (base, rest, path) => {
  expect(joinPaths(base, rest)).toBe(path);
});

test("a route says where to connect and what to ask", () => {
  expect(
    routeTo(upstream("https://openrouter.ai/api/v1"), { resource: null, rest: "/v1/x%2F?a" }),
  ).toMatchObject({
    protocol: "https:",
    host: "openrouter.ai",
    port: 443,
    path: "/api/v1/x%2F?a",
    target: "https://openrouter.ai/api/v1/x%2F?a",
  });
  expect(routeTo(upstream("http://[::1]:11434"), { resource: null, rest: "/api" })).toMatchObject({
    host: "::1",
    port: 11434,
  });
});

test("a resource is a name of Azure's and nothing else", () => {
  expect(routeTo(upstream(null, "azure"), { resource: "my-res", rest: "/openai" })).toMatchObject({
    host: "my-res.openai.azure.com",
  });
  for (const resource of ["evil.com#", "a/b", "a.b", ""])
    expect(routeTo(upstream(null, "azure"), { resource, rest: "/" })).toBeString();
  expect(routeTo(upstream("http://x", "openai"), { resource: "evil", rest: "/" })).toBeString();
  expect(routeTo(upstream(null, "azure"), { resource: null, rest: "/" })).toBeString();
});

test.each([
  ["https://x/mcp?key=1", "", "/mcp?key=1"],
  ["https://x/mcp?key=1", "/sse?a=2", "/mcp/sse?a=2&key=1"],
])("%s and %s is %s: the query of the server's own URL goes with it", (url, rest, path) => {
  expect(routeTo(upstream(url), { resource: null, rest })).toMatchObject({
    path,
    target: `https://x${path}`,
  });
});

test.each([
  [
    "https://x/mcp",
    "/.well-known/oauth-protected-resource/@mcp/a",
    "/.well-known/oauth-protected-resource/mcp",
  ],
  ["https://x", "/.well-known/oauth-protected-resource/@mcp/a", "/.well-known/oauth-protected-resource"],
  [
    "https://x/mcp",
    "/.well-known/openid-configuration/@mcp/a/b?c",
    "/.well-known/openid-configuration/mcp/b?c",
  ],
  ["https://x/mcp", "/@mcp/a/.well-known/openid-configuration", "/mcp/.well-known/openid-configuration"],
])("what is well known of %s is asked at its own place (%s)", (url, asked, path) => {
  const split = splitPath(asked);
  expect(split.name).toBe("mcp/a");
  expect(routeTo(upstream(url), split)).toMatchObject({ path });
});

test("a run in the path is for the record alone: what is asked is asked without it", () => {
  expect(splitPath("/@run:r-1.a/@openai/v1/models?x=1")).toEqual({
    name: "openai",
    resource: null,
    rest: "/v1/models?x=1",
    run: "r-1.a",
  });
  expect(splitPath("/@run:r1/v1/models")).toMatchObject({ name: null, rest: "/v1/models", run: "r1" });
  expect(splitPath("/@run:r1/@mcp/weather")).toMatchObject({ name: "mcp/weather", run: "r1" });
  expect(splitPath("/@run:new/@run:old/@demo/v1")).toMatchObject({ name: "demo", rest: "/v1", run: "new" });
  expect(splitPath("/@run:a%2Fb/@demo/v1").run).toBeUndefined();
});
