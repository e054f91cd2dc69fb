// The layer rules, once. The linter's part of them is written into .oxlintrc.json by `node scripts/layers.mjs`;
// test/architecture.test.ts walks the imports with the same rules and fails when the written part is stale.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** For each room of src/, the rooms that it may import besides itself. Files of src/ itself are the room `app`. */
export const ROOMS = {
  core: [],
  erlang: ['core'],
  devices: ['core'],
  node: ['core', 'devices', 'erlang'],
  bench: ['core', 'devices', 'erlang', 'node'],
  deploy: ['core', 'devices', 'erlang', 'node'],
  report: ['core', 'bench'],
  ui: ['core', 'devices', 'bench', 'deploy', 'report'],
  app: ['core', 'devices', 'erlang', 'node', 'bench', 'deploy', 'report', 'ui'],
  commands: ['app', 'core', 'devices', 'erlang', 'node', 'bench', 'deploy', 'report', 'ui'],
}

/** Rooms of which another may import types only. */
export const TYPES_ONLY = { report: ['bench'] }

/** Packages that only these places may import. */
export const PACKAGE_HOMES = {
  '@oclif/core': ['src/commands/', 'src/base-command.ts', 'src/flags.ts', 'src/main.ts'],
  execa: ['src/core/exec.ts'],
  ink: ['src/ui/'],
  react: ['src/ui/'],
}

/** The files of a room, as a glob. */
const glob = (room) => (room === 'app' ? 'src/*.ts' : `src/${room}/**`)

/** The room of a path below the repository's root; null for what lies outside src/. */
export function roomOf(path) {
  const [top, room, ...rest] = path.split('/')
  if (top !== 'src' || room === undefined) return null
  return rest.length === 0 ? 'app' : room
}

/** One linter override a room: what it may not import, with the rule's name in the message. */
function oxlintOverrides() {
  return Object.entries(ROOMS).map(([room, allowed]) => {
    const banned = Object.keys(ROOMS).filter((other) => other !== room && other !== 'app' && !allowed.includes(other))
    const layers = banned.map((other) => ({
      regex: `^(\\.\\./)+${other}/`,
      message: `layers: ${room} may import only ${allowed.join(', ') || 'itself'} (scripts/layers.mjs)`,
    }))
    const types = (TYPES_ONLY[room] ?? []).map((other) => ({
      regex: `^(\\.\\./)+${other}/`,
      allowTypeImports: true,
      message: `layers: ${room} may import only the types of ${other} (scripts/layers.mjs)`,
    }))
    const packages = Object.entries(PACKAGE_HOMES)
      .filter(
        ([, homes]) =>
          !homes.some((home) => home.startsWith(`src/${room}/`) || (room === 'app' && !home.endsWith('/'))),
      )
      .map(([name, homes]) => ({ group: [name], message: `packages: only ${homes.join(', ')} may import ${name}` }))
    const rule = ['error', { patterns: [...layers, ...types, ...packages] }]
    const files = [glob(room)]
    return { files, rules: { 'typescript/no-restricted-imports': rule } }
  })
}

/** .oxlintrc.json's text with the overrides of this file put in behind its own. */
export function withLayerOverrides(text) {
  const config = JSON.parse(text)
  const own = config.overrides.filter(({ rules }) => rules['typescript/no-restricted-imports'] === undefined)
  return `${JSON.stringify({ ...config, overrides: [...own, ...oxlintOverrides()] }, null, 2)}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = join(fileURLToPath(new URL('..', import.meta.url)), '.oxlintrc.json')
  writeFileSync(path, withLayerOverrides(readFileSync(path, 'utf8')))
}
