import type { Clock } from '../core/clock.js'

/** What the phone's uptime says against the host's clock; `jump` in phone seconds. */
export type TimeEvent = { readonly type: 'reboot' } | { readonly type: 'jump'; readonly jumpS: number } | null

/** The clocks' own errors and the time an answer takes, phone seconds. */
const SLACK_S = 2
/** Clocks are not compared by their last digits. */
const ROUNDING_MS = 0.001

interface Seen {
  readonly uptimeS: number
  readonly askedMs: number
  readonly answeredMs: number
}

/**
 * Time of the run as the phone has it, milliseconds since the first sample: kept on the host's monotonic clock between
 * answers, and set by the phone's own uptime with each of them, as the host may sleep while the phone goes on. A
 * simulated phone's time runs `timeScale` times as fast.
 */
export class PhoneTime {
  readonly #clock: Clock
  readonly #timeScale: number
  #anchor: { readonly phoneMs: number; readonly hostMs: number }
  /** Uptime at the run's time 0, as if this boot had lasted that long; null until the phone has said its uptime. */
  #offsetS: number | null = null
  #last: Seen | null = null

  constructor(clock: Clock, timeScale: number) {
    this.#clock = clock
    this.#timeScale = timeScale
    this.#anchor = { phoneMs: 0, hostMs: clock.monotonicMs() }
  }

  nowMs(): number {
    return this.#at(this.#clock.monotonicMs())
  }

  /** Sleeps until phone time `atMs`; returns at once when it has passed. */
  async until(atMs: number, signal: AbortSignal): Promise<void> {
    // Timers may fire a little early: what counts is that the time has come.
    for (let leftMs = atMs - this.nowMs(); leftMs > ROUNDING_MS; leftMs = atMs - this.nowMs()) {
      await this.#clock.sleep(leftMs / this.#timeScale, signal)
    }
    signal.throwIfAborted()
  }

  /** Takes the uptime that came in answer to a question of host time `askedMs`. The run's first answer is its time 0. */
  set(uptimeS: number, askedMs: number, first: boolean): { readonly elapsedS: number; readonly event: TimeEvent } {
    const seen = { uptimeS, askedMs, answeredMs: this.#clock.monotonicMs() }
    const event = this.#last === null ? null : this.#compare(this.#last, seen)
    if (this.#offsetS === null || event?.type === 'reboot') {
      this.#offsetS = uptimeS - (first ? 0 : this.#at(askedMs) / 1000)
    }
    this.#last = seen
    const elapsedS = uptimeS - this.#offsetS
    this.#anchor = { phoneMs: elapsedS * 1000, hostMs: askedMs }
    return { elapsedS, event }
  }

  #at(hostMs: number): number {
    return this.#anchor.phoneMs + (hostMs - this.#anchor.hostMs) * this.#timeScale
  }

  /** Between two answers the phone's uptime grows by no less and no more than the host's clock allows. */
  #compare(last: Seen, seen: Seen): TimeEvent {
    const passedS = seen.uptimeS - last.uptimeS
    const leastS = ((seen.askedMs - last.answeredMs) * this.#timeScale) / 1000
    const mostS = ((seen.answeredMs - last.askedMs) * this.#timeScale) / 1000
    // A phone that was away and is back with less uptime than has passed has started anew, even if with more than before.
    if (passedS < leastS - SLACK_S) return { type: 'reboot' }
    return passedS > mostS + SLACK_S ? { type: 'jump', jumpS: passedS - mostS } : null
  }
}
