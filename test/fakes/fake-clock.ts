import type { Clock } from '../../src/core/clock.js'

interface Sleeper {
  readonly dueMs: number
  wake(): void
}

/** A clock that stands still until a test moves it. Sleepers wake in the order they are due. */
export class FakeClock implements Clock {
  #wallMs: number
  #monotonicMs: number
  readonly #sleepers = new Set<Sleeper>()

  constructor({ wallMs = Date.UTC(2026, 0, 5, 12, 0, 0), monotonicMs = 1000 } = {}) {
    this.#wallMs = wallMs
    this.#monotonicMs = monotonicMs
  }

  wallMs(): number {
    return this.#wallMs
  }

  monotonicMs(): number {
    return this.#monotonicMs
  }

  /** How many sleeps are under way. */
  get sleeping(): number {
    return this.#sleepers.size
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const onAbort = (): void => {
        this.#sleepers.delete(sleeper)
        reject(signal.reason)
      }
      const sleeper: Sleeper = {
        dueMs: this.#monotonicMs + ms,
        wake: () => {
          this.#sleepers.delete(sleeper)
          signal.removeEventListener('abort', onAbort)
          resolve()
        },
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#sleepers.add(sleeper)
    })
  }

  /** Moves both clocks by `ms`, stopping at each sleeper so that what it does next sees its own time. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#monotonicMs + ms
    for (;;) {
      await settle()
      const next = [...this.#sleepers].toSorted((a, b) => a.dueMs - b.dueMs)[0]
      if (next === undefined || next.dueMs > endMs) break
      this.#move(next.dueMs - this.#monotonicMs)
      next.wake()
    }
    this.#move(endMs - this.#monotonicMs)
    await settle()
  }

  /** Moves the wall clock alone, as when the host's time is corrected. */
  stepWall(ms: number): void {
    this.#wallMs += ms
  }

  #move(ms: number): void {
    const forward = Math.max(0, ms)
    this.#wallMs += forward
    this.#monotonicMs += forward
  }
}

/** Lets what was just woken run until it waits again. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
