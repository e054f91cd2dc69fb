import * as v from 'valibot'
import { LIVENESS, type RunEvent, type RunManifest } from './types.js'

// What a run's files may hold. They may be years old, cut short or edited: nothing in them is taken on trust.

const finite = v.pipe(v.number(), v.finite())
const text = v.nullable(v.string())
const figure = v.nullable(finite)
const flag = v.nullable(v.boolean())
const screen = v.nullable(v.picklist(['on', 'off']))
const status = v.picklist(['running', 'complete', 'interrupted', 'failed'])
const batteryStatus = v.nullable(v.picklist(['unknown', 'charging', 'discharging', 'not_charging', 'full']))

const sample = v.object({
  elapsedS: finite,
  wallTime: text,
  deviceUptimeS: figure,
  levelPct: figure,
  chargeCounterUah: figure,
  currentUa: figure,
  voltageMv: figure,
  temperatureC: figure,
  charging: flag,
  screen,
  liveness: v.nullable(v.picklist(LIVENESS)),
  rttMs: figure,
  source: text,
})

const stamp = { atS: finite, wallTime: v.string() }

const runEvent = v.variant('type', [
  v.object({
    type: v.literal('sample'),
    sample,
    status: batteryStatus,
    appPids: v.nullable(v.array(finite)),
  }),
  v.object({ type: v.literal('lost'), ...stamp, reason: v.string() }),
  v.object({ type: v.literal('back'), ...stamp, gapS: finite }),
  v.object({ type: v.literal('taint'), ...stamp, code: v.string(), detail: v.string() }),
  v.object({ type: v.literal('note'), ...stamp, text: v.string() }),
  v.object({
    type: v.literal('end'),
    ...stamp,
    status: v.picklist(['complete', 'interrupted', 'failed']),
    reason: text,
  }),
])

const manifest = v.object({
  kind: v.literal('battery-run'),
  version: v.literal(1),
  id: v.string(),
  status,
  startedAt: v.string(),
  endedAt: text,
  device: v.object({
    id: v.string(),
    serial: text,
    platform: v.picklist(['android', 'ios']),
    model: text,
    manufacturer: text,
    osVersion: text,
    build: text,
    abi: text,
    bootId: text,
    transport: v.string(),
  }),
  app: v.object({ package: v.string(), version: text }),
  mode: v.picklist(['no-beam']),
  emulatorFlags: v.nullable(v.array(v.string())),
  otpRelease: text,
  power: v.object({ status: batteryStatus, plugged: flag, saver: flag, levelPct: figure, temperatureC: figure }),
  screen: v.object({ wanted: v.picklist(['on', 'off']), atStart: screen }),
  plan: v.object({
    app: v.string(),
    mode: v.picklist(['no-beam']),
    durationMs: finite,
    intervalMs: finite,
    screen: v.picklist(['on', 'off']),
  }),
  preflight: v.array(
    v.object({ name: v.string(), result: v.picklist(['ok', 'warn', 'fail']), found: v.string(), fix: text }),
  ),
  dala: v.string(),
  host: v.object({ platform: v.string(), release: v.string(), node: v.string() }),
  simulated: v.nullable(v.object({ timeScale: finite })),
})

/** A line of journal.ndjson. @throws TypeError that names the field which is wrong */
export function parseRunEvent(value: unknown): RunEvent {
  return checked(v.safeParse(runEvent, value))
}

/** run.json. @throws TypeError that names the field which is wrong */
export function parseRunManifest(value: unknown): RunManifest {
  return checked(v.safeParse(manifest, value))
}

type Parsed<T> =
  | { readonly success: true; readonly output: T }
  | { readonly success: false; readonly issues: readonly v.BaseIssue<unknown>[] }

function checked<T>(result: Parsed<T>): T {
  if (result.success) return result.output
  const [issue] = result.issues
  const path = issue?.path?.map(({ key }) => String(key)).join('.') ?? ''
  throw new TypeError(`${path === '' ? 'it' : path}: ${issue?.message ?? 'not as expected'}`)
}
