import type { Theme } from '../core/host'
import { home } from '../core/house.svelte'
import { direction, isLanguage, locale, speak } from '../text/index.svelte'

const named: Record<Exclude<Theme, 'system'>, string> = {
  light: 'light',
  dark: 'dark',
  contrastLight: 'hc-light',
  contrastDark: 'hc-dark',
}

/** Dresses the page as the member chose, and follows the system where they did not. */
export function wear(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const contrast = matchMedia('(prefers-contrast: more)')
  let system = $state({ dark: dark.matches, contrast: contrast.matches })
  const follow = (): void => {
    system = { dark: dark.matches, contrast: contrast.matches }
  }

  $effect(() => {
    dark.addEventListener('change', follow)
    contrast.addEventListener('change', follow)
    return () => {
      dark.removeEventListener('change', follow)
      contrast.removeEventListener('change', follow)
    }
  })

  $effect(() => {
    const { theme, size, language } = home().look
    if (isLanguage(language)) speak(language)
    const root = document.documentElement
    const worn = theme === 'system' ? `${system.contrast ? 'hc-' : ''}${system.dark ? 'dark' : 'light'}` : named[theme]
    root.dataset.theme = worn
    root.dataset.size = String(size)
    root.dir = direction()
    root.lang = locale()
  })
}
