/** The terminal a stream ends at, as a value; tests make their own. */
export interface Screen {
  readonly isTTY: boolean
  /** Columns; 80 where the terminal does not say. */
  readonly width: number
  /** A terminal that a person watches: lines may be rewritten. */
  readonly live: boolean
}

interface TerminalStream {
  readonly isTTY?: boolean
  readonly columns?: number
}

export function screenOf(stream: TerminalStream, env: Readonly<Record<string, string | undefined>>): Screen {
  const isTTY = stream.isTTY === true
  const live = isTTY && env['CI'] === undefined && env['TERM'] !== 'dumb'
  return { isTTY, width: stream.columns || 80, live }
}
