import type { CommandIo, ShellState } from './command.js'
import { Foreground } from './foreground.js'
import { parseScript } from './parse.js'
import { IterableInput, readLine } from './pipe.js'
import type { Interpreter } from './run.js'
import { ShellSyntaxError } from './syntax.js'
import type { TerminalSource } from './terminal-source.js'

/** A script that was written on Windows ends its lines so. What a terminal does to its lines is adbd's business. */
const LINE_END = /\r$/
const STATUS_INTERRUPTED = 130

interface Session {
  readonly io: CommandIo
  readonly prompt: (cwd: string) => string
}

/**
 * The shell without a command: reads lines, each run as it comes, until the input ends or `exit`. As every sh, it prompts
 * only when its input is a terminal.
 */
export async function runInteractive(interpreter: Interpreter, shell: ShellState, session: Session): Promise<number> {
  const { io } = session
  const terminal = io.stdin instanceof IterableInput ? io.stdin.terminal : null
  return terminal === null
    ? runLines(interpreter, shell, io)
    : runOnTerminal(interpreter, shell, { ...session, terminal })
}

async function runLines(interpreter: Interpreter, shell: ShellState, io: CommandIo): Promise<number> {
  let pending = ''
  for (let number = 1; ; number += 1) {
    const line = await readLine(io.stdin)
    if (io.signal.aborted) return shell.lastStatus
    const text = pending + (line ?? '').replace(LINE_END, '')
    if (line !== null && wantsMore(text)) {
      pending = `${text}\n`
      continue
    }
    pending = ''
    shell.origin = `<stdin>[${number}]: `
    await interpreter.runText(text, shell, io)
    if (shell.exiting !== null) return shell.exiting
    // mksh reads nothing after what it could not parse, unless somebody sits at a terminal.
    if (line === null || shell.badSyntax) return shell.lastStatus
  }
}

async function runOnTerminal(
  interpreter: Interpreter,
  shell: ShellState,
  { io, prompt, terminal }: Session & { readonly terminal: TerminalSource },
): Promise<number> {
  const foreground = new Foreground(io)
  terminal.onInterrupt(() => foreground.interrupt())
  let pending = ''
  for (;;) {
    // Android's mkshrc puts the status of a command that failed in front.
    const status = shell.lastStatus === 0 ? '' : `${shell.lastStatus}|`
    await io.out(pending === '' ? `${status}${prompt(shell.cwd)}` : '> ')
    const asked = pending
    pending = ''
    const done = await foreground.run(async (own) => {
      const line = await readLine(own.stdin)
      if (line === null) {
        // The host's own prompt is not to follow ours on its line.
        await own.out('\n')
        return true
      }
      const text = asked + line.replace(LINE_END, '')
      if (wantsMore(text)) pending = `${text}\n`
      else await interpreter.runText(text, shell, own)
      return shell.exiting !== null
    })
    if (io.signal.aborted) return shell.lastStatus
    if (done === 'interrupted') {
      await io.out('\n')
      shell.lastStatus = STATUS_INTERRUPTED
    } else if (done) return shell.exiting ?? shell.lastStatus
  }
}

function wantsMore(text: string): boolean {
  try {
    parseScript(text)
    return false
  } catch (error) {
    // What is wrong otherwise is reported when the text is run.
    return error instanceof ShellSyntaxError && error.incomplete
  }
}
