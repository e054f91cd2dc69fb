import type { Clock } from '../../core/clock.js'

export interface PhoneClockOptions {
  readonly clock: Clock
  /** How many phone seconds pass in one host second. */
  readonly timeScale: number
  /** How long the phone has been up when it is started here, s. */
  readonly bootedAgoS: number
}

/** The phone's own time: it runs `timeScale` times as fast as the host's, from the host's time at the start. */
export class PhoneClock {
  readonly timeScale: number
  readonly #clock: Clock
  readonly #bootedAgoS: number
  readonly #startMonotonicMs: number
  readonly #startWallMs: number

  constructor({ clock, timeScale, bootedAgoS }: PhoneClockOptions) {
    this.#clock = clock
    this.timeScale = timeScale
    this.#bootedAgoS = bootedAgoS
    this.#startMonotonicMs = clock.monotonicMs()
    this.#startWallMs = clock.wallMs()
  }

  /** Seconds since the phone booted, suspended or not (CLOCK_BOOTTIME). */
  uptimeS(): number {
    return this.#bootedAgoS + this.#elapsedMs() / 1000
  }

  /** The phone's wall clock, ms since the Unix epoch. */
  wallMs(): number {
    return this.#startWallMs + this.#elapsedMs()
  }

  /** Resolves after `ms` of phone time; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return this.#clock.sleep(ms / this.timeScale, signal)
  }

  #elapsedMs(): number {
    return (this.#clock.monotonicMs() - this.#startMonotonicMs) * this.timeScale
  }
}
