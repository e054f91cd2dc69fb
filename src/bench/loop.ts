import type { Clock } from '../core/clock.js'
import { formatDuration } from '../core/duration.js'
import { DalaError, messageOf } from '../core/errors.js'
import { Interrupted } from '../core/interrupt.js'
import type { DeviceSession, Observation } from '../devices/types.js'
import { livenessOfProcess } from './liveness.js'
import { PhoneTime, type TimeEvent } from './phone-time.js'
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
  readonly #time: PhoneTime
  /** Whether the phone has been asked before: the run's time 0 is its first question, if that is answered. */
  #asked = false
  #lostAtMs: number | null = null
  #attempts = 0
  #nextScreenMs = 0
  #updatesStopped = false

  constructor(options: LoopOptions) {
    this.#options = options
    this.#time = new PhoneTime(options.clock, options.timeScale)
  }

  async *run(): AsyncGenerator<RunEvent, void> {
    const { plan, signal } = this.#options
    for (let dueMs = 0; ; dueMs = this.#nextDueMs(dueMs)) {
      await this.#time.until(dueMs, signal)
      const seen = yield* this.#ask()
      if (plan.screen === 'on' && seen?.screen === 'off') yield* this.#wake()
      if (Math.max(dueMs, this.#time.nowMs()) >= plan.durationMs) return
    }
  }

  end(status: 'complete' | 'interrupted', reason: string | null): RunEvent {
    return { type: 'end', ...this.#stamp(this.#time.nowMs()), status, reason }
  }

  /** The next slot of the plan's grid; while the phone is lost, the next attempt. The last one is the end of the run. */
  #nextDueMs(dueMs: number): number {
    const { intervalMs, durationMs } = this.#options.plan
    const nowMs = Math.max(dueMs, this.#time.nowMs())
    const waitS = BACKOFF_S[Math.min(this.#attempts - 1, BACKOFF_S.length - 1)] ?? 0
    const nextMs = this.#lostAtMs === null ? (Math.floor(nowMs / intervalMs) + 1) * intervalMs : nowMs + waitS * 1000
    return Math.min(nextMs, durationMs)
  }

  /** Takes one sample; null when the phone could not be reached. */
  async *#ask(): AsyncGenerator<RunEvent, Observation | null> {
    const { clock, session, plan, signal } = this.#options
    const atMs = this.#time.nowMs()
    const hostMs = clock.monotonicMs()
    const what = { app: plan.app, screen: atMs >= this.#nextScreenMs }
    try {
      const seen = await session.observe(what, { signal, timeoutMs: SAMPLE_TIMEOUT_MS })
      yield* this.#answered(seen, { atMs, hostMs, rttMs: clock.monotonicMs() - hostMs })
      return seen
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof DalaError)) throw error
      yield* this.#unanswered(atMs, error)
      return null
    } finally {
      this.#asked = true
    }
  }

  *#answered(seen: Observation, asked: { atMs: number; hostMs: number; rttMs: number }): Generator<RunEvent, void> {
    const time =
      seen.uptimeS === null
        ? { elapsedS: asked.atMs / 1000, event: null }
        : this.#time.set(seen.uptimeS, asked.hostMs, !this.#asked)
    const stamp = this.#stamp(time.elapsedS * 1000)
    if (seen.screen !== null) this.#nextScreenMs = time.elapsedS * 1000 + SCREEN_EVERY_MS
    if (this.#lostAtMs !== null) {
      yield { type: 'back', ...stamp, gapS: round(time.elapsedS - this.#lostAtMs / 1000) }
      this.#lostAtMs = null
      this.#attempts = 0
    }
    if (time.event !== null) yield { type: 'taint', ...stamp, ...timeTaint(time.event) }
    const stopped = seen.battery?.updatesStopped ?? false
    if (stopped && !this.#updatesStopped) yield { type: 'taint', ...stamp, ...FROZEN }
    this.#updatesStopped = stopped
    const sample = this.#sample(seen, { elapsedS: stamp.atS, rttMs: asked.rttMs })
    yield { type: 'sample', sample, status: seen.battery?.status ?? null, appPids: seen.appPids }
  }

  *#unanswered(atMs: number, error: DalaError): Generator<RunEvent, void> {
    this.#attempts += 1
    if (this.#lostAtMs === null) {
      this.#lostAtMs = atMs
      yield { type: 'lost', ...this.#stamp(atMs), reason: messageOf(error) }
    }
    const sample = this.#sample(null, { elapsedS: round(atMs / 1000), rttMs: null })
    yield { type: 'sample', sample, status: null, appPids: null }
  }

  /** A screen that is to be on goes off by its own timeout: it is woken again, and the report says so. */
  async *#wake(): AsyncGenerator<RunEvent, void> {
    const { session, signal } = this.#options
    const note = (text: string): RunEvent => ({ type: 'note', ...this.#stamp(this.#time.nowMs()), text })
    try {
      const state = await session.setScreen('on', { signal, timeoutMs: SAMPLE_TIMEOUT_MS })
      yield note(`the screen had gone off and ${state === 'on' ? 'was woken again' : 'did not wake up again'}`)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof DalaError)) throw error
      yield note(`the screen had gone off and could not be woken: ${messageOf(error)}`)
    }
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

const FROZEN = {
  code: 'updates_stopped',
  detail: 'the readings were frozen (UPDATES STOPPED); thaw them with dumpsys battery reset',
} as const

function timeTaint(event: NonNullable<TimeEvent>): { readonly code: string; readonly detail: string } {
  if (event.type === 'reboot') return { code: 'reboot', detail: 'the phone has restarted' }
  const stood = formatDuration(event.jumpS * 1000)
  return { code: 'clock', detail: `this computer’s clock stood still for ${stood} while the phone’s went on` }
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
