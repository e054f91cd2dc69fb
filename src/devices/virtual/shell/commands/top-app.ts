import type { Machine } from '../../machine.js'

/** Which app's activity is on the screen: none while the launcher's is. */
const onTop = new WeakMap<Machine, string>()

export function topApp(machine: Machine): string | null {
  return onTop.get(machine) ?? null
}

export function setTopApp(machine: Machine, name: string | null): void {
  if (name === null) onTop.delete(machine)
  else onTop.set(machine, name)
}
