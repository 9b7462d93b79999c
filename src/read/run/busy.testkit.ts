/** Two agents on one weather server, as evidence. Only tests use it. */
import { excerpt } from "./excerpt.ts";
import { model, type Piece, served, session } from "./written.testkit.ts";

export const paris = { city: "Paris" };
export const ask = (name = "mcp__weather__get_forecast", more: object = {}) => ({
  name,
  arguments: paris,
  ...more,
});
export const give = (id: string, at: number, more: object = {}) =>
  served({
    session: id,
    seq: 1,
    at,
    name: "get_forecast",
    arguments: paris,
    text: "18 degrees and sunny",
    ...more,
  });

/** A busy hour: two agents with sub-agents, retries, twins, refusals, calls of a person. */
export function busy(): Piece[] {
  const pieces: Piece[] = [session({ id: "s0", tools: ["get_forecast", "where"] }), session({ id: "s1" })];
  for (const who of [0, 1]) {
    for (let n = 0; n < 6; n++) {
      const id = `${who}-${n}`;
      const at = n * 1000 + who * 7;
      const before =
        n === 0
          ? {}
          : {
              after: `${who}-${n - 1}`,
              seen: [{ id: `c${who}-${n - 1}`, text: `answer ${who} of ${n - 1}` }],
            };
      pieces.push(
        model({
          id,
          at,
          ...before,
          asked: [
            ask("weather_get_forecast", { id: `c${id}`, ...(n % 3 === 0 && { arguments: { who, n } }) }),
            ...(n === 2 ? [ask("weather_get_forecast", { id: `d${id}` })] : []),
          ],
        }),
      );
      if (n === 4)
        pieces.push(
          model({
            id: `${id}r`,
            at: at - 50,
            request: `request ${id}`,
            status: 500,
            error: "no",
            ...(n > 0 && { after: `${who}-${n - 1}` }),
          }),
        );
      const args = n % 3 === 0 ? { who, n } : paris;
      pieces.push(
        give(`s${who}`, at + 120, { seq: n * 2 + 1, arguments: args, text: `answer ${who} of ${n}` }),
      );
    }
    pieces.push(give(`s${who}`, 50_000, { seq: 99, arguments: { by: "hand" } }));
  }
  pieces.push(model({ id: "sub", at: 210, openings: [excerpt("say hello to everybody").hash] }));
  return pieces;
}
