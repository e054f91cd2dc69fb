import { posix } from 'node:path'
import type { InstalledPackage } from '../../packages.js'
import type { CommandContext, CommandTable } from '../command.js'

const FAILED = 255

/** `pm …` and `cmd package …`: the same service. */
export async function packageShell(context: CommandContext, args: readonly string[]): Promise<number> {
  const [verb = '', ...rest] = args
  if (verb === 'list') return list(context, rest)
  if (verb === 'path') return path(context, rest)
  await context.out(verb === '' ? 'Package manager (package) commands:\n  help\n  list packages\n  path PACKAGE\n' : '')
  if (verb === '' || verb === 'help') return 0
  await context.err(`Unknown command: ${verb}\n`)
  return FAILED
}

async function list({ machine, out, err }: CommandContext, args: readonly string[]): Promise<number> {
  const [what, ...rest] = args
  if (what !== 'packages' && what !== 'package') {
    await err(`Error: unknown list type '${what ?? ''}'\n`)
    return FAILED
  }
  const options = new Set<string>()
  const filters: string[] = []
  for (let index = 0; index < rest.length; index += 1) {
    const arg = rest[index] ?? ''
    if (arg === '--user') index += 1
    else if (arg.startsWith('-')) options.add(arg)
    else filters.push(arg)
  }
  const found = machine.parts.packages
    .list()
    .filter(({ name }) => filters.every((filter) => name.includes(filter)))
    .filter(({ system }) => !(options.has('-3') && system) && !(options.has('-s') && !system))
  await out(found.map((installed) => `${describe(installed, options)}\n`).join(''))
  return 0
}

function describe(installed: InstalledPackage, options: ReadonlySet<string>): string {
  const file = options.has('-f') ? `${apkOf(installed)}=` : ''
  const version = options.has('--show-versioncode') ? ` versionCode:${installed.versionCode}` : ''
  return `package:${file}${installed.name}${version}${options.has('-U') ? ` uid:${installed.uid}` : ''}`
}

/** What came with the phone is named after its folder; what was installed is `base.apk`. */
function apkOf({ name, codePath, system }: InstalledPackage): string {
  if (name === 'android') return '/system/framework/framework-res.apk'
  return system ? `${codePath}/${posix.basename(codePath)}.apk` : `${codePath}/base.apk`
}

async function path({ machine, out }: CommandContext, args: readonly string[]): Promise<number> {
  const name = args[0] === '--user' ? args[2] : args[0]
  const installed = machine.parts.packages.get(name ?? '')
  if (installed === null) return 1
  await out(`package:${apkOf(installed)}\n`)
  return 0
}

/** `dumpsys package PKG`. */
export async function dumpPackage({ machine, out }: CommandContext, args: readonly string[]): Promise<number> {
  const installed = machine.parts.packages.get(args[0] ?? '')
  if (installed === null) {
    await out(`Unable to find package: ${args[0] ?? ''}\n`)
    return 0
  }
  const { name, uid, codePath, versionCode, versionName, system } = installed
  const lines = [
    'Packages:',
    `  Package [${name}] (6f2d1c8):`,
    `    userId=${uid}`,
    `    codePath=${codePath}`,
    `    versionCode=${versionCode} minSdk=26 targetSdk=${machine.parts.apiLevel}`,
    `    versionName=${versionName}`,
    `    pkgFlags=[ ${system ? 'SYSTEM ' : ''}HAS_CODE ALLOW_CLEAR_USER_DATA ]`,
    '    User 0: ceDataInode=0 installed=true hidden=false suspended=false stopped=false enabled=0',
  ]
  await out(`${lines.join('\n')}\n`)
  return 0
}

export const PACKAGE_COMMANDS: CommandTable = { pm: (context) => packageShell(context, context.args) }
