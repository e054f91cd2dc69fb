import type { CommandIo, ShellState } from './command.js'
import { parseScript } from './parse.js'
import { readLine } from './pipe.js'
import type { Interpreter } from './run.js'
import { ShellSyntaxError } from './syntax.js'

/** A script that was written on Windows ends its lines so. What a terminal does to its lines is adbd's business. */
const LINE_END = /\r$/

/** Reads lines, each run as it comes, until the input ends or `exit`. A line that wants more is asked for. */
export async function runInteractive(
  interpreter: Interpreter,
  shell: ShellState,
  { io, prompt }: { io: CommandIo; prompt: (cwd: string) => string },
): Promise<number> {
  let pending = ''
  for (;;) {
    await io.out(pending === '' ? prompt(shell.cwd) : '> ')
    const line = await readLine(io.stdin)
    if (line === null || io.signal.aborted) return shell.lastStatus
    const text = pending + line.replace(LINE_END, '')
    if (wantsMore(text)) {
      pending = `${text}\n`
      continue
    }
    pending = ''
    await interpreter.runText(text, shell, io)
    if (shell.exiting !== null) return shell.exiting
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
