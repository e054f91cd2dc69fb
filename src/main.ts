import { Errors, flush, run, settings } from '@oclif/core'
import { describeFailure, exitCodeOf, writeFailure } from './failure.js'

/** Runs the command that `argv` names and resolves with the process's exit code, after all output has been written. */
export async function main(argv: readonly string[], launcherUrl: string): Promise<number> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', onOutputError)
  // What runs is dist/: oclif need not look for TypeScript sources and a compiler.
  settings.enableAutoTranspile = false
  try {
    await run([...argv], launcherUrl)
  } catch (error) {
    // oclif ends --help and --version by throwing exit code 0.
    if (error instanceof Errors.ExitError) return error.oclif.exit ?? 0
    // Commands report their own failures; what arrives here happened before one was found.
    writeFailure(describeFailure(error), { json: argv.includes('--json'), warnings: [] })
    return exitCodeOf(error)
  } finally {
    await flush()
  }
  return Number(process.exitCode ?? 0)
}

/** A reader that has seen enough (`| head`) closes the pipe: no failure of ours, and no reason to end a measurement. */
function onOutputError(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') process.exitCode = 1
}
