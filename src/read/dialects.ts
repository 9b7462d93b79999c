/** Every dialect. The highest bid reads; among equal bids the first in this list. `raw` takes what nobody wants. */
import type { Dialect } from "./dialect.ts";
import { openaiChat } from "./dialects/openai-chat.ts";
import { raw } from "./dialects/raw.ts";

export const dialects: readonly Dialect[] = [openaiChat, raw];
