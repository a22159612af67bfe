/** Where something lies, as a person names it: what it is called, and what it lies in. */
export const whereabouts = (path: string): string => path.split(/[\\/]/).filter((part) => part !== '').slice(-2).join(' › ')
