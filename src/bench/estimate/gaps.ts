import type { Run } from '../types.js'
import type { Reading } from './readings.js'

export interface Gap {
  readonly fromS: number
  readonly toS: number
}

/** A reading that comes later than this many polls was missed. */
const MISSED_POLLS = 3

/**
 * Stretches without a reading, in order and without overlap: what the journal says was lost, and every pause of more
 * than three polls. Phone seconds since the first sample.
 */
export function findGaps(run: Run, rows: readonly Reading[], pollS: number | null): readonly Gap[] {
  const planned = (run.manifest?.plan.intervalMs ?? 0) / 1000
  const longest = MISSED_POLLS * Math.max(pollS ?? 0, planned)
  const pauses: Gap[] = []
  rows.forEach((row, index) => {
    const before = rows[index - 1]
    if (before !== undefined && longest > 0 && row.t - before.t > longest) {
      pauses.push({ fromS: before.t, toS: row.t })
    }
  })
  return merge([...pauses, ...lostStretches(run)])
}

function lostStretches(run: Run): Gap[] {
  const gaps: Gap[] = []
  let lostAt: number | null = null
  for (const event of run.events) {
    if (event.type === 'lost') lostAt ??= event.atS
    if ((event.type === 'back' || event.type === 'end') && lostAt !== null) {
      if (event.atS > lostAt) gaps.push({ fromS: lostAt, toS: event.atS })
      lostAt = null
    }
  }
  return gaps
}

function merge(gaps: readonly Gap[]): Gap[] {
  const merged: Gap[] = []
  for (const gap of gaps.toSorted((a, b) => a.fromS - b.fromS || a.toS - b.toS)) {
    const last = merged.at(-1)
    if (last === undefined || gap.fromS > last.toS) merged.push(gap)
    else merged[merged.length - 1] = { fromS: last.fromS, toS: Math.max(last.toS, gap.toS) }
  }
  return merged
}

/** Whether the time between two readings touches a gap. */
export function crossesGap(gaps: readonly Gap[], fromS: number, toS: number): boolean {
  return gaps.some((gap) => gap.fromS < toS && gap.toS > fromS)
}
