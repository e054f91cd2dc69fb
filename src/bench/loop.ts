import type { Clock } from '../core/clock.js'
import { DalaError, messageOf } from '../core/errors.js'
import { Interrupted } from '../core/interrupt.js'
import type { DeviceSession, Observation } from '../devices/types.js'
import { livenessOfProcess } from './liveness.js'
import { startPace, type Pace } from './pace.js'
import type { BenchPlan, RunEvent, Sample } from './types.js'

/** Waits between attempts to reach a lost phone, phone seconds; the last one repeats. */
const BACKOFF_S = [0, 2, 4, 8, 16, 30] as const
/** A sample that takes longer than this (host time) is given up: the phone is treated as lost. */
const SAMPLE_TIMEOUT_MS = 5000
/** The screen is asked for once a minute: `dumpsys power` on every sample would itself be a load. */
const SCREEN_EVERY_MS = 60_000

export interface LoopOptions {
  readonly clock: Clock
  readonly session: DeviceSession
  readonly plan: BenchPlan
  readonly timeScale: number
  readonly signal: AbortSignal
}

/**
 * Samples the phone until the plan's duration is over or the signal aborts; the last event is always `end`. A phone
 * that can't be reached is an event pair (`lost`, `back`), never an exception.
 */
export async function* sampleBattery(options: LoopOptions): AsyncGenerator<RunEvent, void> {
  const loop = new SamplingLoop(options)
  try {
    yield* loop.run()
    yield loop.end('complete', null)
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error
    yield loop.end('interrupted', error.message)
  }
}

class SamplingLoop {
  readonly #options: LoopOptions
  readonly #pace: Pace
  /** Phone uptime minus phone time of the run; from the first answer since the last boot. */
  #uptimeOffsetS: number | null = null
  #lastUptimeS: number | null = null
  #lostAtMs: number | null = null
  #attempts = 0
  #nextScreenMs = 0
  #updatesStopped = false

  constructor(options: LoopOptions) {
    this.#options = options
    this.#pace = startPace(options.clock, options.timeScale)
  }

  async *run(): AsyncGenerator<RunEvent, void> {
    const { plan, signal } = this.#options
    for (let dueMs = 0; dueMs <= plan.durationMs; dueMs = this.#nextDueMs(dueMs)) {
      await this.#pace.until(dueMs, signal)
      const askedMs = this.#pace.nowMs()
      const started = this.#options.clock.monotonicMs()
      try {
        const seen = await this.#observe(askedMs)
        const rttMs = this.#options.clock.monotonicMs() - started
        yield* this.#answered(seen, rttMs)
        if (plan.screen === 'on' && seen.screen === 'off') yield* this.#wake()
      } catch (error) {
        signal.throwIfAborted()
        if (!(error instanceof DalaError)) throw error
        yield* this.#unanswered(askedMs, error)
      }
    }
  }

  end(status: 'complete' | 'interrupted', reason: string | null): RunEvent {
    return { type: 'end', ...this.#stamp(this.#pace.nowMs()), status, reason }
  }

  /** The next slot of the plan's grid; while the phone is lost, the next attempt. */
  #nextDueMs(dueMs: number): number {
    const { intervalMs, durationMs } = this.#options.plan
    const nowMs = Math.max(dueMs, this.#pace.nowMs())
    if (this.#lostAtMs !== null) {
      const waitS = BACKOFF_S[Math.min(this.#attempts - 1, BACKOFF_S.length - 1)] ?? 30
      const nextMs = nowMs + waitS * 1000
      // The last attempt falls on the end of the run, not beyond it.
      return nowMs < durationMs ? Math.min(nextMs, durationMs) : nextMs
    }
    return (Math.floor(nowMs / intervalMs) + 1) * intervalMs
  }

  #observe(askedMs: number): Promise<Observation> {
    const { session, plan, signal } = this.#options
    const screen = askedMs >= this.#nextScreenMs
    return session.observe({ app: plan.app, screen }, { signal, timeoutMs: SAMPLE_TIMEOUT_MS })
  }

  *#answered(seen: Observation, rttMs: number): Generator<RunEvent, void> {
    const nowMs = this.#pace.nowMs()
    if (seen.screen !== null) this.#nextScreenMs = nowMs + SCREEN_EVERY_MS
    const atS = this.#elapsedS(seen.uptimeS, nowMs)
    if (this.#lostAtMs !== null) {
      yield { type: 'back', ...this.#stamp(nowMs), gapS: round((nowMs - this.#lostAtMs) / 1000) }
      this.#lostAtMs = null
      this.#attempts = 0
    }
    yield* this.#freeze(seen, nowMs)
    const sample = this.#sample(seen, { elapsedS: atS, rttMs })
    yield { type: 'sample', sample, status: seen.battery?.status ?? null, appPids: seen.appPids }
  }

  *#unanswered(askedMs: number, error: DalaError): Generator<RunEvent, void> {
    this.#attempts += 1
    if (this.#lostAtMs === null) {
      this.#lostAtMs = askedMs
      yield { type: 'lost', ...this.#stamp(askedMs), reason: messageOf(error) }
    }
    const sample = this.#sample(null, { elapsedS: round(askedMs / 1000), rttMs: null })
    yield { type: 'sample', sample, status: null, appPids: null }
  }

  /** A screen that is to be on goes off by its own timeout: it is woken again, and the report says so. */
  async *#wake(): AsyncGenerator<RunEvent, void> {
    const { session, signal } = this.#options
    await session.setScreen('on', { signal, timeoutMs: SAMPLE_TIMEOUT_MS })
    yield { type: 'note', ...this.#stamp(this.#pace.nowMs()), text: 'the screen had gone off and was woken again' }
  }

  /** `dumpsys battery set` or `unplug` in the middle of a run freezes what follows: said once. */
  *#freeze(seen: Observation, nowMs: number): Generator<RunEvent, void> {
    const stopped = seen.battery?.updatesStopped ?? false
    if (stopped && !this.#updatesStopped) {
      const detail = 'the readings were frozen (UPDATES STOPPED); thaw them with dumpsys battery reset'
      yield { type: 'taint', ...this.#stamp(nowMs), code: 'updates_stopped', detail }
    }
    this.#updatesStopped = stopped
  }

  /** The phone's own clock since the first sample; the host's where the phone did not say or has started anew. */
  #elapsedS(uptimeS: number | null, nowMs: number): number {
    if (uptimeS === null) return round(nowMs / 1000)
    const rebooted = this.#lastUptimeS !== null && uptimeS < this.#lastUptimeS
    if (this.#uptimeOffsetS === null || rebooted) {
      // The run's first sample is its time 0.
      this.#uptimeOffsetS = uptimeS - (this.#lastUptimeS === null && this.#lostAtMs === null ? 0 : nowMs / 1000)
    }
    this.#lastUptimeS = uptimeS
    return round(uptimeS - this.#uptimeOffsetS)
  }

  #sample(seen: Observation | null, { elapsedS, rttMs }: { elapsedS: number; rttMs: number | null }): Sample {
    const battery = seen?.battery ?? null
    return {
      elapsedS,
      wallTime: this.#wallTime(),
      deviceUptimeS: seen?.uptimeS ?? null,
      levelPct: battery?.levelPct ?? null,
      chargeCounterUah: battery?.chargeCounterUah ?? null,
      currentUa: null,
      voltageMv: battery?.voltageMv ?? null,
      temperatureC: battery?.temperatureC ?? null,
      charging: battery === null ? null : isCharging(battery),
      screen: seen?.screen ?? null,
      liveness: seen === null ? 'transport_lost' : livenessOfProcess(seen.appPids),
      rttMs: rttMs === null ? null : round(rttMs),
      source: battery === null ? null : 'dumpsys battery',
    }
  }

  #stamp(atMs: number): { atS: number; wallTime: string } {
    return { atS: round(atMs / 1000), wallTime: this.#wallTime() }
  }

  #wallTime(): string {
    return new Date(this.#options.clock.wallMs()).toISOString()
  }
}

/** Any powered flag or a charging status; null when the phone said neither. */
function isCharging({ plugged, status }: NonNullable<Observation['battery']>): boolean | null {
  const flags = Object.values(plugged)
  if (flags.includes(true) || status === 'charging' || status === 'full') return true
  return status === null && flags.every((flag) => flag === null) ? null : false
}

/** Milliseconds are as fine as any of these clocks. */
function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
