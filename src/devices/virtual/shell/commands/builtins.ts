import { stat } from 'node:fs/promises'
import { errnoText, fail, type CommandContext, type CommandTable } from '../command.js'
import { readAll } from '../pipe.js'

async function cd({ machine, shell, args, err }: CommandContext): Promise<number> {
  const target =
    args[0] === '-' ? (shell.variables.get('OLDPWD') ?? '/') : (args[0] ?? shell.variables.get('HOME') ?? '/')
  const located = machine.parts.files.locate(target, { cwd: shell.cwd })
  let why: string | null = located.kind === 'refused' ? located.why : 'Not a directory'
  if (located.kind === 'file') {
    try {
      if ((await stat(located.hostPath)).isDirectory()) why = null
    } catch (error) {
      why = errnoText(error)
    }
  }
  if (why !== null || located.kind !== 'file') {
    await err(`/system/bin/sh: cd: ${target}: ${why ?? 'Not a directory'}\n`)
    return 2
  }
  shell.variables.set('OLDPWD', shell.cwd)
  shell.cwd = located.phonePath
  return 0
}

async function exit({ shell, args }: CommandContext): Promise<number> {
  const status = args[0] === undefined ? shell.lastStatus : Number(args[0])
  shell.exiting = Number.isInteger(status) ? status & 0xff : 1
  return shell.exiting
}

async function pwd({ shell, out }: CommandContext): Promise<number> {
  await out(`${shell.cwd}\n`)
  return 0
}

async function env({ shell, out }: CommandContext): Promise<number> {
  await out([...shell.variables].map(([name, value]) => `${name}=${value}\n`).join(''))
  return 0
}

async function exportVariables({ shell, args }: CommandContext): Promise<number> {
  for (const arg of args) {
    const at = arg.indexOf('=')
    if (at > 0) shell.variables.set(arg.slice(0, at), arg.slice(at + 1))
  }
  return 0
}

async function unset({ shell, args }: CommandContext): Promise<number> {
  for (const name of args) shell.variables.delete(name)
  return 0
}

async function which({ args, commandNames, out }: CommandContext): Promise<number> {
  let status = args.length === 0 ? 1 : 0
  for (const name of args) {
    if (commandNames.has(name)) await out(`/system/bin/${name}\n`)
    else status = 1
  }
  return status
}

/** `command -v NAME`; without `-v` it runs what follows. */
async function command(context: CommandContext): Promise<number> {
  const [first, ...rest] = context.args
  if (first === '-v') return which({ ...context, args: rest })
  return first === undefined ? 0 : context.run(context.args.map((word) => quote(word)).join(' '))
}

/** Runs a command in the shell's place: when it has ended, nothing more is run. */
async function exec({ shell, args, run }: CommandContext): Promise<number> {
  if (args.length === 0) return 0
  shell.exiting = await run(args.map((word) => quote(word)).join(' '))
  return shell.exiting
}

function quote(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`
}

async function sh(context: CommandContext): Promise<number> {
  const [first, script] = context.args
  if (first === '-c' && script !== undefined) return context.run(script)
  if (first !== undefined) return fail(context, `${first}: No such file or directory`)
  return context.run((await readAll(context.stdin)).toString())
}

export const BUILTIN_COMMANDS: CommandTable = {
  ':': () => Promise.resolve(0),
  true: () => Promise.resolve(0),
  false: () => Promise.resolve(1),
  cd,
  command,
  env,
  exec,
  exit,
  export: exportVariables,
  printenv: env,
  pwd,
  sh,
  unset,
  which,
}
