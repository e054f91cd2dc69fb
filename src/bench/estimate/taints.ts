import { formatDuration } from '../../core/duration.js'
import type { Run, RunEvent, Taint } from '../types.js'
import type { Gap } from './gaps.js'
import type { Lag } from './lag.js'
import type { Reading, Readings } from './readings.js'

const STALE_S = 300
const STALE_SHARE = 1 / 3
const LOST_SHARE = 0.5

/** What the loop reports by name, and how grave it is; any other code it reports is a taint. */
const EVENT_EFFECTS: Readonly<Record<string, Taint['effect']>> = {
  updates_stopped: 'invalid',
  reboot: 'invalid',
  clock: 'note',
}

/** What the journal's own taint events say; the first of each code. */
export function reportedTaints(events: readonly RunEvent[]): readonly Taint[] {
  return events.flatMap((event) =>
    event.type === 'taint'
      ? [{ code: event.code, effect: EVENT_EFFECTS[event.code] ?? 'taint', detail: event.detail, atS: event.atS }]
      : [],
  )
}

/** What ordering the rows has shown. */
export function orderTaints(readings: Readings): readonly Taint[] {
  const taints: Taint[] = []
  if (readings.rebootAtS !== null) {
    const detail = `the phone restarted after ${formatDuration(readings.rebootAtS * 1000)}: only the time before it was measured`
    taints.push({ code: 'reboot', effect: 'invalid', detail, atS: readings.rebootAtS })
  }
  const dropped = [
    ['duplicates', readings.duplicates, 'came twice'],
    ['out_of_order', readings.outOfOrder, 'came late'],
  ] as const
  for (const [code, count, what] of dropped) {
    if (count > 0) {
      const detail = `${count} ${count === 1 ? 'reading' : 'readings'} ${what} and ${count === 1 ? 'was' : 'were'} left out`
      taints.push({ code, effect: 'note', detail, atS: null })
    }
  }
  return taints
}

/** A cache that shows old readings; `observedS` is the length of the run. */
export function staleTaints(lag: Lag | null, observedS: number): readonly Taint[] {
  if (lag === null || lag.from === 'steps' || lag.seconds <= STALE_S) return []
  // A burst of load after a long rest makes a gauge skip steps too: only all readings together prove a cache.
  const proven = lag.from === 'readings'
  const effect = proven && lag.seconds > STALE_SHARE * observedS ? 'invalid' : 'taint'
  const detail = `the phone showed the same readings for ${formatDuration(lag.seconds * 1000)}: they may be that old`
  return [{ code: 'stale_cache', effect, detail, atS: lag.atS }]
}

/** A cache that can't be seen: what was reckoned with instead, or that nothing could be (docs/method.md, "Refresh lag"). */
export function unseenLagTaints(lag: Lag | null, rows: readonly Reading[]): readonly Taint[] {
  if (rows.length < 2 || (lag !== null && lag.from === 'readings')) return []
  if (lag === null) {
    const detail = 'how old the readings are could not be seen: they were taken as fresh'
    return [{ code: 'lag_unseen', effect: 'taint', detail, atS: null }]
  }
  const reckoned = formatDuration(lag.seconds * 1000)
  const detail = `no voltage or temperature shows how old the readings are: up to ${reckoned} was reckoned with, by the gauge's own moves`
  // As old as a stale cache, and nothing tells that it is none.
  const effect = lag.from === 'steps' && lag.seconds > STALE_S ? 'taint' : 'note'
  return [{ code: 'lag_unseen', effect, detail, atS: null }]
}

/** Lost time in words; a run of which more than half is lost is not one. */
export function gapTaints(gaps: readonly Gap[], observedS: number): readonly Taint[] {
  const first = gaps[0]
  if (first === undefined) return []
  const lengths = gaps.map((gap) => gap.toS - gap.fromS)
  const lostS = lengths.reduce((sum, length) => sum + length, 0)
  const longestS = lengths.reduce((most, length) => Math.max(most, length), 0)
  const total = Math.max(observedS, gaps.at(-1)?.toS ?? 0)
  const words = (seconds: number): string => formatDuration(seconds * 1000)
  const detail =
    gaps.length === 1
      ? `no reading for ${words(lostS)}, from ${words(first.fromS)} on`
      : `no reading for ${words(lostS)} in ${gaps.length} gaps, the longest ${words(longestS)}`
  return [{ code: 'gap', effect: lostS > LOST_SHARE * total ? 'invalid' : 'note', detail, atS: first.fromS }]
}

/** The app's life: dead at two polls in a row, or another process than before. */
export function appTaints(run: Run): readonly Taint[] {
  const taints: Taint[] = []
  const dead = run.samples.find(
    (sample, index) => sample.liveness === 'app_dead' && run.samples[index + 1]?.liveness === 'app_dead',
  )
  if (dead !== undefined) {
    taints.push({ code: 'app_dead', effect: 'invalid', detail: 'the app was not running', atS: dead.elapsedS })
  }
  let before: readonly number[] = []
  for (const event of run.events) {
    if (event.type !== 'sample' || event.appPids === null || event.appPids.length === 0) continue
    if (before.length > 0 && !event.appPids.some((pid) => before.includes(pid))) {
      const detail = `the app restarted: its process was ${before.join(', ')} and is ${event.appPids.join(', ')}`
      taints.push({ code: 'app_restarted', effect: 'invalid', detail, atS: event.sample.elapsedS })
      break
    }
    before = event.appPids
  }
  return taints
}

/** A screen that was not what the plan says, or changed during the run. */
export function screenTaints(run: Run): readonly Taint[] {
  const rows = run.samples.filter((sample) => sample.screen !== null)
  const wanted = run.manifest?.plan.screen ?? rows[0]?.screen ?? null
  const other = rows.find((sample) => sample.screen !== wanted)
  if (other === undefined) return []
  const always = rows.every((sample) => sample.screen !== wanted)
  const detail = always
    ? `the screen was ${other.screen} all the time`
    : `the screen went ${other.screen} during the run`
  return [{ code: 'screen', effect: 'taint', detail, atS: other.elapsedS }]
}

/** A start from a full battery: many phones show 100 % until it is down to 97 %. */
export function fullStartTaints(rows: readonly Reading[]): readonly Taint[] {
  if ((rows[0]?.sample.levelPct ?? 0) < 100) return []
  const detail = 'the run started at 100 %, which many phones show until 97 %: start below 95 %'
  return [{ code: 'start_full', effect: 'taint', detail, atS: 0 }]
}
