import { setMaxListeners } from 'node:events'

/** What asks a program to stop, and the exit code that says so: 128 and the signal's number (docs/exit-codes.md). */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

type StopSignal = keyof typeof EXIT_CODES

const STOP_SIGNALS: readonly StopSignal[] = ['SIGHUP', 'SIGINT', 'SIGTERM']

/** The user, the system or a terminal that has gone asked the program to stop. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly exitCode: (typeof EXIT_CODES)[StopSignal]

  constructor(signal: StopSignal) {
    super(`Stopped by ${signal}`)
    this.exitCode = EXIT_CODES[signal]
  }
}

export interface Interrupts {
  /** Aborted with `Interrupted` at the first signal. */
  readonly signal: AbortSignal
  /** Gives the signals back to Node's defaults. */
  release(): void
}

/**
 * Turns the first SIGINT, SIGTERM or SIGHUP (a dropped ssh session) into an abort, so that partial results are written;
 * a second one leaves at once. `onFirst` may tell the user so.
 */
export function catchInterrupts(onFirst: () => void): Interrupts {
  const controller = new AbortController()
  // Each phone that is asked listens: eleven of them are no leak.
  setMaxListeners(0, controller.signal)
  const handle = (name: StopSignal): void => {
    const reason = new Interrupted(name)
    // The one place that leaves without waiting for output: the user has asked twice.
    if (controller.signal.aborted) process.exit(reason.exitCode)
    if (name === 'SIGHUP') outliveTerminal()
    controller.abort(reason)
    onFirst()
  }
  for (const name of STOP_SIGNALS) process.on(name, handle)
  return {
    signal: controller.signal,
    release() {
      for (const name of STOP_SIGNALS) process.off(name, handle)
    },
  }
}

/** After a hang-up nobody reads any more: what is still said must not end the program before its files are written. */
function outliveTerminal(): void {
  const ignoreGone = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
  }
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreGone)
}
