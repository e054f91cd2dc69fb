import { parseDuration } from '../core/duration.js'
import { DalaError } from '../core/errors.js'
import { RUNTIME_APP } from '../devices/runtime-app.js'
import type { ScreenState } from '../devices/types.js'
import type { BenchPlan } from './types.js'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** The app a run watches when none is named: the bundled runtime. */
export const DEFAULT_APP = RUNTIME_APP

/**
 * Reads what the user typed as a plan.
 *
 * @throws DalaError DALA_DURATION for a duration or interval that can't be read or is out of range
 */
export function planBattery(typed: {
  readonly app: string
  readonly duration: string
  readonly interval: string
  readonly screen: ScreenState
}): BenchPlan {
  // A gauge of 5 % steps needs days for its end points to mean anything; a week is beyond any battery.
  const durationMs = parseDuration(typed.duration, {
    name: 'duration',
    example: '30m',
    minMs: MINUTE_MS,
    maxMs: 7 * DAY_MS,
  })
  // Below a second the polling itself would be the load; above the duration there would be one sample.
  const intervalMs = parseDuration(typed.interval, {
    name: 'interval',
    example: '10s',
    minMs: 1000,
    maxMs: 10 * MINUTE_MS,
  })
  if (intervalMs > durationMs) {
    throw new DalaError('DALA_DURATION', `Cannot sample every ${typed.interval} in a run of ${typed.duration}`, {
      fix: ['Choose an interval shorter than the duration: --interval 10s'],
    })
  }
  return { app: typed.app, mode: 'no-beam', durationMs, intervalMs, screen: typed.screen }
}
