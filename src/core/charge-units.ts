/** Full charge of what has a battery and a charge counter: from watches to the largest tablets, µAh. */
export const FULL_UAH = { min: 800_000, max: 15_000_000 } as const

export const UAH_PER_MAH = 1000

/**
 * The units that charge counters are found to be in, as what makes µAh of them, likeliest first: µAh as documented, mAh
 * (Xiaomi HyperOS), tens of µAh (Samsung's Tab S5e).
 */
export const COUNTER_FACTORS = { documented: 1, mah: UAH_PER_MAH, tens: 10 } as const

/** Whether a battery can hold that much. */
export function isPlausibleFull(uah: number): boolean {
  return uah >= FULL_UAH.min && uah <= FULL_UAH.max
}
