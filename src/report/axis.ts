/** Round numbers over a range, for the ticks of an axis. */
export interface Axis {
  readonly min: number
  readonly max: number
  readonly ticks: readonly number[]
}

/** An axis of about `count` ticks that holds `min` to `max`; a range of no width is given one. */
export function valueAxis(min: number, max: number, count: number): Axis {
  const span = Math.max(max - min, Math.abs(max) * 1e-3, 1e-6)
  const rough = span / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find((nice) => nice * power >= rough) ?? 10) * power
  const from = Math.floor(min / step)
  const to = Math.max(Math.ceil(max / step), from + 1)
  const ticks = Array.from({ length: to - from + 1 }, (_, index) => Number(((from + index) * step).toPrecision(12)))
  return { min: ticks[0] ?? min, max: ticks.at(-1) ?? max, ticks }
}

const TIME_STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400]

export interface TimeAxis extends Axis {
  readonly stepS: number
  /** What the labels are in. */
  readonly unit: 's' | 'min' | 'h'
  readonly unitS: number
}

/** Time ticks in seconds, the same in the drawn curves and in the report's charts. */
export function timeAxis(maxS: number): TimeAxis {
  const max = Math.max(maxS, 1)
  const stepS = TIME_STEPS_S.find((candidate) => max / candidate <= 8) ?? 86_400 * Math.ceil(max / 86_400 / 8)
  const ticks = Array.from({ length: Math.floor(max / stepS) + 1 }, (_, index) => index * stepS)
  const unitS = max < 120 ? 1 : max < 7200 ? 60 : 3600
  const unit = unitS === 1 ? 's' : unitS === 60 ? 'min' : 'h'
  return { min: 0, max, ticks, stepS, unit, unitS }
}
