import { SETTINGS_NAMESPACES, type SettingsNamespace } from '../../settings.js'
import type { CommandContext, CommandTable } from '../command.js'

const FAILED = 255

/** `settings …` and `cmd settings …`. */
export async function settingsShell(context: CommandContext, args: readonly string[]): Promise<number> {
  const { machine, out, err } = context
  const [verb = '', ...rest] = args[0] === '--user' ? args.slice(2) : args
  const [namespace, key, value] = rest[0] === '--user' ? rest.slice(2) : rest
  if (!['get', 'put', 'delete', 'list'].includes(verb)) {
    await err(`Invalid command: ${verb}\n`)
    return FAILED
  }
  if (!isNamespace(namespace)) {
    await err(`Invalid namespace '${namespace ?? ''}'\n`)
    return FAILED
  }
  const { settings } = machine.parts
  if (verb === 'list') {
    await out(
      settings
        .entries(namespace)
        .map(([name, text]) => `${name}=${text}\n`)
        .join(''),
    )
    return 0
  }
  if (key === undefined || (verb === 'put' && value === undefined)) {
    await err('Bad arguments\n')
    return FAILED
  }
  // What happened so far happened under the old setting.
  machine.settle()
  if (verb === 'get') await out(`${settings.get(namespace, key) ?? 'null'}\n`)
  else if (verb === 'delete') await out(`Deleted ${Number(settings.delete(namespace, key))} rows\n`)
  else settings.put(namespace, key, value ?? '')
  return 0
}

function isNamespace(word: string | undefined): word is SettingsNamespace {
  return SETTINGS_NAMESPACES.some((name) => name === word)
}

export const SETTINGS_COMMANDS: CommandTable = { settings: (context) => settingsShell(context, context.args) }
