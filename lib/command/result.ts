/** What a subcommand prints, and whether it found something wrong. */
export interface CommandResult {
  readonly text: string;
  /** The process then ends with exit code 1. Default false. */
  readonly failed?: boolean;
}
