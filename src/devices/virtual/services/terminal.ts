import { Buffer } from 'node:buffer'
import type { TerminalSource } from '../shell/terminal-source.js'

/** What the terminal shows of what is typed. Line ends are LF here. */
export type Echo = (text: Uint8Array | string) => Promise<void>

/** Linux's N_TTY_BUF_SIZE less the line's end: what a longer line has more is lost, with a bell. */
const LINE_MAX = 4095
/** Lines typed ahead, bytes: beyond them the host waits until a command reads. */
const AHEAD_MAX = 64 * 1024

const KEY = { interrupt: 0x03, endOfFile: 0x04, backspace: 0x08, tab: 0x09, newline: 0x0a, return: 0x0d } as const
const KEY_EDIT = { eraseLine: 0x15, eraseWord: 0x17, delete: 0x7f } as const
const SPACE = 0x20
const BELL = '\u0007'

/**
 * The line discipline of the pty that adbd gives to `adb shell`: the host's own terminal is raw then, so that echo,
 * erasing, and the keys for interrupt and end of file are the phone's. It reads on while a command runs, as ^C must be heard.
 */
export class Terminal implements TerminalSource {
  readonly #echo: Echo
  #line: number[] = []
  /** Lines to be read; an empty one is an end of file. */
  #ready: Uint8Array[] = []
  #ahead = 0
  #over: { readonly failure: unknown } | null = null
  #interrupt: () => void
  #wakeReader: (() => void) | null = null
  #wakePump: (() => void) | null = null

  constructor(keys: AsyncIterable<Uint8Array>, { echo, interrupt }: { echo: Echo; interrupt: () => void }) {
    this.#echo = echo
    this.#interrupt = interrupt
    this.#pump(keys).then(
      () => this.#end(null),
      (error: unknown) => this.#end(error),
    )
  }

  onInterrupt(handler: () => void): void {
    this.#interrupt = handler
  }

  /** Unlike a generator's, its iterator goes on after an end that ^D made: the next reader reads on. */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    return { next: () => this.#next() }
  }

  async #next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      const line = this.#ready.shift()
      if (line !== undefined) {
        this.#ahead -= line.length
        this.#wakePump?.()
        return line.length === 0 ? { done: true, value: undefined } : { done: false, value: line }
      }
      if (this.#over !== null) {
        if (this.#over.failure !== null) throw this.#over.failure
        return { done: true, value: undefined }
      }
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve
      })
    }
  }

  async #pump(keys: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const bytes of keys) {
      for (const byte of bytes) {
        await this.#key(byte)
        while (this.#ahead >= AHEAD_MAX) await new Promise<void>((resolve) => (this.#wakePump = resolve))
      }
    }
    // What was typed before the host ended its input is input too.
    if (this.#line.length > 0) this.#push()
  }

  async #key(byte: number): Promise<void> {
    switch (byte) {
      case KEY.return:
      case KEY.newline:
        this.#line.push(KEY.newline)
        await this.#echo('\n')
        return this.#push()
      case KEY.interrupt:
        return this.#interrupted()
      case KEY.endOfFile:
        return this.#push()
      case KEY.backspace:
      case KEY_EDIT.delete:
        return this.#echo(this.#erase())
      case KEY_EDIT.eraseLine:
        return this.#echo(this.#eraseWhile(() => true))
      case KEY_EDIT.eraseWord: {
        const blanks = this.#eraseWhile((last) => last === SPACE)
        return this.#echo(blanks + this.#eraseWhile((last) => last !== SPACE))
      }
      default:
        return this.#type(byte)
    }
  }

  async #type(byte: number): Promise<void> {
    if (this.#line.length >= LINE_MAX) return this.#echo(BELL)
    this.#line.push(byte)
    await this.#echo(isShownAsTwo(byte) ? `^${String.fromCharCode(byte ^ 0x40)}` : Uint8Array.of(byte))
  }

  /** What was typed ahead is gone too, as on a terminal without NOFLSH. */
  async #interrupted(): Promise<void> {
    this.#line = []
    this.#ready = []
    this.#ahead = 0
    await this.#echo('^C')
    this.#interrupt()
  }

  #eraseWhile(wanted: (last: number) => boolean): string {
    let shown = ''
    for (let last = this.#line.at(-1); last !== undefined && wanted(last); last = this.#line.at(-1))
      shown += this.#erase()
    return shown
  }

  /** Takes the last character away, all of its UTF-8 bytes; what takes it off the screen. */
  #erase(): string {
    let byte = this.#line.pop()
    if (byte === undefined) return ''
    const columns = isShownAsTwo(byte) ? 2 : 1
    while (byte !== undefined && (byte & 0xc0) === 0x80) byte = this.#line.pop()
    return '\b \b'.repeat(columns)
  }

  #push(): void {
    const line = Buffer.from(this.#line)
    this.#line = []
    this.#ready.push(line)
    this.#ahead += line.length
    this.#wake()
  }

  #end(failure: unknown): void {
    this.#over = { failure }
    this.#wake()
  }

  #wake(): void {
    this.#wakeReader?.()
    this.#wakeReader = null
  }
}

/** A control character is echoed as `^` and a letter. */
function isShownAsTwo(byte: number): boolean {
  return (byte < SPACE && byte !== KEY.tab) || byte === KEY_EDIT.delete
}
