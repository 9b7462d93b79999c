/** The glossary as a text: complete in both languages, short, and every entry findable under its own names. */
import { describe, expect, test } from "bun:test";
import { explain, explainBody, explainValue, isOwn, sameAs } from "./explain.ts";
import { glossary } from "./glossary.ts";

const CJK = /[\u3400-\u9fff]/;
const keysOf = (entries: readonly { key: string }[]) => entries.map(({ key }) => key);

describe("the table", () => {
  test("has at least 250 entries, each with a key of its own", () => {
    const keys = keysOf(glossary);
    expect(keys.length).toBeGreaterThanOrEqual(250);
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
  });

  test("says everything in English and in Chinese, in one or two sentences", () => {
    const wrong = glossary.filter(
      ({ en, zh }) => CJK.test(en) || !CJK.test(zh) || en.length > 260 || zh.length > 130 || en.length < 12,
    );
    expect(keysOf(wrong)).toEqual([]);
    expect(keysOf(glossary.filter(({ en, zh }) => !/[.?!]$/.test(en) || !/[。？！]$/.test(zh)))).toEqual([]);
    expect(keysOf(glossary.filter(({ zh }) => /[\u3400-\u9fff][,;:?!(]/.test(zh)))).toEqual([]);
  });

  test("names the document that defines it", () => {
    expect(keysOf(glossary.filter(({ source }) => !/^https:\/\/[\w.-]+\.[a-z]+\/\S*$/.test(source)))).toEqual(
      [],
    );
  });

  test("no name is explained twice in the same place", () => {
    const places = glossary.flatMap((entry) =>
      entry.where.flatMap((where) =>
        entry.at.map((at) => `${where} ${entry.kind} ${at} ${entry.side ?? ""}`),
      ),
    );
    expect(places.filter((place, i) => places.indexOf(place) !== i)).toEqual([]);
  });

  test("a concept that is the same elsewhere has at least two entries", () => {
    expect(keysOf(glossary.filter((entry) => entry.same && sameAs(entry).length === 0))).toEqual([]);
  });
});

describe("explain", () => {
  test("headers, whatever their case, and families of headers", () => {
    expect(explain("openai-chat", "Content-Type")?.key).toBe("any header content-type");
    expect(explain("openai-chat", "x-stainless-retry-count")?.key).toBe("any header x-stainless-retry-count");
    expect(explain("openai-chat", "X-Stainless-Helper-Method")?.key).toBe("any header x-stainless-*");
    expect(explain("openai-chat", "x-nobody-knows")).toBeNull();
    expect(explain("mcp", "header:data")).toBeNull();
  });

  test("the name of a value or of a prototype's member is not mistaken for an entry", () => {
    for (const name of ["constructor", "__proto__", "toString", "", "."]) {
      expect(explain(name, "content-type")?.kind).toBe("header");
      expect(explain("openai-chat", name)).toBeNull();
      expect(explainBody("openai-chat", "request", name)).toBeNull();
    }
  });
});

test("sameAs joins a concept across dialects", () => {
  const at = (dialect: string, path: string) => explainBody(dialect, "request", path);
  const limit = at("openai-chat", "max_tokens");
  expect(limit?.same).toBe("max-output");
  const others = limit ? sameAs(limit) : [];
  expect(others).not.toContain(limit);
  for (const other of [
    at("openai-chat", "max_completion_tokens"),
    at("openai-responses", "max_output_tokens"),
    at("anthropic-messages", "max_tokens"),
    at("gemini", "generationConfig.maxOutputTokens"),
    at("bedrock-converse", "inferenceConfig.maxTokens"),
    at("ollama", "options.num_predict"),
    at("mcp", "params.maxTokens"),
  ])
    expect(others as unknown[]).toContain(other);
});

describe("explainBody", () => {
  test("the longest end of a path decides, whatever the indices", () => {
    const at = (path: string) => explainBody("openai-chat", "stream", path)?.key;
    expect(at("choices[0].delta.tool_calls[2].function.arguments")).toBe(
      "openai-chat field choices[].delta.tool_calls[].function.arguments",
    );
    expect(at("$.choices[0].delta.content")).toBe("openai-chat field choices[].delta.content");
    expect(at("choices")).toBe(at("choices[0]"));
    expect(at("nobody.knows")).toBeUndefined();
  });

  test("a name at the root is not that name deeper down", () => {
    expect(explainBody("openai-chat", "request", "metadata")).not.toBeNull();
    expect(explainBody("openai-chat", "request", "messages[0].metadata")).toBeNull();
  });

  test("the user's own names are not explained, schemas are", () => {
    const at = (path: string) =>
      explainBody("openai-chat", "request", `tools[0].function.parameters.${path}`)?.key;
    expect(at("properties")).toBe("json-schema field properties");
    expect(at("properties.type")).toBeUndefined();
    expect(at("properties.type.type")).toBe("json-schema field type");
    expect(at("properties.list.items.properties.required.enum")).toBe("json-schema field enum");
    expect(at("properties.list.default.type")).toBeUndefined();
    expect(isOwn("openai-chat", "request", "tools[0].function.parameters.properties.model")).toBe(true);
    expect(isOwn("openai-chat", "request", "metadata.model")).toBe(true);
    expect(isOwn("openai-chat", "request", "tools[0].function.parameters")).toBe(false);
  });

  test("a value with a meaning of its own has an entry of its own", () => {
    const value = (word: unknown) =>
      explainValue("openai-chat", "response", "choices[1].finish_reason", word);
    expect(value("length")?.same).toBe("stopped-length");
    expect([value("banana"), value(null), value({})]).toEqual([null, null, null]);
  });
});
