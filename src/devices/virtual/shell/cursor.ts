/** A position in a text. */
export class Cursor {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  get done(): boolean {
    return this.#at >= this.#text.length
  }

  /** The character `ahead` places on; empty past the end. */
  peek(ahead = 0): string {
    return this.#text.charAt(this.#at + ahead)
  }

  /** Takes one character. */
  next(): string {
    const char = this.peek()
    this.#at += 1
    return char
  }

  /** Takes `expected` when it comes next. */
  take(expected: string): boolean {
    if (!this.#text.startsWith(expected, this.#at)) return false
    this.#at += expected.length
    return true
  }

  /** Takes what a sticky (`y`) pattern matches here; null when it does not. */
  match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0] ?? null
    if (found !== null) this.#at += found.length
    return found
  }
}
