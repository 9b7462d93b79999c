// Starts the islands of the view that the server rendered. All are imported here: a page has all of them or none.
import { startActions } from "./actions.js";
import { startKeys } from "./keys.js";
import { startLlm } from "./llm.js";
import { startMcp } from "./mcp.js";
import { startStatus } from "./status.js";
import { startTabs } from "./tabs.js";

const views = { llm: startLlm, mcp: startMcp };
const screen = views[document.querySelector("main.view").dataset.view]();

startActions(screen);
startKeys(screen);
startTabs();
startStatus();
