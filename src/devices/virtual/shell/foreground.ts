import type { CommandIo } from './command.js'
import type { Input } from './pipe.js'

/** What a terminal's ^C ends: one command after the other, each with streams that are its own until it is interrupted. */
export class Foreground {
  readonly #io: CommandIo
  /** A read that an interrupted command began: its bytes are for the next reader. */
  #pending: Promise<Uint8Array | null> | null = null
  #current: AbortController | null = null
  /** A ^C that came between two commands counts for the next. */
  #early = false

  constructor(io: CommandIo) {
    this.#io = io
  }

  /** Ends the command that runs. */
  interrupt(): void {
    if (this.#current === null) this.#early = true
    else this.#current.abort(new Error('Interrupted'))
  }

  /** What `command` gives, or that it was interrupted: then nobody waits for it, and it can neither read nor print. */
  async run<T>(command: (io: CommandIo) => Promise<T>): Promise<T | 'interrupted'> {
    if (this.#early) {
      this.#early = false
      return 'interrupted'
    }
    const current = new AbortController()
    this.#current = current
    const interrupted = aborted(current.signal)
    try {
      return await Promise.race([command(this.#streams(current.signal, interrupted)), interrupted])
    } catch (error) {
      if (!current.signal.aborted) throw error
      return 'interrupted'
    } finally {
      this.#current = null
    }
  }

  #streams(signal: AbortSignal, interrupted: Promise<'interrupted'>): CommandIo {
    const io = this.#io
    const unlessOver =
      (write: CommandIo['out']): CommandIo['out'] =>
      async (data) => {
        signal.throwIfAborted()
        await write(data)
      }
    return {
      stdin: this.#input(signal, interrupted),
      out: unlessOver((data) => io.out(data)),
      err: unlessOver((data) => io.err(data)),
      signal: AbortSignal.any([io.signal, signal]),
    }
  }

  #input(signal: AbortSignal, interrupted: Promise<'interrupted'>): Input {
    const { stdin } = this.#io
    return {
      read: async () => {
        signal.throwIfAborted()
        const reading = (this.#pending ??= stdin.read())
        // Awaited by a later reader when this one is interrupted first.
        reading.catch(() => undefined)
        const first = await Promise.race([reading, interrupted])
        if (first === 'interrupted') throw signal.reason
        this.#pending = null
        return first
      },
      unread: (bytes) => stdin.unread(bytes),
    }
  }
}

function aborted(signal: AbortSignal): Promise<'interrupted'> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve('interrupted'), { once: true })
  })
}
