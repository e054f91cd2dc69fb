import { DalaError } from '../../core/errors.js'
import type { ShellResult } from '../types.js'
import { clipWords } from './adb-failure.js'

/**
 * Two or more parts of letters, digits and underscores that each begin with a letter (AOSP
 * FrameworkParsingPackageUtils.validateName). Nothing in it means anything to a shell, so a valid name needs no quotes.
 */
const PACKAGE_NAME = /^[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)+$/
/** Parsing packages fails above (PackageManager's MAX_PACKAGE_NAME length is a file name's 255, less its suffixes). */
const MAX_PACKAGE_NAME = 223

/** @throws DalaError DALA_USAGE unless `name` is the name of an Android app; only then may it reach the phone's shell */
export function assertPackageName(name: string): void {
  if (name.length <= MAX_PACKAGE_NAME && PACKAGE_NAME.test(name)) return
  throw new DalaError('DALA_USAGE', `Cannot use “${clipWords(name)}” as it is not the name of an Android app`, {
    fix: ['Give the app’s package name, such as com.example.app; list them with: adb shell pm list packages'],
  })
}

/** The installed app's path, one line for each of its APKs; nothing when it isn't installed. */
export function installedCommand(app: string): string {
  return `pm path ${app}`
}

/** Reads the answer to `installedCommand`; null when the phone could not tell. */
export function parseInstalled({ stdout, stderr, exitCode }: ShellResult): boolean | null {
  if (/^package:\S/m.test(stdout)) return true
  // Installed or not, pm then prints nothing else; its exit code is 1 only since Android 7.
  const silent = stdout.trim() === '' && stderr.trim() === ''
  return silent && (exitCode === null || exitCode <= 1) ? false : null
}

/** Of several versions (an update of a system app) the installed one comes first. */
export function versionCommand(app: string): string {
  return `dumpsys package ${app} | grep versionName=`
}

/** Reads the answer to `versionCommand`; null when the phone did not say. */
export function parseVersion({ stdout }: ShellResult): string | null {
  return /versionName=(\S+)/.exec(stdout)?.[1] ?? null
}

const LAUNCHER = '-a android.intent.action.MAIN -c android.intent.category.LAUNCHER'

/** What a launcher sends, limited to the app. */
export function startCommand(app: string): string {
  return `am start ${LAUNCHER} -p ${app}`
}

/**
 * The component behind the app's icon, on the last line. Needed where the intent above finds nothing: it only matches
 * activities of the category DEFAULT (MATCH_DEFAULT_ONLY in ActivityTaskSupervisor.resolveIntent).
 */
export function launcherCommand(app: string): string {
  return `cmd package resolve-activity --brief ${LAUNCHER} ${app}`
}

/** `com.example.app/.Main`; null when the phone named none of this app. */
export function parseLauncher(app: string, { stdout }: ShellResult): string | null {
  const line = stdout.trimEnd().split('\n').at(-1)?.trim() ?? ''
  return line.startsWith(`${app}/`) && /^[\w.]+\/[\w.$]+$/.test(line) ? line : null
}

export function startComponentCommand(component: string): string {
  return `am start -n '${component}'`
}

/** Why `am start` did not start the app, in its words; null when it did. Old versions exit with 0 either way. */
export function startFailure({ stdout, stderr, exitCode }: ShellResult): string | null {
  const output = `${stdout}\n${stderr}`
  const words =
    /^\s*(?:Error\b|Exception\b|Security exception\b|java\.|android\.\w+\.\w*Exception|Bad component|usage:)/im.exec(
      output,
    )
  if (words !== null) return clipWords(output.slice(words.index))
  return exitCode === null || exitCode === 0 ? null : clipWords(output) || `exit code ${exitCode}`
}
