/** Counts what the page's policy refused, where a test can see it: there must be none. */
export function watchPolicy(): void {
  const root = document.documentElement
  root.dataset.violations = '0'
  document.addEventListener('securitypolicyviolation', (event) => {
    root.dataset.violations = String(Number(root.dataset.violations) + 1)
    root.dataset.violated = `${event.effectiveDirective} ${event.blockedURI}`
  })
}
