import type { Clock } from '../core/clock.js'

/** Phone time since the start, kept on the host's monotonic clock: a simulated phone's runs `timeScale` times as fast. */
export interface Pace {
  nowMs(): number
  /** Sleeps until phone time `atMs`; returns at once when it has passed. */
  until(atMs: number, signal: AbortSignal): Promise<void>
}

const ROUNDING_MS = 0.001

export function startPace(clock: Clock, timeScale: number): Pace {
  const startMs = clock.monotonicMs()
  const nowMs = (): number => (clock.monotonicMs() - startMs) * timeScale
  return {
    nowMs,
    async until(atMs, signal) {
      // Timers may fire a little early: what counts is that the time has come, but for the clock's last digits.
      for (let leftMs = atMs - nowMs(); leftMs > ROUNDING_MS; leftMs = atMs - nowMs()) {
        await clock.sleep(leftMs / timeScale, signal)
      }
      signal.throwIfAborted()
    },
  }
}
