import type { Run, Sample } from '../types.js'

/** A sample that carries a gauge value. `t` is phone time since the run's first sample, seconds; strictly increasing. */
export interface Reading {
  readonly t: number
  readonly sample: Sample
}

export interface Readings {
  readonly rows: readonly Reading[]
  readonly duplicates: number
  readonly outOfOrder: number
  /** When the phone's uptime started again; rows from there on are left out. */
  readonly rebootAtS: number | null
}

/** A late row is late by a few polls; a clock that stays this far behind has started again. */
const REBOOT_BACK_S = 60
const REBOOT_ROWS = 3

/**
 * The rows that can be measured with: level or counter present, ordered by the phone's own uptime, each instant once.
 * Where a row has no uptime, `elapsedS` stands in for it (docs/method.md, "Time").
 */
export function usableReadings(run: Pick<Run, 'samples' | 'events'>): Readings {
  const told = run.events.find((event) => event.type === 'taint' && event.code === 'reboot')
  if (told === undefined || told.type !== 'taint') return ordered(run.samples)
  // A phone that was away may come back with more uptime than it had: only the loop could see that it restarted.
  return { ...ordered(run.samples.filter(({ elapsedS }) => elapsedS < told.atS)), rebootAtS: told.atS }
}

function ordered(samples: readonly Sample[]): Readings {
  const measured = samples.filter((sample) => sample.levelPct !== null || sample.chargeCounterUah !== null)
  const anchor = measured.find((sample) => sample.deviceUptimeS !== null)
  const offset = anchor === undefined ? 0 : (anchor.deviceUptimeS ?? 0) - anchor.elapsedS
  const rows = measured.map((sample) => ({ t: (sample.deviceUptimeS ?? sample.elapsedS + offset) - offset, sample }))
  // Without an uptime there is no clock that could have started again: only the order can be wrong.
  if (anchor === undefined) rows.sort((a, b) => a.t - b.t)
  return inOrder(rows)
}

function inOrder(rows: readonly Reading[]): Readings {
  const kept: Reading[] = []
  let late: Reading[] = []
  let duplicates = 0
  let outOfOrder = 0
  const reboot = (last: number): Readings => ({ rows: kept, duplicates, outOfOrder, rebootAtS: last })
  for (const row of rows) {
    const last = kept.at(-1)
    if (last === undefined || row.t > last.t) {
      kept.push(row)
      outOfOrder += late.length
      late = []
    } else if (row.t === last.t) {
      duplicates += 1
    } else {
      late.push(row)
      if (late.length >= REBOOT_ROWS) return reboot(last.t)
    }
  }
  const last = kept.at(-1)
  const first = late[0]
  if (last !== undefined && first !== undefined && last.t - first.t > REBOOT_BACK_S) return reboot(last.t)
  return { rows: kept, duplicates, outOfOrder: outOfOrder + late.length, rebootAtS: null }
}

/** The middle value; null of nothing. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.floor((sorted.length - 1) / 2)]
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2
}

/** Median time between two readings, seconds; null with less than two. */
export function pollInterval(rows: readonly { readonly t: number }[]): number | null {
  return median(rows.slice(1).map((row, index) => row.t - (rows[index]?.t ?? row.t)))
}
