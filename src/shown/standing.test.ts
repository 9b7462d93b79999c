import { expect, test } from "bun:test";
import { exchangeRow } from "../index/contract-rows.testkit.ts";
import { standing } from "./standing.ts";

test("what is in flight waits, has its first byte, or streams", () => {
  const words = (about: Parameters<typeof exchangeRow>[1]) => standing(exchangeRow(1, about)).word;
  expect(words({ state: "waiting", ttft_ms: null })).toBe("waiting");
  expect(words({ state: "streaming", ttft_ms: null })).toBe("first-byte");
  expect(words({ state: "streaming", ttft_ms: 120 })).toBe("streaming");
  // No model's answer has a first token: bytes are all that come.
  expect(words({ state: "streaming", ttft_ms: null, dialect: null })).toBe("streaming");
  expect(words({ state: "streaming", ttft_ms: null, responses: 2 })).toBe("streaming");
  expect(words({ state: "streaming", ttft_ms: null, socket: "one", n: 1 })).toBe("streaming");
});
