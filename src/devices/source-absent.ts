/** A source of phones that isn't there at all (no adb server runs): nothing to list, and no failure either. */
export class SourceAbsentError extends Error {
  override readonly name = 'SourceAbsentError'
  /** How to have it, one line each. */
  readonly fix: readonly [string, ...string[]]

  constructor(message: string, fix: readonly [string, ...string[]], cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.fix = fix
  }
}
