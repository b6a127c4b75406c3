/** `7`, `1,580`, and of what is less than ten one decimal: `2.4`. */
export function amount(n: number): string {
  return n.toLocaleString('en-US', { maximumFractionDigits: n < 10 ? 1 : 0 });
}

/** `1 task`, `1,580 tasks`. */
export function counted(n: number, noun: string): string {
  return `${amount(n)} ${noun}${n === 1 ? '' : 's'}`;
}

export function tasksWait(n: number): string {
  return `${counted(n, 'task')} ${n === 1 ? 'waits' : 'wait'}`;
}
