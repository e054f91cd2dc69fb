import { DalaError, messageOf } from './core/errors.js'
import { Interrupted } from './core/interrupt.js'

/** A failure as it is told: on stderr in words, under --json as an object on stdout (docs/json.md). */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly fix: readonly string[]
  readonly docs: string
  /** Only of a bug: where it happened. */
  readonly stack: string | null
}

/** The process's exit code for whatever a command threw (docs/exit-codes.md). */
export function exitCodeOf(error: unknown): number {
  if (error instanceof DalaError || error instanceof Interrupted) return error.exitCode
  if (isUsageError(error)) return 2
  return 1
}

export function describeFailure(error: unknown): Failure {
  if (error instanceof DalaError) {
    return { code: error.code, message: error.message, fix: error.fix, docs: error.docs, stack: null }
  }
  if (error instanceof Interrupted) {
    return {
      code: 'DALA_INTERRUPTED',
      message: error.message,
      fix: [],
      docs: 'docs/errors.md#dala_interrupted',
      stack: null,
    }
  }
  if (isUsageError(error)) return usageFailure(error)
  return {
    code: 'DALA_BUG',
    message: `This is a bug in dala: ${messageOf(error)}`,
    fix: ['Report it with the command line and the lines below'],
    docs: 'docs/errors.md#dala_bug',
    stack: error instanceof Error ? (error.stack ?? null) : null,
  }
}

/** oclif's own errors: unknown command or flag, a missing or bad argument. They carry `oclif.exit`. */
function isUsageError(error: unknown): error is Error {
  return error instanceof Error && 'oclif' in error
}

function usageFailure(error: Error): Failure {
  // oclif appends "See more help with --help" and, for flags, whole lists: the first paragraph says what is wrong.
  const [first = ''] = error.message.split('\nSee more help')
  // An unknown command is told in oclif's own spelling, `virtual:bogus`.
  const words = first.replaceAll(/\s+/g, ' ').replace(/^command \S+ not found/, (told) => told.replaceAll(':', ' '))
  return {
    code: 'DALA_USAGE',
    message: words.trim().slice(0, 500),
    fix: ['See what the command takes: add --help'],
    docs: 'docs/errors.md#dala_usage',
    stack: null,
  }
}

export function writeFailure(failure: Failure, how: { json: boolean; warnings: readonly string[] }): void {
  if (how.json) {
    const { code, message, fix, docs } = failure
    process.stdout.write(
      `${JSON.stringify({ error: { code, message, fix, docs }, warnings: how.warnings }, null, 2)}\n`,
    )
    if (failure.stack !== null) process.stderr.write(`${failure.stack}\n`)
    return
  }
  const lines = [`Error: ${failure.message}`, ...failure.fix.map((line) => `  try: ${line}`)]
  if (failure.stack !== null) lines.push(failure.stack)
  lines.push(`  code ${failure.code}, see ${failure.docs}`)
  process.stderr.write(`${lines.join('\n')}\n`)
}
