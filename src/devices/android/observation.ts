import type { BatteryReading, Observation, ScreenState } from '../types.js'
import { readingOf } from './battery-plausible.js'
import { parseDumpsysBattery } from './dumpsys-battery.js'
import { sectionCommand, splitSections, wholeLines, type Section } from './sections.js'

/** Prints the seconds since boot; with sleep, as `Linux` counts them (proc(5)). */
export const UPTIME: Section = { name: 'uptime', command: 'cat /proc/uptime' }
/** PowerManagerService.java `dumpInternal`. The whole dump is large, so the phone picks the line. */
export const WAKEFULNESS: Section = { name: 'power', command: 'dumpsys power | grep mWakefulness=' }
export const BATTERY: Section = { name: 'battery', command: 'dumpsys battery' }
const PIDS = 'pids'

/** What to look at in one go. */
export interface ObservationPlan {
  /** A valid package name (`assertPackageName`), or null. */
  readonly app: string | null
  readonly screen: boolean
}

/** The command line of one sample. The clock comes right before the battery, so that both are of one moment. */
export function observationCommand({ app, screen }: ObservationPlan): string {
  return sectionCommand([
    // A missing pidof must not look like a missing process: its complaint is kept.
    ...(app === null ? [] : [{ name: PIDS, command: `pidof ${app} 2>&1` }]),
    ...(screen ? [WAKEFULNESS] : []),
    UPTIME,
    BATTERY,
  ])
}

/** Reads the answer to `observationCommand`. Total: what is missing, torn or not as expected is null. */
export function parseObservation(text: string): Observation {
  const parts = splitSections(text, [PIDS, WAKEFULNESS.name, UPTIME.name, BATTERY.name])
  const lines = (name: string): string | null => {
    const part = parts.get(name)
    return part === undefined ? null : wholeLines(part)
  }
  const pids = parts.get(PIDS)
  return {
    uptimeS: parseUptime(lines(UPTIME.name)),
    battery: parseBattery(lines(BATTERY.name)),
    // Cut off before the end, "no process" may just be "not said yet".
    appPids: pids?.whole === true ? parsePids(pids.text) : null,
    screen: parseWakefulness(lines(WAKEFULNESS.name)),
  }
}

/** The first number of `/proc/uptime`, seconds. */
export function parseUptime(text: string | null): number | null {
  const seconds = /^\s*(\d{1,12}(?:\.\d{1,9})?)\s/.exec(text ?? '')?.[1]
  return seconds === undefined ? null : Number(seconds)
}

export function parseBattery(text: string | null): BatteryReading | null {
  const dump = text === null ? null : parseDumpsysBattery(text)
  return dump === null ? null : readingOf(dump)
}

function parsePids(text: string): number[] | null {
  // More than any phone runs; the rest of the answer is of no use then.
  const words = text.slice(0, 4096).trim().split(/\s+/)
  if (words[0] === '') return []
  return words.every((word) => /^[1-9]\d{0,8}$/.test(word)) ? words.map(Number) : null
}

/**
 * `mWakefulness=` of `dumpsys power` (PowerManagerInternal.wakefulnessToString). A dream is shown on a lit screen; in
 * doze the screen is off, or shows a clock at a fraction of the power (always-on display).
 */
export function parseWakefulness(text: string | null): ScreenState | null {
  const word = /^\s*mWakefulness=(\w{1,20})/m.exec(text ?? '')?.[1]
  if (word === 'Awake' || word === 'Dreaming') return 'on'
  return word === 'Asleep' || word === 'Dozing' ? 'off' : null
}

/** `mScreenState=` of `dumpsys display` (Display.stateToString): ON, OFF, DOZE, DOZE_SUSPEND, ON_SUSPEND, VR. */
export function parseScreenState(text: string | null): ScreenState | null {
  const word = /^\s*mScreenState=(\w{1,20})/m.exec(text ?? '')?.[1]
  if (word === undefined || word === 'UNKNOWN') return null
  return word.startsWith('OFF') || word.startsWith('DOZE') ? 'off' : 'on'
}
