/** What every piece of the page gets: the words of one visitor, and the sources. */
import type { Status } from "../fact/frame.ts";
import type { Lang, T } from "./language.ts";
import type { Readings } from "./readings.ts";
import type { Sources } from "./sources.ts";

export type View = {
  readonly t: T;
  readonly lang: Lang;
  readonly sources: Sources;
  readonly see: Readings;
  /** Texts as the model wrote them, not as Markdown is read. */
  readonly as?: "source";
  /** As it was when the visitor asked. */
  readonly status: Status;
};
