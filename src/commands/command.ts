/** What a command is to the command line: a sentence for `help`, and the function that answers with its exit code. */
export type Commands = Readonly<Record<string, Command>>;

type Command = {
  readonly help: string;
  /** It takes the settings of the program, so `help` lists those. */
  readonly options?: "settings";
  readonly run: (args: string[]) => Promise<number>;
};
