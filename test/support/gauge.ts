import type { Run, Sample } from '../../src/bench/types.js'

/** Repeatable random numbers in [0, 1) (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export interface GaugePlan {
  readonly seed: number
  readonly fullMah: number
  /** Null: the phone has no charge counter. */
  readonly stepMah: number | null
  readonly rateMah: number
  readonly minutes: number
  readonly pollS?: number
  /** How often the phone refreshes what it shows; 0: always fresh. */
  readonly refreshS?: number
  /** Coefficient of variation of the load, and its correlation time. */
  readonly cv?: number
  readonly tauS?: number
  readonly startPct?: number
  /** The start of the run made the phone refresh; otherwise the first poll comes at any time between two refreshes. */
  readonly freshStart?: boolean
}

export interface SimulatedRun {
  readonly run: Run
  /** Mean drain of this very run, mAh/h: what bounds must hold. */
  readonly trueRate: number
}

/** A battery with a wandering load behind a gauge with steps and a cache; one-second integration. */
export function simulate(plan: GaugePlan): SimulatedRun {
  const { fullMah, stepMah, rateMah, minutes, pollS = 10, refreshS = 0, cv = 0, tauS = 60, startPct = 90 } = plan
  const warmUpS = plan.freshStart === true ? 0 : refreshS
  const random = seeded(plan.seed)
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const keep = Math.exp(-1 / tauS)
  const start = (startPct / 100) * fullMah - random() * Math.max(stepMah ?? 0, fullMah / 100)
  const samples: Sample[] = []
  const scale = Math.sqrt(Math.log(1 + cv * cv))
  let [charge, wander, chargeAtStart] = [start, normal(), start]
  let shown = show(charge, fullMah, stepMah)
  // The phone has run for a while before the first poll, so that the first reading is as old as any other.
  let refreshAt = Math.floor(random() * refreshS) - warmUpS
  for (let second = 0 - warmUpS; second <= minutes * 60; second += 1) {
    if (second === 0) chargeAtStart = charge
    if (second >= refreshAt) {
      shown = show(charge, fullMah, stepMah)
      refreshAt += refreshS === 0 ? 1 : refreshS
    }
    if (second >= 0 && second % pollS === 0) samples.push(sampleAt(second, shown))
    wander = keep * wander + Math.sqrt(1 - keep * keep) * normal()
    if (second < minutes * 60) charge -= (rateMah / 3600) * Math.exp(scale * wander - (scale * scale) / 2)
  }
  return { run: { manifest: null, samples, events: [] }, trueRate: (chargeAtStart - charge) / (minutes / 60) }
}

type Shown = Pick<Sample, 'levelPct' | 'chargeCounterUah' | 'voltageMv' | 'temperatureC'>

function show(charge: number, fullMah: number, stepMah: number | null): Shown {
  return {
    levelPct: Math.floor((100 * charge) / fullMah),
    chargeCounterUah: stepMah === null ? null : Math.round(Math.floor(charge / stepMah) * stepMah * 1000),
    // Fine enough to show each refresh, as a real voltage is.
    voltageMv: 3000 + charge / 10,
    temperatureC: 25,
  }
}

export function sampleAt(uptime: number, values: Partial<Sample>): Sample {
  return {
    elapsedS: uptime,
    wallTime: new Date(Date.UTC(2026, 0, 5) + uptime * 1000).toISOString(),
    deviceUptimeS: 5000 + uptime,
    levelPct: null,
    chargeCounterUah: null,
    currentUa: null,
    voltageMv: null,
    temperatureC: null,
    charging: false,
    screen: 'off',
    liveness: 'process_only',
    rttMs: 12,
    source: 'dumpsys battery',
    ...values,
  }
}

/** A bare run of these rows: uptime in seconds and the values read then. */
export function runOf(rows: readonly (readonly [number, Partial<Sample>])[], events: Run['events'] = []): Run {
  return { manifest: null, samples: rows.map(([uptime, values]) => sampleAt(uptime, values)), events }
}
