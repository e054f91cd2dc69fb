/** The terminal a stream ends at, as a value; tests make their own. */
export interface Screen {
  readonly isTTY: boolean
  /** Columns now, as a window can be resized; 80 where the terminal does not say. */
  readonly width: number
  /** A terminal that a person watches: lines may be rewritten. */
  readonly live: boolean
}

interface TerminalStream {
  readonly isTTY?: boolean
  readonly columns?: number
}

/** `NO_COLOR` (no-color.org: not empty) asks for plain text, so that no escape code is written at all. */
export function screenOf(stream: TerminalStream, env: Readonly<Record<string, string | undefined>>): Screen {
  const isTTY = stream.isTTY === true
  const plain = env['CI'] !== undefined || env['TERM'] === 'dumb' || (env['NO_COLOR'] ?? '') !== ''
  return {
    isTTY,
    live: isTTY && !plain,
    get width() {
      return stream.columns || 80
    },
  }
}
