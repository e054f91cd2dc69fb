/** What a user can meet, by code. `exit` is the process's exit code (docs/exit-codes.md); each code has an anchor in docs/errors.md. */
export const ERROR_CODES = {
  DALA_USAGE: { exit: 2 },
  DALA_DURATION: { exit: 2 },
  DALA_RUN_NOT_FOUND: { exit: 2 },
  DALA_RUN_UNREADABLE: { exit: 2 },
  DALA_PROFILE_UNKNOWN: { exit: 2 },
  DALA_VIRTUAL_NOT_FOUND: { exit: 2 },
  DALA_NO_DEVICE: { exit: 3 },
  DALA_SEVERAL_DEVICES: { exit: 3 },
  DALA_DEVICE_NOT_FOUND: { exit: 3 },
  DALA_DEVICE_UNUSABLE: { exit: 3 },
  DALA_PREFLIGHT: { exit: 3 },
  DALA_DEVICE_LOST: { exit: 4 },
  DALA_ADB_PROTOCOL: { exit: 4 },
  DALA_ADB_SERVER: { exit: 4 },
  DALA_APP_START: { exit: 4 },
  DALA_VIRTUAL_START: { exit: 4 },
  DALA_DISK_FULL: { exit: 5 },
  DALA_DISK: { exit: 1 },
} as const satisfies Record<string, { readonly exit: number }>

export type ErrorCode = keyof typeof ERROR_CODES

export interface DalaErrorOptions {
  /** What to do next, one line each; at least one. */
  readonly fix: readonly [string, ...string[]]
  readonly cause?: unknown
}

/** An expected failure. Anything else that reaches the launcher is a bug and is shown with its stack. */
export class DalaError extends Error {
  override readonly name = 'DalaError'
  readonly code: ErrorCode
  readonly fix: readonly [string, ...string[]]

  constructor(code: ErrorCode, message: string, { fix, cause }: DalaErrorOptions) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.fix = fix
  }

  get exitCode(): number {
    return ERROR_CODES[this.code].exit
  }

  /** Where the code is explained, e.g. `docs/errors.md#dala_no_device`. */
  get docs(): string {
    return `docs/errors.md#${this.code.toLowerCase()}`
  }
}

/** The error's own words, for an `Error` or for whatever else was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Whether the operating system failed (`ENOSPC`, `ECONNRESET`), unlike `ERR_…`, which Node throws for our own mistakes. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return systemCodeOf(error)?.startsWith('E') === true && systemCodeOf(error)?.startsWith('ERR_') === false
}

/** The `code` of a Node system error such as `ECONNREFUSED` or `ENOSPC`; null for anything else. */
export function systemCodeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}
