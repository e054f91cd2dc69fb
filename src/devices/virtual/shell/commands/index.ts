import type { CommandTable } from '../command.js'
import { ACTIVITY_COMMANDS } from './activities.js'
import { BUILTIN_COMMANDS } from './builtins.js'
import { CHANGE_COMMANDS } from './change-files.js'
import { CHECKSUM_COMMANDS } from './checksums.js'
import { CMD_COMMANDS } from './cmd.js'
import { DATE_COMMANDS } from './date.js'
import { DUMPSYS_COMMANDS } from './dumpsys.js'
import { ECHO_COMMANDS } from './echo.js'
import { GREP_COMMANDS } from './grep.js'
import { INPUT_COMMANDS } from './input.js'
import { LIST_COMMANDS } from './list-files.js'
import { LOG_COMMANDS } from './logcat.js'
import { PACKAGE_COMMANDS } from './packages.js'
import { PROCESS_COMMANDS } from './processes.js'
import { PROPERTY_COMMANDS } from './properties.js'
import { SETTINGS_COMMANDS } from './settings.js'
import { SYSTEM_COMMANDS } from './system.js'
import { TEST_COMMANDS } from './test-command.js'
import { TEXT_COMMANDS } from './text.js'

/** Every command that the phone's shell knows. */
export const COMMANDS: CommandTable = {
  ...ACTIVITY_COMMANDS,
  ...BUILTIN_COMMANDS,
  ...CHANGE_COMMANDS,
  ...CHECKSUM_COMMANDS,
  ...CMD_COMMANDS,
  ...DATE_COMMANDS,
  ...DUMPSYS_COMMANDS,
  ...ECHO_COMMANDS,
  ...GREP_COMMANDS,
  ...INPUT_COMMANDS,
  ...LIST_COMMANDS,
  ...LOG_COMMANDS,
  ...PACKAGE_COMMANDS,
  ...PROCESS_COMMANDS,
  ...PROPERTY_COMMANDS,
  ...SETTINGS_COMMANDS,
  ...SYSTEM_COMMANDS,
  ...TEST_COMMANDS,
  ...TEXT_COMMANDS,
}
