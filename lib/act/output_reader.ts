/** Who wants to know what a program writes to standard error. */
export interface OutputReader {
  /** Whether it is to be read also where that is a terminal, which it then is no more for the program. */
  isWanted(): boolean;
  write(chunk: Uint8Array): void;
}
