import { Buffer } from 'node:buffer'
import type { Machine } from '../machine.js'
import { errnoText, type CommandIo, type CommandTable, type ShellState } from './command.js'
import { expandText, expandWords, type ExpandContext } from './expand.js'
import { parseScript } from './parse.js'
import { BrokenPipeError, Pipe, bytesInput } from './pipe.js'
import { RedirectError, redirect } from './redirect.js'
import { ShellSyntaxError, type Command, type Pipeline, type Script, type SimpleCommand } from './syntax.js'

const STATUS = { syntax: 1, notFound: 127, interrupted: 130, brokenPipe: 141 } as const
const SHELL = '/system/bin/sh'

/** Runs scripts on a machine with a table of commands. */
export class Interpreter {
  readonly #machine: Machine
  readonly #commands: CommandTable

  constructor(machine: Machine, commands: CommandTable) {
    this.#machine = machine
    this.#commands = commands
  }

  /** Parses and runs a text; resolves with its exit code. A text that is no script prints why and is 1. */
  async runText(text: string, shell: ShellState, io: CommandIo): Promise<number> {
    try {
      return await this.#script(parseScript(text), shell, io)
    } catch (error) {
      if (!(error instanceof ShellSyntaxError)) throw error
      await io.err(`${SHELL}: ${shell.origin}${error.message}\n`)
      shell.badSyntax = true
      shell.lastStatus = STATUS.syntax
      return STATUS.syntax
    }
  }

  async #script(script: Script, shell: ShellState, io: CommandIo): Promise<number> {
    for (const { when, pipeline } of script) {
      if (io.signal.aborted) return STATUS.interrupted
      if (when === 'success' && shell.lastStatus !== 0) continue
      if (when === 'failure' && shell.lastStatus === 0) continue
      shell.lastStatus = await this.#pipeline(pipeline, shell, io)
      if (shell.exiting !== null) return shell.exiting
    }
    return shell.lastStatus
  }

  async #pipeline({ negated, commands }: Pipeline, shell: ShellState, io: CommandIo): Promise<number> {
    const [only] = commands
    const status =
      commands.length === 1 && only !== undefined
        ? await this.#guarded(only, shell, io)
        : await this.#piped(commands, shell, io)
    return negated ? Number(status === 0) : status
  }

  /** All commands run at once, each in a shell of its own; the last one's status counts. */
  async #piped(commands: readonly Command[], shell: ShellState, io: CommandIo): Promise<number> {
    const pipes = commands.slice(1).map(() => new Pipe())
    const results = await Promise.allSettled(
      commands.map(async (command, index) => {
        const input = pipes[index - 1]
        const output = pipes[index]
        try {
          return await this.#guarded(command, shell.fork(), {
            stdin: input ?? io.stdin,
            out: (data) => (output === undefined ? io.out(data) : output.write(data)),
            err: (data) => io.err(data),
            signal: io.signal,
          })
        } finally {
          output?.end()
          input?.closeReader()
        }
      }),
    )
    let status = 0
    for (const result of results) {
      if (result.status === 'rejected') throw result.reason
      status = result.value
    }
    return status
  }

  /** A command whose reader or host has gone ends as by a signal; a host's file error is the command's; the rest is a bug. */
  async #guarded(command: Command, shell: ShellState, io: CommandIo): Promise<number> {
    try {
      return await this.#command(command, shell, io)
    } catch (error) {
      if (error instanceof BrokenPipeError) return STATUS.brokenPipe
      if (io.signal.aborted) return STATUS.interrupted
      await io.err(`${SHELL}: ${errnoText(error)}\n`)
      return 1
    }
  }

  async #command(command: Command, shell: ShellState, io: CommandIo): Promise<number> {
    const context = this.#expansion(shell, io)
    try {
      const redirected = await redirect(command.redirects, io, context)
      try {
        if (command.kind === 'subshell') return await this.#script(command.script, shell.fork(), redirected.io)
        return await this.#simple(command, shell, redirected.io)
      } finally {
        await redirected.close()
      }
    } catch (error) {
      if (!(error instanceof RedirectError)) throw error
      await io.err(`${SHELL}: ${error.message}\n`)
      return 1
    }
  }

  async #simple(command: SimpleCommand, shell: ShellState, io: CommandIo): Promise<number> {
    const context = this.#expansion(shell, io)
    const values: [string, string][] = []
    for (const { name, value } of command.assignments) values.push([name, await expandText(value, context)])
    const [name, ...args] = await expandWords(command.words, context)
    if (name === undefined) {
      for (const [key, value] of values) shell.variables.set(key, value)
      // An assignment that has nothing else returns what the last `$( )` in it returned.
      const substitutes = command.assignments.some(({ value }) => value.some(({ kind }) => kind === 'substitution'))
      return substitutes ? shell.lastStatus : 0
    }
    return withVariables(shell, values, () => this.#invoke(name, args, { shell, io }))
  }

  async #invoke(
    name: string,
    args: readonly string[],
    { shell, io }: { shell: ShellState; io: CommandIo },
  ): Promise<number> {
    const plain = name.replace(/^\/(?:system\/bin|system\/xbin|vendor\/bin|bin)\//, '')
    const command = Object.hasOwn(this.#commands, plain) ? this.#commands[plain] : undefined
    if (command === undefined) {
      await io.err(`${SHELL}: ${shell.origin}${name}: inaccessible or not found\n`)
      return STATUS.notFound
    }
    return command({
      ...io,
      machine: this.#machine,
      shell,
      name: plain,
      args,
      commandNames: new Set(Object.keys(this.#commands)),
      run: (script) => this.runText(script, shell.fork(), io),
    })
  }

  #expansion(shell: ShellState, io: CommandIo): ExpandContext {
    return {
      shell,
      files: this.#machine.parts.files,
      substitute: async (script) => {
        const chunks: Uint8Array[] = []
        const out = (data: Uint8Array | string): Promise<void> => {
          chunks.push(Buffer.from(data))
          return Promise.resolve()
        }
        shell.lastStatus = await this.#script(script, shell.fork(), {
          stdin: bytesInput(''),
          out,
          err: (data) => io.err(data),
          signal: io.signal,
        })
        return Buffer.concat(chunks).toString().replace(/\n+$/, '')
      },
    }
  }
}

/** Variables set in front of a command hold for that command alone. */
async function withVariables(
  shell: ShellState,
  values: readonly [string, string][],
  run: () => Promise<number>,
): Promise<number> {
  const before = values.map(([key]) => [key, shell.variables.get(key)] as const)
  for (const [key, value] of values) shell.variables.set(key, value)
  try {
    return await run()
  } finally {
    for (const [key, value] of before) {
      if (value === undefined) shell.variables.delete(key)
      else shell.variables.set(key, value)
    }
  }
}
