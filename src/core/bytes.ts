import type { ByteStream } from './stream.js'

/** The stream ended in the middle of something. */
export class EndOfStreamError extends Error {
  override readonly name = 'EndOfStreamError'
}

/** More bytes than the reader was told to hold. */
export class TooLongError extends Error {
  override readonly name = 'TooLongError'
}

/** Reads lengths from a `ByteStream`; each byte is copied once, however small the chunks come. */
export class ByteReader {
  readonly #stream: ByteStream
  #chunks: Uint8Array[] = []
  #buffered = 0

  constructor(stream: ByteStream) {
    this.#stream = stream
  }

  /** Exactly `length` bytes. @throws EndOfStreamError when the stream ends first */
  async exactly(length: number): Promise<Uint8Array> {
    const bytes = await this.exactlyOrEnd(length)
    if (bytes === null) throw new EndOfStreamError(`Cannot read ${length} bytes as the stream has ended`)
    return bytes
  }

  /** Like `exactly`, but null when the stream ends cleanly before the first byte. */
  async exactlyOrEnd(length: number): Promise<Uint8Array | null> {
    while (this.#buffered < length) {
      const chunk = await this.#stream.read()
      if (chunk === null) {
        if (this.#buffered === 0 && length > 0) return null
        throw new EndOfStreamError(`Cannot read ${length} bytes as the stream ended after ${this.#buffered}`)
      }
      this.#chunks.push(chunk)
      this.#buffered += chunk.length
    }
    return this.#take(length)
  }

  /** Whatever comes next, never empty; null once the stream has ended cleanly. */
  async some(): Promise<Uint8Array | null> {
    const chunk = this.#chunks.shift()
    if (chunk === undefined) return this.#stream.read()
    this.#buffered -= chunk.length
    return chunk
  }

  /** Everything up to the end of the stream. @throws TooLongError past `limit` bytes */
  async rest(limit: number): Promise<Uint8Array> {
    for (;;) {
      if (this.#buffered > limit) throw new TooLongError(`Cannot read more than ${limit} bytes: the peer sent more`)
      const chunk = await this.#stream.read()
      if (chunk === null) return this.#take(this.#buffered)
      this.#chunks.push(chunk)
      this.#buffered += chunk.length
    }
  }

  #take(length: number): Uint8Array {
    const first = this.#chunks[0]
    if (first !== undefined && first.length >= length) {
      if (first.length === length) this.#chunks.shift()
      else this.#chunks[0] = first.subarray(length)
      this.#buffered -= length
      return first.subarray(0, length)
    }
    const bytes = new Uint8Array(length)
    let filled = 0
    let used = 0
    while (filled < length) {
      const chunk = this.#chunks[used]
      if (chunk === undefined) break
      const part = chunk.subarray(0, length - filled)
      bytes.set(part, filled)
      filled += part.length
      if (part.length < chunk.length) this.#chunks[used] = chunk.subarray(part.length)
      else used += 1
    }
    this.#chunks = this.#chunks.slice(used)
    this.#buffered -= length
    return bytes
  }
}
