import { Command } from '@oclif/core'
import { createApp, type App } from './app.js'
import { catchInterrupts, type Interrupts } from './core/interrupt.js'
import { describeFailure, exitCodeOf, writeFailure } from './failure.js'

/**
 * What every command shares: `--json` with exactly one object on stdout, errors as `DalaError` with the same exit code
 * either way, and one abort signal for Ctrl-C. Why not oclif's own: it loses exit codes and drops warnings under --json.
 */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true

  readonly #warnings: string[] = []
  #interrupts: Interrupts | null = null
  #app: App | null = null

  /** The program's parts, built once. */
  protected app(): App {
    this.#app ??= createApp(process.env, this.config.version)
    return this.#app
  }

  /** Aborted by the first Ctrl-C; `notice` goes to stderr then. */
  protected interruptible(notice: string | null = null): AbortSignal {
    this.#interrupts ??= catchInterrupts(() => {
      if (notice !== null) process.stderr.write(`\n${notice}\n`)
    })
    return this.#interrupts.signal
  }

  override warn(input: string | Error): string | Error {
    const message = typeof input === 'string' ? input : input.message
    this.#warnings.push(message)
    if (!this.jsonEnabled()) process.stderr.write(`Warning: ${message}\n`)
    return input
  }

  protected override toSuccessJson(result: unknown): unknown {
    return { ...(result as object), warnings: this.#warnings }
  }

  protected override catch(error: unknown): Promise<void> {
    // oclif ends --help by throwing; main() knows what to do with it.
    if (error instanceof Error && 'code' in error && error.code === 'EEXIT') throw error
    process.exitCode = exitCodeOf(error)
    writeFailure(describeFailure(error), { json: this.jsonEnabled(), warnings: this.#warnings })
    return Promise.resolve()
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    this.#interrupts?.release()
    await super.finally(error)
  }
}
