/** Ticks are the smallest unit of a gauge's numbers: 1 µAh of a charge counter, 0.01 % of a level. */
export type Ticks = number

/** Below this many print units a rounded lattice can't be told from an exact one. */
const MIN_UNITS = 8
const MAX_DIVISOR = 64
/** Two rounded ends of a move are off by less than one print unit; half a unit more for the rounding of the step. */
const TOLERANCE_UNITS = 1.5
/** What a gauge that corrects itself a little, or prints digits of noise, differs from its own step by. */
const TOLERANCE_SHARE = 0.01
/** Any two or three numbers have some small common divisor: only that of more moves is a step. */
const ENOUGH_MOVES = 5

/**
 * The gauge's step: the largest one of which every move is a whole multiple, give or take the rounding of the numbers
 * (28, 29, 29 are moves of one step of 28.9). Too large a step only widens the bounds; too small a one would make them
 * wrong, which is why the largest is taken, and of few moves the smallest one. Null when nothing moved (docs/method.md,
 * "Step").
 */
export function measureStep(values: readonly Ticks[]): Ticks | null {
  const moves = sortedMoves(values)
  const smallest = moves[0]
  if (smallest === undefined) return null
  const unit = moves.reduce(gcd)
  const few = moves.length < ENOUGH_MOVES
  const divisors = few ? 1 : MAX_DIVISOR
  for (let divisor = 1; divisor <= divisors && smallest / divisor >= MIN_UNITS * unit; divisor += 1) {
    const step = latticeStep(moves, smallest / divisor, unit)
    if (step !== null) return step
  }
  return few ? smallest : unit
}

function sortedMoves(values: readonly Ticks[]): Ticks[] {
  const moves = values.map((value, index) => Math.abs(value - (values[index - 1] ?? value)))
  return moves.filter((move) => move > 0).toSorted((a, b) => a - b)
}

function latticeStep(moves: readonly Ticks[], guess: number, unit: Ticks): number | null {
  const tolerance = Math.max(unit * TOLERANCE_UNITS, guess * TOLERANCE_SHARE)
  let step = guess
  let ticks = 0
  let count = 0
  for (const move of moves) {
    const multiple = Math.round(move / step)
    if (multiple === 0 || Math.abs(move - multiple * step) > tolerance) return null
    ticks += move
    count += multiple
    step = ticks / count
  }
  return step
}

function gcd(a: number, b: number): number {
  let [x, y] = [a, b]
  while (y > 0) [x, y] = [y, x % y]
  return x
}

/** What share of the full charge a step is, within 2.5 %; null when it is neither of the usual ones. */
export function shareOfFull(step: number, full: number): 'percent' | 'permille' | null {
  const near = (share: number): boolean => Math.abs(step - share) <= 0.025 * share
  if (near(full / 100)) return 'percent'
  return near(full / 1000) ? 'permille' : null
}
