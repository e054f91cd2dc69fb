import { Buffer } from 'node:buffer'
import { isTerminalSource, type TerminalSource } from './terminal-source.js'

/** Nobody reads any more: a command that writes on is ended by this, as by SIGPIPE. */
export class BrokenPipeError extends Error {
  override readonly name = 'BrokenPipeError'
}

/** What a command reads. Several commands may share one, one after the other. */
export interface Input {
  /** The next bytes; null at the end. */
  read(): Promise<Uint8Array | null>
  /** Gives back what was read too much. */
  unread(bytes: Uint8Array): void
}

const toBytes = (data: Uint8Array | string): Uint8Array => (typeof data === 'string' ? Buffer.from(data) : data)

/** Reads an async iterable without ending it, so that the next command can go on where this one stopped. */
export class IterableInput implements Input {
  /** The terminal that this reads; null when it is none. */
  readonly terminal: TerminalSource | null
  readonly #iterator: AsyncIterator<Uint8Array>
  #back: Uint8Array[] = []

  constructor(source: AsyncIterable<Uint8Array>) {
    this.terminal = isTerminalSource(source) ? source : null
    this.#iterator = source[Symbol.asyncIterator]()
  }

  async read(): Promise<Uint8Array | null> {
    const back = this.#back.pop()
    if (back !== undefined) return back
    const { done, value } = await this.#iterator.next()
    return done === true ? null : value
  }

  unread(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#back.push(bytes)
  }

  /** Ends the source, so that a file that was not read to its end is closed. */
  async close(): Promise<void> {
    await this.#iterator.return?.()
  }
}

/** Input that holds exactly these bytes. */
export function bytesInput(bytes: Uint8Array | string): IterableInput {
  return new IterableInput(
    (async function* (): AsyncGenerator<Uint8Array> {
      const whole = toBytes(bytes)
      if (whole.length > 0) yield whole
    })(),
  )
}

/** One direction between two commands. A write is accepted once it has been read: the reader sets the pace. */
export class Pipe implements Input {
  #queue: { bytes: Uint8Array; accept: () => void; refuse: (reason: Error) => void }[] = []
  #back: Uint8Array[] = []
  #ended = false
  #broken = false
  #wakeReader: (() => void) | null = null

  write(data: Uint8Array | string): Promise<void> {
    const bytes = toBytes(data)
    if (this.#broken) return Promise.reject(new BrokenPipeError('Broken pipe'))
    if (bytes.length === 0) return Promise.resolve()
    return new Promise((accept, refuse) => {
      this.#queue.push({ bytes, accept, refuse })
      this.#wake()
    })
  }

  /** The writer has no more. */
  end(): void {
    this.#ended = true
    this.#wake()
  }

  /** The reader wants no more. */
  closeReader(): void {
    this.#broken = true
    for (const { refuse } of this.#queue.splice(0)) refuse(new BrokenPipeError('Broken pipe'))
  }

  async read(): Promise<Uint8Array | null> {
    const back = this.#back.pop()
    if (back !== undefined) return back
    for (;;) {
      const next = this.#queue.shift()
      if (next !== undefined) {
        next.accept()
        return next.bytes
      }
      if (this.#ended) return null
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve
      })
    }
  }

  unread(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#back.push(bytes)
  }

  #wake(): void {
    this.#wakeReader?.()
    this.#wakeReader = null
  }
}

/** Lines of an input, each without its line end; the rest of the input is left to the next reader. */
export async function* linesOf(input: Input): AsyncGenerator<string> {
  for (;;) {
    const line = await readLine(input)
    if (line === null) return
    yield line
  }
}

/** The next line without its end; null at the end of the input. What follows it is given back. */
export async function readLine(input: Input): Promise<string | null> {
  const parts: Uint8Array[] = []
  for (;;) {
    const chunk = await input.read()
    if (chunk === null) return parts.length === 0 ? null : Buffer.concat(parts).toString()
    const end = chunk.indexOf(0x0a)
    if (end >= 0) {
      parts.push(chunk.subarray(0, end))
      input.unread(chunk.subarray(end + 1))
      return Buffer.concat(parts).toString()
    }
    parts.push(chunk)
  }
}

/** Everything up to the end. */
export async function readAll(input: Input): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for (;;) {
    const chunk = await input.read()
    if (chunk === null) return Buffer.concat(parts)
    parts.push(chunk)
  }
}
