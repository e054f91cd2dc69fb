/** A seeded stream of random numbers: the same seed gives the same phone. Not for secrets. */
export class SeededRandom {
  #state: number
  #spare: number | null = null

  /** @param seed any integer; only its lowest 32 bits count */
  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** Uniform in [0, 1). The mixing is mulberry32's: 32 bits of state, good enough for a load curve. */
  uniform(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  /** Normal deviate, mean 0 and standard deviation 1 (Box and Muller; they come in pairs). */
  normal(): number {
    const spare = this.#spare
    if (spare !== null) {
      this.#spare = null
      return spare
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()))
    const angle = 2 * Math.PI * this.uniform()
    this.#spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }

  /** Whole number in [low, high]. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.uniform() * (high - low + 1))
  }

  /** `length` hexadecimal digits. */
  hex(length: number): string {
    return Array.from({ length }, () => this.integer(0, 15).toString(16)).join('')
  }
}
