import type { Clock } from '../../core/clock.js'

/** Host time between two looks: at the largest time scale an hour of the phone's, some 2 ms of work. */
const EVERY_MS = 1000

/**
 * Simulates a phone that nobody asks bit by bit, so that the first question after a night does not wait for all of it.
 * Resolves when `signal` aborts; rejects with what `settle` throws.
 */
export async function keepSettled(settle: () => void, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    settle()
    await clock.sleep(EVERY_MS, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
  }
}
