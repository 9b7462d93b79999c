/** `bun run fuzz [MINUTES] [SEED] [DOOR]`: hostile input at every door, or one, for so long (an hour is an evening's work; one by itself). */
import { fuzz, inWords } from "./fuzzing.ts";

const minutes = Number(process.argv[2] ?? 1);
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000_000);
if (!(minutes > 0) || !Number.isSafeInteger(seed)) {
  process.stderr.write("usage: bun run fuzz [MINUTES] [SEED] [DOOR]\n");
  process.exit(2);
}
const until = Date.now() + minutes * 60_000;
process.stdout.write(`${minutes} minutes with the seed ${seed}\n`);
const { rounds, findings, waited, mostMemory } = await fuzz({
  seed,
  door: process.argv[4] ?? "",
  goesOn: () => Date.now() < until,
  told: (line) => process.stdout.write(`${line}\n`),
});
for (const { round, door, what } of findings)
  process.stdout.write(`FOUND in round ${round}, ${door}: ${what}\n`);
process.stdout.write(
  `${rounds} rounds, ${findings.length} findings; another client's ${inWords(waited)}, at most ${mostMemory} MB above rest\n`,
);
process.exit(findings.length > 0 ? 1 : 0);
