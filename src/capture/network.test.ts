import { expect, test } from "bun:test";
import { createNetwork, ownHosts } from "./network.ts";

const to = (url: string) => {
  const { protocol, hostname, port } = new URL(url);
  return {
    protocol: protocol as "http:" | "https:",
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port || (protocol === "https:" ? 443 : 80)),
  };
};

test("HTTPS_PROXY is for https, HTTP_PROXY for http, neither for this machine", () => {
  const { proxyFor } = createNetwork({ http: "plain:3128", https: "http://tls:3129", no: [] }, false);
  const asked = [
    "https://api.openai.com",
    "http://a.b",
    "http://localhost:1",
    "https://127.0.0.1",
    "http://[::1]:9",
  ];
  expect(asked.map((url) => proxyFor(to(url))?.href ?? null)).toEqual([
    "http://tls:3129/",
    "http://plain:3128/",
    null,
    null,
    null,
  ]);
});

test.each([
  ["*", "https://a.b", true],
  ["a.b", "https://a.b", true],
  ["a.b", "https://x.a.b", true],
  [".a.b", "https://x.a.b", true],
  ["*.a.b", "https://x.a.b", true],
  ["A.B", "https://a.b", true],
  ["a.b:8443", "https://a.b:8443", true],
  ["a.b:8443", "https://a.b", false],
  ["b", "https://ab", false],
  ["10.0.0.1", "https://10.0.0.1", true],
])("NO_PROXY=%s for %s", (rule, url, exempt) => {
  const { proxyFor } = createNetwork({ http: null, https: "http://p", no: [rule] }, false);
  expect(proxyFor(to(url)) === null).toBe(exempt);
});

test("only names of this machine, and those that were allowed, are its own", () => {
  const own = ownHosts(["Box.lan"]);
  const hosts = ["localhost:8000", "127.0.0.1", "127.9.9.9:1", "[::1]:8000", "x.localhost", "box.lan:80"];
  expect(hosts.map(own)).toEqual(hosts.map(() => true));
  const others = [
    "",
    "evil.com",
    "localhost.evil.com",
    "127.0.0.1.evil.com",
    "0.0.0.0",
    "192.168.0.2",
    "box.lan.evil",
    "::1",
    "::1:8000",
    "localhost:8000:9",
    "localhost:8000@evil.com",
    "localhost.",
    "[::1]evil.com",
  ];
  expect(others.map(own)).toEqual(others.map(() => false));
});
