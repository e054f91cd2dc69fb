/** Input that is a terminal's: what the shell asks isatty() for, and where its ^C comes from. */
export interface TerminalSource extends AsyncIterable<Uint8Array> {
  /** From now on ^C calls this, and no longer what it called before. */
  onInterrupt(handler: () => void): void
}

export function isTerminalSource(source: AsyncIterable<Uint8Array>): source is TerminalSource {
  return 'onInterrupt' in source
}
