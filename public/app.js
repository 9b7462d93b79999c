// Starts the islands of the view that the server rendered.
import "./feed.js";
import { startActions } from "./actions.js";
import { startKeys } from "./keys.js";
import { startTabs } from "./tabs.js";
import { startStatus } from "./status.js";

const view = document.querySelector("main.view")?.dataset.view;
const { startLlm } = view === "llm" ? await import("./llm.js") : {};
const { startMcp } = view === "mcp" ? await import("./mcp.js") : {};
const screen = startLlm?.() ?? startMcp?.() ?? {};

startActions(screen);
startKeys(screen);
startTabs();
startStatus();
