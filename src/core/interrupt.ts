/** The user or the system asked the program to stop (SIGINT, SIGTERM). */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly exitCode: 130 | 143

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`Stopped by ${signal}`)
    this.exitCode = signal === 'SIGINT' ? 130 : 143
  }
}

export interface Interrupts {
  /** Aborted with `Interrupted` at the first signal. */
  readonly signal: AbortSignal
  /** Gives the signals back to Node's defaults. */
  release(): void
}

/**
 * Turns the first SIGINT or SIGTERM into an abort, so that partial results are written; a second one leaves at once.
 * `onFirst` may tell the user so.
 */
export function catchInterrupts(onFirst: () => void): Interrupts {
  const controller = new AbortController()
  const handle = (name: 'SIGINT' | 'SIGTERM'): void => {
    const reason = new Interrupted(name)
    // The one place that leaves without waiting for output: the user has asked twice.
    if (controller.signal.aborted) process.exit(reason.exitCode)
    controller.abort(reason)
    onFirst()
  }
  process.on('SIGINT', handle)
  process.on('SIGTERM', handle)
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', handle)
      process.off('SIGTERM', handle)
    },
  }
}
