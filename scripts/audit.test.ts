import { expect, test } from "bun:test";
import { registryIn, secondVerdict, verdictOf } from "./audit.ts";
import { installed, quickAudit, type Lock } from "./quick-audit.ts";

test("a hole fails, a registry without an answer is told, and nothing found is nothing found", () => {
  expect(verdictOf("No vulnerabilities found", 0)).toMatchObject({ code: 0 });
  expect(verdictOf("error: POST https://packages.example/advisories/bulk - 405\n", 1)).toEqual({
    code: 0,
    say: "audit: not checked, the registry gave no advisories (error: POST https://packages.example/advisories/bulk - 405)",
    isChecked: false,
  });
  const hole =
    "left-pad <1.0.0\n  high: it pads - https://github.com/advisories/GHSA-aaaa-bbbb-cccc\n1 vulnerability";
  expect(verdictOf(hole, 1)).toMatchObject({ code: 1 });
});

test("the older ways ask the registry that Bun has asked, under whatever path it lies", () => {
  const refused = "error: POST https://packages.example/npm/-/npm/v1/security/advisories/bulk - 405";
  expect(registryIn(`bun audit\n${refused}\n`)).toBe("https://packages.example/npm");
  expect(registryIn("error: it did not answer in time")).toBeNull();
});

const LOCK: Lock = {
  workspaces: { "": { dependencies: { pad: "1.0.0", "@x/y": "2.0.0" } } },
  packages: {
    pad: ["pad@1.0.0", "", { dependencies: { inner: "^1.0.0" } }],
    inner: ["inner@2.0.0", "", {}],
    "pad/inner": ["inner@1.5.0", "", {}],
    "@x/y": ["@x/y@2.0.0", "", { peerDependencies: { pad: "*" } }],
    tool: ["tool@9.0.0", "", {}],
  },
};
const hole = (more: object) => ({ severity: "high", title: "it pads", url: "https://x", ...more });

test("what the program is installed with is asked about: in the version that it gets, without the tools", () => {
  expect([...installed(LOCK)].map(([name, versions]) => [name, ...versions])).toEqual([
    ["pad", "1.0.0"],
    ["inner", "1.5.0"],
    ["@x/y", "2.0.0"],
  ]);
});

test.each([
  [
    "bulk",
    { pad: [hole({ vulnerable_versions: "<=1.0.0" })], inner: [hole({ vulnerable_versions: ">=2" })] },
  ],
  ["quick", { advisories: { 1: hole({ module_name: "pad", vulnerable_versions: "*" }) } }],
  ["audits", { advisories: { 1: hole({ module_name: "pad" }), 2: hole({ module_name: "tool" }) } }],
])("where %s answers, its advisories count", async (word, said) => {
  const answer = await quickAudit(LOCK, async (way) => {
    if (way.includes(word)) return said;
    throw new Error("405");
  });
  expect(secondVerdict(verdictOf("error: 405", 1), answer)).toMatchObject({
    code: 1,
    say: "audit: packages with known holes:\npad (high): it pads https://x",
  });
});

test("a light hole is none, and where no way answers nothing was checked, whatever came", async () => {
  const refused = verdictOf("error: 405", 1);
  const light = await quickAudit(LOCK, async () => ({ pad: [hole({ severity: "low" })] }));
  expect(secondVerdict(refused, light)).toEqual({
    code: 0,
    say: "audit: no known hole in any package",
    isChecked: true,
  });
  for (const odd of [null, [], "x", { error: "no" }, { pad: 1 }]) {
    const { isChecked, say } = secondVerdict(refused, await quickAudit(LOCK, async () => odd));
    expect([isChecked, say.split("\n").length]).toEqual([false, 4]);
  }
});
