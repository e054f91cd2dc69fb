import type { BatteryStatus, ScreenState } from '../devices/types.js'

/** Whether the BEAM lives, from best to worst; each state is measured, none assumed (ARCHITECTURE section 3). */
export const LIVENESS = [
  'alive_rpc',
  'rpc_slow',
  'alive_dist_only',
  'alive_epmd_only',
  'process_only',
  'suspended',
  'app_dead',
  'transport_lost',
] as const
export type Liveness = (typeof LIVENESS)[number]

/** One row of samples.csv. Null is "not measured", never 0. */
export interface Sample {
  /** Phone time since the run's first sample, seconds. */
  readonly elapsedS: number
  /** Host wall time, ISO 8601 UTC. */
  readonly wallTime: string | null
  readonly deviceUptimeS: number | null
  readonly levelPct: number | null
  readonly chargeCounterUah: number | null
  readonly currentUa: number | null
  readonly voltageMv: number | null
  readonly temperatureC: number | null
  readonly charging: boolean | null
  readonly screen: ScreenState | null
  readonly liveness: Liveness | null
  /** Host milliseconds from asking to the last byte of the answer. */
  readonly rttMs: number | null
  /** What was read: `dumpsys battery`, … */
  readonly source: string | null
}

/** A line of journal.ndjson. `atS` is phone time since the run's first sample, seconds. */
export type RunEvent =
  | {
      readonly type: 'sample'
      readonly sample: Sample
      readonly status: BatteryStatus | null
      readonly appPids: readonly number[] | null
    }
  | { readonly type: 'lost'; readonly atS: number; readonly wallTime: string; readonly reason: string }
  | { readonly type: 'back'; readonly atS: number; readonly wallTime: string; readonly gapS: number }
  | {
      readonly type: 'taint'
      readonly atS: number
      readonly wallTime: string
      readonly code: string
      readonly detail: string
    }
  | { readonly type: 'note'; readonly atS: number; readonly wallTime: string; readonly text: string }
  | {
      readonly type: 'end'
      readonly atS: number
      readonly wallTime: string
      readonly status: Exclude<RunStatus, 'running'>
      readonly reason: string | null
    }

export type RunStatus = 'running' | 'complete' | 'interrupted' | 'failed'

/** How the BEAM of the app is run during the measurement. */
export type Mode = 'no-beam'

export interface BenchPlan {
  readonly app: string
  readonly mode: Mode
  /** Phone time. */
  readonly durationMs: number
  /** Phone time. */
  readonly intervalMs: number
  readonly screen: ScreenState
}

/** run.json. */
export interface RunManifest {
  readonly kind: 'battery-run'
  readonly version: 1
  readonly id: string
  readonly status: RunStatus
  readonly startedAt: string
  readonly endedAt: string | null
  readonly device: {
    readonly id: string
    readonly serial: string | null
    readonly platform: 'android' | 'ios'
    readonly model: string | null
    readonly manufacturer: string | null
    readonly osVersion: string | null
    readonly build: string | null
    readonly abi: string | null
    readonly bootId: string | null
    readonly transport: string
  }
  readonly app: { readonly package: string; readonly version: string | null }
  readonly mode: Mode
  /** Emulator flags read back from the BEAM; null while none runs. */
  readonly emulatorFlags: readonly string[] | null
  readonly otpRelease: string | null
  readonly power: {
    readonly status: BatteryStatus | null
    readonly plugged: boolean | null
    readonly saver: boolean | null
    readonly levelPct: number | null
    readonly temperatureC: number | null
  }
  readonly screen: { readonly wanted: ScreenState; readonly atStart: ScreenState | null }
  readonly plan: BenchPlan
  readonly preflight: readonly PreflightCheck[]
  readonly dala: string
  readonly host: { readonly platform: string; readonly release: string; readonly node: string }
  readonly simulated: { readonly timeScale: number } | null
}

export interface PreflightCheck {
  readonly name: string
  readonly result: 'ok' | 'warn' | 'fail'
  /** What was found. */
  readonly found: string
  /** The command or act that mends it; null when ok. */
  readonly fix: string | null
}

/** A run as read back from its folder, or from a bare samples.csv (then `manifest` is null). */
export interface Run {
  readonly manifest: RunManifest | null
  readonly samples: readonly Sample[]
  readonly events: readonly RunEvent[]
}

export type Verdict = 'valid' | 'tainted' | 'inconclusive' | 'invalid'

export interface Taint {
  /** e.g. `charging`, `updates_stopped`, `reboot`, `gap`, `stale_cache`. */
  readonly code: string
  readonly effect: 'note' | 'taint' | 'invalid'
  /** In words, with the figures seen. */
  readonly detail: string
  /** Phone time of the first sighting, seconds since the first sample; null when it is of the whole run. */
  readonly atS: number | null
}

/** The `estimate` object of `dala bench report --json`. Rates in mAh per hour of phone time. docs/method.md gives the formulas. */
export interface Estimate {
  /** The gauge the result rests on: the charge counter, or the level where that is missing or not to be trusted. */
  readonly basis: 'charge' | 'level' | null
  /** Null unless at least two gauge transitions were seen. */
  readonly rateMahPerH: number | null
  /** Two-sided 95 % of the mean rate within this run; null when nothing can be said. */
  readonly ci95: readonly [number, number] | null
  /** Where `ci95` (or `ci95PctPerH`) comes from; `steps`: from the number of steps alone. */
  readonly ciMethod: 'batch-means' | 'steps' | null
  /**
   * Bounds of the mean over the time that the readings cover, whatever the load did; what was drawn after the last
   * refresh of the phone's cache is in no reading. Null when the charge was not measured; `hi` null: unbounded.
   */
  readonly bound: { readonly lo: number; readonly hi: number | null } | null
  /** The smallest move of the gauge in this run, mAh; null when it did not move or is unknown. */
  readonly stepMah: number | null
  /** What the step is of the full charge, where it is one of the usual shares. */
  readonly stepOfFull: 'percent' | 'permille' | null
  /** The step that the bounds rest on when the gauge did not move: the level's, in mAh; null when it moved or is unknown. */
  readonly assumedStepMah: number | null
  /** Whole steps seen between the first and the last reading. */
  readonly steps: number
  readonly method: 'transitions' | 'bounds' | 'none'
  /** What the end points of this run could resolve at best (95 % half-width); null without a step. */
  readonly floorMahPerH: number | null
  readonly ratePctPerH: number | null
  /** Like `ci95`, in percent per hour. */
  readonly ci95PctPerH: readonly [number, number] | null
  /** Like `bound`, in percent per hour, from the level alone; null when the level was not measured. */
  readonly boundPctPerH: { readonly lo: number; readonly hi: number | null } | null
  /** The smallest move of the level in this run, percent; null when it did not move. */
  readonly stepPct: number | null
  readonly assumedStepPct: number | null
  readonly floorPctPerH: number | null
  /** 95 % half-width that is due to the gauge alone, mAh/h; null without a rate. */
  readonly gaugeHalfWidthMahPerH: number | null
  readonly gaugeHalfWidthPctPerH: number | null
  /** Full charge implied by counter and level, mAh; null when either is missing or not to be trusted. */
  readonly fullMah: number | null
  /** What the counter column is multiplied with to give µAh; null when the counter is missing or not to be trusted. */
  readonly counterFactor: number | null
  /** Phone seconds from the first to the last usable reading. */
  readonly observedS: number
  /** Phone seconds from the first to the last transition; null without a rate. */
  readonly edgeToEdgeS: number | null
  /** Phone seconds between two polls, median; null with less than two readings. */
  readonly pollS: number | null
  /** Longest time the phone showed unchanged readings, seconds: its cache's observed lag; null when it can't be seen. */
  readonly refreshLagS: number | null
  /** Stretches without a reading, phone seconds since the first sample, in order. */
  readonly gaps: readonly { readonly fromS: number; readonly toS: number }[]
  readonly verdict: Verdict
  readonly taints: readonly Taint[]
}
