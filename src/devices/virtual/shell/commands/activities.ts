import type { InstalledPackage } from '../../packages.js'
import type { CommandContext, CommandTable } from '../command.js'

const FAILED = 255
/** From Android 11 on `am start` returns 1 for an activity that isn't there; before, only its words say so (assumption). */
const EXIT_CODE_API = 30
const MONKEY_ABORTED = 252
/** ActivityManagerShellCommand's words for START_DELIVERED_TO_TOP and START_TASK_TO_FRONT. */
const DELIVERED_TO_TOP = 'intent has been delivered to currently running top-most instance.'
const TASK_TO_FRONT = 'its current task has been brought to the front'

interface Intent {
  action: string | null
  readonly categories: string[]
  flags: string | null
  packageName: string | null
  component: string | null
}

/** `am …` and `cmd activity …`. */
export async function activityShell(context: CommandContext, args: readonly string[]): Promise<number> {
  const [verb = '', ...rest] = args
  if (verb === 'start' || verb === 'start-activity') return start(context, rest)
  if (verb === 'force-stop' || verb === 'kill' || verb === 'crash') return stop(context, rest)
  await context.err(verb === '' ? 'Activity manager (activity) commands:\n' : `Unknown command: ${verb}\n`)
  return verb === '' ? 0 : FAILED
}

async function start(context: CommandContext, args: readonly string[]): Promise<number> {
  const { machine, out, err } = context
  const intent = parseIntent(args)
  await out(`Starting: ${describe(intent)}\n`)
  const failed = machine.parts.apiLevel >= EXIT_CODE_API ? 1 : 0
  const target = resolve(context, intent)
  if (target === null) {
    const why =
      intent.component === null
        ? `Error: Activity not started, unable to resolve ${describe({ ...intent, flags: '0x10000000' })}\n`
        : `Error type 3\nError: Activity class {${longName(intent.component)}} does not exist.\n`
    await err(why)
    return failed
  }
  if (args.includes('-S')) stopPackage(context, target.name)
  const { processes } = machine.parts
  const runs = processes.named(target.name).length > 0
  if (runs) {
    const what = machine.topApp === target.name ? DELIVERED_TO_TOP : TASK_TO_FRONT
    await err(`Warning: Activity not started, ${what}\n`)
  }
  processes.startApp(target.name, target.uid, machine.settle())
  machine.topApp = target.name
  if (args.includes('-W')) {
    const activity = intent.component ?? `${target.name}/${target.launcherActivity ?? ''}`
    await out(`Status: ok\nLaunchState: ${runs ? 'HOT' : 'COLD'}\nActivity: ${activity}\nTotalTime: 312\nComplete\n`)
  }
  return 0
}

/** Single-letter options that take a value and that this phone passes over. */
const OTHER_VALUES = new Set(['-d', '-t', '--user', '--display', '--windowingMode', '-e', '--es', '--ez', '--ei'])

function parseIntent(args: readonly string[]): Intent {
  const intent: Intent = { action: null, categories: [], flags: null, packageName: null, component: null }
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? ''
    const value = args[index + 1] ?? ''
    if (arg === '-n') intent.component = value
    else if (arg === '-a') intent.action = value
    else if (arg === '-c') intent.categories.push(value)
    else if (arg === '-p') intent.packageName = value
    else if (arg === '-f') intent.flags = `0x${Number(value).toString(16)}`
    else if (OTHER_VALUES.has(arg)) index += arg === '-e' || /^--e[szi]$/.test(arg) ? 1 : 0
    else {
      if (!arg.startsWith('-')) bareTarget(intent, arg)
      continue
    }
    index += 1
  }
  return intent
}

/** A word alone is a component, or a package whose launcher activity is meant (Intent.parseCommandArgs). */
function bareTarget(intent: Intent, word: string): void {
  if (word.includes('/')) {
    intent.component = word
    return
  }
  intent.packageName = word
  intent.action ??= 'android.intent.action.MAIN'
  if (intent.categories.length === 0) intent.categories.push('android.intent.category.LAUNCHER')
}

function describe({ action, categories, flags, packageName, component }: Intent): string {
  const fields = [
    action === null ? '' : `act=${action} `,
    categories.length === 0 ? '' : `cat=[${categories.join(',')}] `,
    flags === null ? '' : `flg=${flags} `,
    packageName === null ? '' : `pkg=${packageName} `,
    component === null ? '' : `cmp=${shortName(component)} `,
  ]
  return `Intent { ${fields.join('')}}`
}

/** `pkg/.Class` in full. */
function longName(component: string): string {
  const [name = '', activity = ''] = component.split('/')
  return `${name}/${activity.startsWith('.') ? name : ''}${activity}`
}

function shortName(component: string): string {
  const [name = '', activity = ''] = longName(component).split('/')
  return `${name}/${activity.startsWith(`${name}.`) ? activity.slice(name.length) : activity}`
}

function resolve({ machine }: CommandContext, intent: Intent): InstalledPackage | null {
  const { packages } = machine.parts
  if (intent.component !== null) {
    const [name = '', activity = ''] = longName(intent.component).split('/')
    const installed = packages.get(name)
    return installed?.activities.includes(activity) === true ? installed : null
  }
  const wanted = intent.packageName === null ? null : packages.get(intent.packageName)
  const launches = intent.action === null || intent.action === 'android.intent.action.MAIN'
  return launches && wanted !== null && wanted.launcherActivity !== null ? wanted : null
}

async function stop(context: CommandContext, args: readonly string[]): Promise<number> {
  const name = args[0] === '--user' ? args[2] : args[0]
  if (name === undefined) {
    await context.err('Error: Argument expected after "force-stop"\n')
    return FAILED
  }
  stopPackage(context, name)
  return 0
}

function stopPackage({ machine }: CommandContext, name: string): void {
  const { processes, packages } = machine.parts
  if (packages.get(name) === null) return
  for (const { pid } of processes.named(name)) processes.end(pid)
  if (machine.topApp === name) machine.topApp = null
}

async function monkey({ machine, args, out, err }: CommandContext): Promise<number> {
  const at = args.indexOf('-p')
  const installed = machine.parts.packages.get(at < 0 ? '' : (args[at + 1] ?? ''))
  await out(args.map((arg) => `  bash arg: ${arg}\n`).join(''))
  if (installed === null || installed.launcherActivity === null) {
    await err('** No activities found to run, monkey aborted.\n')
    return MONKEY_ABORTED
  }
  machine.parts.processes.startApp(installed.name, installed.uid, machine.settle())
  machine.topApp = installed.name
  await out('Events injected: 1\n## Network stats: elapsed time=21ms (0ms mobile, 0ms wifi, 21ms not connected)\n')
  return 0
}

export const ACTIVITY_COMMANDS: CommandTable = { am: (context) => activityShell(context, context.args), monkey }
