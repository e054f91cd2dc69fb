import { LIVENESS_ORDER, type LivenessCounts } from './liveness.js'
import type { Estimate, PreflightCheck, Run, RunManifest, RunStatus, Sample } from '../bench/types.js'
import { visible } from '../core/printable.js'
import { describeEstimate, type Wording } from './wording.js'

/** The readings in columns, rounded to what sensors resolve; null is "not measured". */
export interface Series {
  readonly elapsedS: readonly number[]
  readonly levelPct: readonly (number | null)[]
  /** By the unit that the estimate found; all null when the counter is not to be trusted. */
  readonly chargeMah: readonly (number | null)[]
  readonly voltageMv: readonly (number | null)[]
  readonly temperatureC: readonly (number | null)[]
}

/** report.json, and what every other format is rendered from. All text in it is safe to show. */
export interface Report {
  readonly kind: 'battery-report'
  readonly version: 1
  readonly estimate: Estimate
  readonly wording: Wording
  readonly id: string | null
  readonly status: RunStatus | null
  readonly simulated: { readonly timeScale: number } | null
  readonly device: RunManifest['device'] | null
  readonly app: RunManifest['app'] | null
  readonly mode: RunManifest['mode'] | null
  readonly plan: RunManifest['plan'] | null
  readonly emulatorFlags: readonly string[] | null
  readonly otpRelease: string | null
  readonly screen: RunManifest['screen'] | null
  readonly power: RunManifest['power'] | null
  readonly startedAt: string | null
  readonly endedAt: string | null
  readonly dala: string | null
  readonly host: RunManifest['host'] | null
  readonly gaps: readonly { readonly fromS: number; readonly toS: number }[]
  /** Samples by liveness; those in which it was not measured are left out. */
  readonly liveness: LivenessCounts
  readonly samples: number
  readonly series: Series
  readonly preflight: readonly PreflightCheck[]
  /** What was not ready at the start, then the taints in words, gravest first. */
  readonly warnings: readonly string[]
}

/** The report on a finished run; the same run and estimate give the same bytes, whenever it is built. */
export function buildReport(run: Run, estimate: Estimate): Report {
  const safe = safeText(estimate)
  const manifest = run.manifest === null ? null : safeText(run.manifest)
  const liveness = countLiveness(run.samples)
  return {
    kind: 'battery-report',
    version: 1,
    estimate: safe,
    wording: describeEstimate(safe, { liveness, simulated: manifest?.simulated ?? null }),
    id: manifest?.id ?? null,
    status: manifest?.status ?? null,
    simulated: manifest?.simulated ?? null,
    device: manifest?.device ?? null,
    app: manifest?.app ?? null,
    mode: manifest?.mode ?? null,
    plan: manifest?.plan ?? null,
    emulatorFlags: manifest?.emulatorFlags ?? null,
    otpRelease: manifest?.otpRelease ?? null,
    screen: manifest?.screen ?? null,
    power: manifest?.power ?? null,
    startedAt: manifest?.startedAt ?? null,
    endedAt: manifest?.endedAt ?? null,
    dala: manifest?.dala ?? null,
    host: manifest?.host ?? null,
    gaps: safe.gaps,
    liveness,
    samples: run.samples.length,
    series: columns(run.samples, safe.counterFactor),
    preflight: manifest?.preflight ?? [],
    warnings: [...unready(manifest?.preflight ?? []), ...warnings(safe)],
  }
}

/** report.json: one line of JSON. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(report)}\n`
}

/** More than any of these figures carries, and less than what rounding in binary adds. */
const SIGNIFICANT_DIGITS = 10

const GRAVITY = { invalid: 0, taint: 1, note: 2 } as const

/** What `--skip-preflight` has passed over. */
function unready(checks: readonly PreflightCheck[]): string[] {
  return checks.flatMap(({ name, result, found }) =>
    result === 'fail' ? [`not ready at the start: ${name}: ${found}`] : [],
  )
}

function warnings(estimate: Estimate): string[] {
  return estimate.taints
    .toSorted((a, b) => GRAVITY[a.effect] - GRAVITY[b.effect])
    .map((taint) => `${taint.effect}: ${taint.detail}`)
}

function columns(samples: readonly Sample[], factor: number | null): Series {
  const uahToMah = factor === null ? null : factor / 1000
  return {
    elapsedS: samples.map((sample) => round(sample.elapsedS, 1)),
    levelPct: samples.map(({ levelPct }) => roundOrNull(levelPct, 2)),
    chargeMah: samples.map(({ chargeCounterUah }) =>
      chargeCounterUah === null || uahToMah === null ? null : round(chargeCounterUah * uahToMah, 3),
    ),
    voltageMv: samples.map(({ voltageMv }) => roundOrNull(voltageMv, 1)),
    temperatureC: samples.map(({ temperatureC }) => roundOrNull(temperatureC, 1)),
  }
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

function roundOrNull(value: number | null, digits: number): number | null {
  return value === null ? null : round(value, digits)
}

function countLiveness(samples: readonly Sample[]): LivenessCounts {
  const counts: Partial<Record<(typeof LIVENESS_ORDER)[number], number>> = {}
  for (const state of LIVENESS_ORDER) {
    const count = samples.filter((sample) => sample.liveness === state).length
    if (count > 0) counts[state] = count
  }
  return counts
}

/** The same tree of plain JSON values, with every text made visible and every number without its digits of noise. */
function safeText<T>(value: T): T {
  return safeTree(value) as T
}

function safeTree(value: unknown): unknown {
  if (typeof value === 'string') return visible(value)
  if (typeof value === 'number') return Number(value.toPrecision(SIGNIFICANT_DIGITS))
  if (Array.isArray(value)) return value.map(safeTree)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, safeTree(inner)]))
}
