import type { Component } from 'svelte'

/** An icon of lucide, imported by its own name. */
export type Shape = Component<{ class?: string; strokeWidth?: number; 'aria-hidden'?: 'true' }>
