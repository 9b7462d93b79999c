/** What went wrong with the record, in sentences: what waits, what was lost, and that the traffic was not affected. */
export type Wrong = {
  readonly faults: readonly string[];
  /** What the disk says to the index, and to the files, while it refuses. */
  readonly index: string | null;
  readonly disk: string | null;
  readonly waiting: number;
  readonly stripped: { readonly exchanges: number; readonly bytes: number };
  readonly missed: number;
  readonly beheaded: number;
};

export function recorderWarnings(wrong: Wrong): string[] {
  const { faults, index, disk, waiting, stripped, missed, beheaded } = wrong;
  const warnings = [...faults];
  if (index) warnings.push(`the index cannot be written (${index}): the files are; it is tried again`);
  if (disk)
    warnings.push(
      `the log folder cannot be written (${disk}): ${waiting} exchanges wait; traffic is not affected`,
    );
  const { exchanges, bytes } = stripped;
  if (exchanges > 0)
    warnings.push(
      `${bytes} bytes of ${exchanges} exchanges were not kept while the log folder could not be written; traffic was not affected`,
    );
  if (missed > 0)
    warnings.push(`${missed} batches of facts could not be read from the spool; traffic was not affected`);
  if (beheaded > 0)
    warnings.push(
      `${beheaded} exchanges were not recorded: their beginning was lost; traffic was not affected`,
    );
  return warnings;
}
