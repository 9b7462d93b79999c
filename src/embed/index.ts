/** What other programs import: `import { recordedProxy, recordedFetch } from "mcp-proxy-logger"`. See docs/elysia.md. */
export { recordedFetch, type RecordedFetch } from "./fetch.ts";
export { recordedProxy, type RecordedProxyOptions } from "./proxy.ts";
export { recorderOf, type Recorder, type RecorderOptions } from "./recorder.ts";
