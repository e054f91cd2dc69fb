// The layer rules, once: .oxlintrc.json is generated from them (scripts/check.mjs fails when it differs), and
// test/architecture.test.ts walks the imports with them. Imports go downward only.

/** For each room, the rooms of src/ that it may import besides itself. */
export const ROOMS = {
  core: [],
  erlang: ['core'],
  devices: ['core'],
  node: ['core', 'devices', 'erlang'],
  bench: ['core', 'devices', 'erlang', 'node'],
  deploy: ['core', 'devices', 'erlang', 'node'],
  report: ['core', 'bench'],
  ui: ['core', 'bench', 'deploy', 'report', 'devices'],
  commands: ['core', 'bench', 'deploy', 'report', 'ui', 'devices', 'node', 'erlang'],
}

/** Of these rooms only the types may be imported, by the room named first. */
export const TYPES_ONLY = [{ from: 'report', to: 'bench' }]

/** Packages that only one place may import. */
export const PACKAGE_HOMES = {
  execa: ['src/core/exec.ts'],
  ink: ['src/ui/'],
  react: ['src/ui/'],
  '@oclif/core': ['src/commands/', 'src/base-command.ts', 'src/flags.ts', 'src/main.ts', 'src/help.ts'],
}
