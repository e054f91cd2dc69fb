/** Bounds of one operation that can hang: host milliseconds, and the caller's wish to stop. */
export interface Call {
  readonly signal: AbortSignal
  readonly timeoutMs: number
}

/** The operation did not finish within its `timeoutMs` (host time). */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError'
  readonly timeoutMs: number

  constructor(what: string, timeoutMs: number) {
    super(`${what} did not finish within ${timeoutMs} ms`)
    this.timeoutMs = timeoutMs
  }
}

/**
 * Runs `operation` under `call`. The signal it gets is aborted at the deadline, when the caller aborts, and when the
 * operation has ended; the promise settles at the deadline even if the operation ignores its signal.
 *
 * @throws TimeoutError at the deadline; the caller's abort reason when it aborts
 */
export async function withDeadline<T>(
  call: Call,
  what: string,
  operation: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  call.signal.throwIfAborted()
  const scope = new AbortController()
  let stop: () => void = () => undefined
  const stopped = new Promise<never>((_resolve, reject) => {
    const end = (reason: unknown): void => {
      scope.abort(reason)
      reject(reason)
    }
    const onAbort = (): void => end(call.signal.reason)
    const timer = setTimeout(() => end(new TimeoutError(what, call.timeoutMs)), call.timeoutMs)
    call.signal.addEventListener('abort', onAbort, { once: true })
    stop = () => {
      clearTimeout(timer)
      call.signal.removeEventListener('abort', onAbort)
    }
  })
  try {
    return await Promise.race([operation(scope.signal), stopped])
  } finally {
    stop()
    scope.abort(new Error(`${what} has ended`))
  }
}
