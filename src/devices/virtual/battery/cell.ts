import { OCV_4V40, type CellSpec } from './profiles.js'

/** Assumption: an office. */
export const AMBIENT_C = 23
/** A phone that does nothing is a little warmer than the room. */
const IDLE_RISE_C = 2

/** Open-circuit voltage at a state of charge (0 to 1), V. */
export function openCircuitVoltageV(soc: number): number {
  const pct = Math.min(100, Math.max(0, soc * 100))
  let [lowPct, lowV] = OCV_4V40[0] ?? [0, 0]
  for (const [highPct, highV] of OCV_4V40) {
    if (pct <= highPct) {
      return highPct === lowPct ? highV : lowV + ((pct - lowPct) / (highPct - lowPct)) * (highV - lowV)
    }
    lowPct = highPct
    lowV = highV
  }
  return lowV
}

/** A lithium cell: charge, one RC pair for relaxation, and one thermal mass. */
export class Cell {
  readonly #spec: CellSpec
  #chargeMah: number
  #relaxationV = 0
  #currentA = 0
  #temperatureC = AMBIENT_C + IDLE_RISE_C

  constructor(spec: CellSpec) {
    this.#spec = spec
    this.#chargeMah = spec.fullMah * spec.startSoc
  }

  get chargeMah(): number {
    return this.#chargeMah
  }

  get soc(): number {
    return this.#chargeMah / this.#spec.fullMah
  }

  get temperatureC(): number {
    return this.#temperatureC
  }

  /** At the terminals, under the current of the last step. */
  get voltageV(): number {
    return openCircuitVoltageV(this.soc) - this.#currentA * this.#spec.r0Ohm - this.#relaxationV
  }

  /** Draws `currentMa` (negative charges) for `dtS` seconds; returns the charge that left the cell, mAh. */
  step(currentMa: number, dtS: number): number {
    const { fullMah, r1Ohm, tau1S, thermalCPerW, thermalTauS } = this.#spec
    const before = this.#chargeMah
    this.#chargeMah = Math.min(fullMah, Math.max(0, before - (currentMa * dtS) / 3600))
    this.#currentA = currentMa / 1000
    this.#relaxationV += ((this.#currentA * r1Ohm - this.#relaxationV) / tau1S) * dtS
    const powerW = Math.abs(this.#currentA) * this.voltageV
    const targetC = AMBIENT_C + IDLE_RISE_C + thermalCPerW * powerW
    this.#temperatureC += ((targetC - this.#temperatureC) / thermalTauS) * dtS
    return before - this.#chargeMah
  }
}
