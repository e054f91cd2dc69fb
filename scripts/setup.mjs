// Set-up without dependencies, safe to run again: npm packages from the lockfile, and what the tests need from the
// system. `--tools-only` leaves the npm packages as they are.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Programs the tests drive, and the package that brings each. */
const TOOLS = [
  { program: 'adb', apt: 'adb', brew: 'android-platform-tools', winget: 'Google.PlatformTools' },
  { program: 'chromium', apt: 'chromium', brew: 'chromium', winget: 'Hibbiki.Chromium' },
  { program: 'chromedriver', apt: 'chromium-driver', brew: 'chromedriver', winget: 'Chromium.ChromeDriver' },
]

/** Where `program` is in PATH; null when it is not. */
export function findProgram(program) {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : ['']
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const ending of endings) {
      const path = join(folder, program + ending)
      if (folder !== '' && existsSync(path)) return path
    }
  }
  return null
}

/** Runs a program with its output on ours; throws when it fails. */
export function runOrThrow(command, args, options = {}) {
  const shell = process.platform === 'win32' && command === 'npm'
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', shell, ...options })
  if (error) throw error
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with exit code ${status}`)
}

/** Installs the npm packages of the lockfile unless exactly these are there already. */
export function installPackages() {
  const lock = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex')
  const stamp = join(ROOT, 'node_modules', '.dala-lock')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  runOrThrow('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { stdio: ['ignore', 'ignore', 'inherit'] })
  writeFileSync(stamp, lock)
}

function installTools() {
  const missing = TOOLS.filter(({ program }) => findProgram(program) === null)
  if (missing.length === 0) return
  if (process.platform === 'linux' && findProgram('apt-get') !== null) {
    const packages = missing.map(({ apt }) => apt)
    const prefix = aptPrefix()
    if (prefix !== null && aptInstall(prefix, packages)) return
    return tell(`sudo apt-get install -y ${packages.join(' ')}`, missing)
  }
  if (process.platform === 'darwin') return tell(`brew install ${missing.map(({ brew }) => brew).join(' ')}`, missing)
  if (process.platform === 'win32')
    return tell(`winget install ${missing.map(({ winget }) => winget).join(' ')}`, missing)
  return tell(`your package manager, for: ${missing.map(({ program }) => program).join(' ')}`, missing)
}

/** How apt can be run without asking anybody; null when it can't. */
function aptPrefix() {
  if (process.getuid?.() === 0) return []
  if (findProgram('sudo') === null) return null
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : null
}

/** False when apt could not (offline, another apt at work): no reason not to run the tests that need nothing of it. */
function aptInstall(prefix, packages) {
  const apt = (...args) => {
    const [command, ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', ...args]
    runOrThrow(command, rest, { stdio: ['ignore', 'ignore', 'inherit'] })
  }
  console.error(`Installing ${packages.join(', ')} …`)
  try {
    apt('update')
    apt('install', '-y', '--no-install-recommends', ...packages)
    return true
  } catch (error) {
    console.error(`Could not install them: ${error.message}`)
    return false
  }
}

function tell(command, missing) {
  console.error(`Tests that need ${missing.map(({ program }) => program).join(', ')} will be skipped. To run them too:`)
  console.error(`  ${command}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    if (!process.argv.includes('--tools-only')) installPackages()
    installTools()
  } catch (error) {
    console.error(`Set-up failed: ${error.message}`)
    process.exitCode = 1
  }
}
