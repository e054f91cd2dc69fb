import type { LoadSpec, Workload } from './profiles.js'
import type { SeededRandom } from './random.js'

/** Assumption where no screen-on current was published: what a lit screen adds at low brightness. */
export const SCREEN_ON_EXTRA_MA = 150

/** Long-run mean current of the phone in a state, mA. */
export function meanLoadMa(spec: LoadSpec, workload: Workload, screenOn: boolean): number {
  const offMa = spec.screenOffMa[workload]
  if (!screenOn) return offMa
  return spec.screenOnMa?.[workload] ?? offMa + SCREEN_ON_EXTRA_MA
}

/**
 * The current a phone draws: I(t) = I_mean * exp(CV*z - CV^2/2), where z is an Ornstein-Uhlenbeck process with unit
 * variance, so that the long-run mean is I_mean and the current stays positive.
 */
export class Load {
  readonly #spec: LoadSpec
  readonly #random: SeededRandom
  #z: number

  constructor(spec: LoadSpec, random: SeededRandom) {
    this.#spec = spec
    this.#random = random
    this.#z = random.normal()
  }

  /** Moves `dtS` seconds on and returns the current in mA. The discretisation is exact for any step. */
  step(meanMa: number, dtS: number): number {
    const { cv, tauS } = this.#spec
    const decay = Math.exp(-dtS / tauS)
    this.#z = this.#z * decay + Math.sqrt(1 - decay * decay) * this.#random.normal()
    return meanMa * Math.exp(cv * this.#z - (cv * cv) / 2)
  }
}
