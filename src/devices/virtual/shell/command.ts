import { systemCodeOf } from '../../../core/errors.js'
import type { Machine } from '../machine.js'
import type { Input } from './pipe.js'

/** Resolves once the reader has taken it. @throws BrokenPipeError when nobody reads any more */
export type Output = (data: Uint8Array | string) => Promise<void>

/** Streams of one command. */
export interface CommandIo {
  readonly stdin: Input
  readonly out: Output
  readonly err: Output
  readonly signal: AbortSignal
}

/** What a shell remembers between two commands. */
export class ShellState {
  cwd = '/'
  lastStatus = 0
  /** Set by `exit`: nothing more is run. */
  exiting: number | null = null
  /** What stands between the shell's name and its complaints: where its script is when that was not given as a word. */
  origin = ''
  /** Set by a text that is no script. */
  badSyntax = false
  readonly variables: Map<string, string>

  constructor(variables: ReadonlyMap<string, string>) {
    this.variables = new Map(variables)
  }

  /** A copy whose changes stay its own, for `( )`, `$( )` and pipes. */
  fork(): ShellState {
    const child = new ShellState(this.variables)
    child.cwd = this.cwd
    child.lastStatus = this.lastStatus
    child.origin = this.origin
    return child
  }
}

export interface CommandContext extends CommandIo {
  readonly machine: Machine
  readonly shell: ShellState
  readonly name: string
  /** Without the command's name. */
  readonly args: readonly string[]
  readonly commandNames: ReadonlySet<string>
  /** Runs a script in a shell of its own, with this command's streams. */
  readonly run: (script: string) => Promise<number>
}

/** Resolves with the exit code. */
export type ShellCommand = (context: CommandContext) => Promise<number>

export type CommandTable = Readonly<Record<string, ShellCommand>>

/** Prints `NAME: message` as toybox does, and returns 1. */
export async function fail(context: CommandContext, message: string): Promise<number> {
  await context.err(`${context.name}: ${message}\n`)
  return 1
}

const ERRNO_TEXT: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EEXIST: 'File exists',
  EINVAL: 'Invalid argument',
  EISDIR: 'Is a directory',
  ELOOP: 'Too many symbolic links encountered',
  ENAMETOOLONG: 'File name too long',
  ENOENT: 'No such file or directory',
  ENOSPC: 'No space left on device',
  ENOTDIR: 'Not a directory',
  ENOTEMPTY: 'Directory not empty',
  EPERM: 'Operation not permitted',
}

/** A system error in the phone's words; anything that is none is thrown on. */
export function errnoText(error: unknown): string {
  const text = ERRNO_TEXT[systemCodeOf(error) ?? '']
  if (text === undefined) throw error
  return text
}
