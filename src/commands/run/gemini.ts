/**
 * Gemini CLI: variables are enough for its API. For its MCP servers it has no option for one run: settings of the
 * machine, which a variable can point elsewhere, count only in folders that are an administrator's.
 */
import { join } from "node:path";
import { addressesIn, envFile, upwards } from "./env-files.ts";
import { canRecord, nothing, object, overHttp, readHost, settingsIn, type Asked, type Help } from "./help.ts";
import { tapEnd } from "../wire/entry.ts";
import { isTrusted } from "./trusted-folders.ts";

const VARIABLE = "GOOGLE_GEMINI_BASE_URL";

export function gemini({ places, environment, tap }: Asked): Help {
  const home = join(places.home, ".gemini");
  const settings = settingsIn(join(home, "settings.json"));
  // One file alone is read: the nearest, and where there is none, the user's.
  const near = upwards(places.cwd).flatMap((folder) => [
    join(folder, ".gemini", ".env"),
    join(folder, ".env"),
  ]);
  const file = [...near, join(home, ".env"), join(places.home, ".env")]
    .map(envFile)
    .find((each) => each !== null);
  const [said] = addressesIn([file ?? null], environment, [VARIABLE]);
  // In a folder that the user does not trust it takes no address from a file, and which one it trusts it asks at its start.
  const byVariable = environment["GEMINI_CLI_TRUST_WORKSPACE"] === "true" ? "yes" : null;
  const trusted = byVariable ?? isTrusted(settings, home, places.cwd, "on");
  return {
    ...nothing,
    own: said && trusted === "yes" ? { [VARIABLE]: said.url } : {},
    unset: said && trusted === "asked" ? [VARIABLE] : [],
    unrecorded: [
      ...(said && trusted === "asked"
        ? [
            `${VARIABLE} stands in ${said.path}, which counts once you trust this folder: what is asked there is not recorded. Trust it first, or set ${VARIABLE} in the environment`,
          ]
        : []),
      ...signedIn(settings, environment),
      ...serversOf(places, tap !== null),
    ],
  };
}

/** With these ways to sign in it asks other addresses. */
function signedIn(settings: Record<string, unknown>, environment: NodeJS.ProcessEnv): string[] {
  const type = object(object(settings["security"])["auth"])["selectedType"];
  if (type === "oauth-personal" || environment["GOOGLE_GENAI_USE_GCA"] === "true")
    return [
      "signed in with Google, Gemini CLI asks another address, which is not recorded; with a GEMINI_API_KEY it is",
    ];
  if (type === "vertex-ai" || environment["GOOGLE_GENAI_USE_VERTEXAI"] === "true")
    return ["Gemini CLI asks Vertex AI, which is not recorded; with a GEMINI_API_KEY it is"];
  return [];
}

function serversOf(places: Asked["places"], recording: boolean): string[] {
  if (!recording) return [];
  const files = [places.home, places.cwd].map((folder) =>
    readHost("gemini", join(folder, ".gemini", "settings.json")),
  );
  const names = files
    .flatMap((file) =>
      (file?.entries ?? []).filter((entry) => canRecord(entry) && tapEnd(entry.command) === null),
    )
    .map(({ name }) => name);
  const far = overHttp(
    "gemini",
    files.flatMap((file) => file?.entries ?? []),
  );
  return [
    ...(names.length === 0
      ? []
      : [`MCP servers not recorded: ${names.join(", ")}; \`wire gemini\` records them`]),
    ...far,
  ];
}
