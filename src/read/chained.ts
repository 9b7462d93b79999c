/**
 * Requests that bring only what is new, since the API keeps what came before under an id: what they do not say again is
 * neither gone nor changed.
 */
import { without, type Json } from "./json.ts";

const NAMES = ["previous_response_id", "previous_interaction_id", "conversation"];

export function isChained(settings: Json): boolean {
  return NAMES.some((name) => settings[name] !== undefined && settings[name] !== null);
}

/** What steers the answer, without the way to what came before. */
export function ownSettings(settings: Json): Json {
  return without(settings, ...NAMES);
}
